"""The overlays for logins: what is wrong with their settings, told before a deploy."""

import ipaddress
import re

from stack.operate.settings import Settings

WAYS = ("ldap.yml", "oauth.yml", "header.yml")
LDAP_TLS = ("starttls", "ldaps", "passwords-in-clear-text")


def complaints(settings: Settings) -> list[str]:
    """Whole sentences; empty where none of these overlays is named, or its settings can work."""
    ways = [path.name for path in settings.stack_files if path.name in WAYS]
    if len(ways) > 1:
        return [f"OVERLAYS names {' and '.join(ways)}, and the hub has one way to log in: choose one of them."]
    own = {"ldap.yml": ldap, "header.yml": header}
    return [*nobody(settings), *(own[ways[0]](settings) if ways[0] in own else [])] if ways else []


def nobody(settings: Settings) -> list[str]:
    """Who is known elsewhere is not thereby let in here: that has to be said."""
    if settings["ALLOW_ALL"] not in ("yes", "no"):
        return [f"ALLOW_ALL={settings['ALLOW_ALL']} is neither yes nor no: write one of them."]
    named = [settings[name] for name in ("ALLOWED_USERS", "ALLOWED_GROUPS", "ADMIN_USERS")]
    return [] if settings["ALLOW_ALL"] == "yes" or any(named) else [
        "Nobody could log in: name some in ALLOWED_USERS or ALLOWED_GROUPS, or let in everybody with ALLOW_ALL=yes."]


def ldap(settings: Settings) -> list[str]:
    """How the directory is spoken to, and how a name becomes an entry of it."""
    template = settings["LDAP_BIND_DN_TEMPLATE"]
    found = [] if settings["LDAP_TLS"] in LDAP_TLS else [
        f"LDAP_TLS={settings['LDAP_TLS']} is no way to speak to a directory: write {', '.join(LDAP_TLS[:-1])} or {LDAP_TLS[-1]}."]
    if not template and not settings["LDAP_SEARCH_BASE"]:
        found.append("Nothing tells the entry of a user: set LDAP_BIND_DN_TEMPLATE, or LDAP_SEARCH_BASE to have it looked up.")
    return found + [f"LDAP_BIND_DN_TEMPLATE={dn} has no {{username}} in it, so everybody would be that one entry: put it in."
                    for dn in template.split(";") if template and "{username}" not in dn]


def header(settings: Settings) -> list[str]:
    """Whose header is believed: one proxy's, never everybody's and never a notebook's."""
    given = settings["TRUSTED_PROXY"]
    found = [] if not settings["ALLOWED_GROUPS"] else [
        "ALLOWED_GROUPS has no effect with stack/header.yml, which is told no groups: let the proxy in front see to them."]
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", settings["TRUSTED_HEADER"]):
        found.append(f"TRUSTED_HEADER={settings['TRUSTED_HEADER']} is no name of a header: letters, digits and - only.")
    try:
        trusted = ipaddress.ip_network(given) if given else None
        notebooks = ipaddress.ip_network(settings["NOTEBOOK_SUBNET"])
    except ValueError as error:
        return [*found, f"TRUSTED_PROXY={given} is no address or network ({error}): write 192.0.2.7 or 192.0.2.0/28."]
    if trusted and trusted.version == notebooks.version and trusted.overlaps(notebooks):
        found.append(f"TRUSTED_PROXY={given} overlaps with NOTEBOOK_SUBNET={notebooks}: every user could be anybody. Name the"
                     " proxy's own address.")
    return found
