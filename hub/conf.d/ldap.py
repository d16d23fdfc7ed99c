"""Logins against a directory (stack/ldap.yml). What each setting means stands in stack/stack.env."""

import os
import ssl
from pathlib import Path

from ldapauthenticator.ldapauthenticator import TlsStrategy

c = get_config()
env = os.environ

c.JupyterHub.authenticator_class = "directory_authenticator.DirectoryAuthenticator"
host, _, port = env["LDAP_SERVER"].partition(":")
c.LDAPAuthenticator.server_address = host
if port:
    c.LDAPAuthenticator.server_port = int(port)

# -- Passwords travel encrypted, and to the right directory --------------------------------------------------
c.LDAPAuthenticator.tls_strategy = {
    "starttls": TlsStrategy.before_bind,
    "ldaps": TlsStrategy.on_connect,
    "passwords-in-clear-text": TlsStrategy.insecure,
}[env["LDAP_TLS"]]
# By default ldap3 takes any certificate (cannatag/ldap3#481): whoever answers in the directory's place gets the
# passwords. The CAs that count are those of the config `ldap_ca`.
c.LDAPAuthenticator.tls_kwargs = {
    "validate": ssl.CERT_REQUIRED,
    "ca_certs_file": "/srv/jupyterhub/ldap_ca.pem",
    "sni": host,
}

# -- How a name becomes an entry of the directory ------------------------------------------------------------
if env["LDAP_BIND_DN_TEMPLATE"]:
    c.LDAPAuthenticator.bind_dn_template = [dn.strip() for dn in env["LDAP_BIND_DN_TEMPLATE"].split(";")]
if env["LDAP_SEARCH_BASE"]:
    c.LDAPAuthenticator.lookup_dn = True
    c.LDAPAuthenticator.user_search_base = env["LDAP_SEARCH_BASE"]
    c.LDAPAuthenticator.user_attribute = env["LDAP_SEARCH_ATTRIBUTE"]
    c.LDAPAuthenticator.lookup_dn_user_dn_attribute = env["LDAP_SEARCH_ATTRIBUTE"]
# Given by stack/ldap-search.yml; without it the directory is asked anonymously.
if env.get("LDAP_SEARCH_USER"):
    c.LDAPAuthenticator.lookup_dn_search_user = env["LDAP_SEARCH_USER"]
    password = Path("/run/secrets/ldap_search_password").read_text().strip()
    c.LDAPAuthenticator.lookup_dn_search_password = password
# A phone begins names with a capital; the hub lower-cases them. Numbers and mail addresses are names, too.
c.LDAPAuthenticator.valid_username_regex = r"(?i)[a-z0-9][a-z0-9._@-]*\Z"

# -- Who may come in, beside conf.d/allowed.py ---------------------------------------------------------------
c.LDAPAuthenticator.allowed_groups = [dn.strip() for dn in env["ALLOWED_GROUPS"].split(";") if dn.strip()]
# The one attribute by which groups list their members here. (By default three are asked for, and a directory whose
# schema lacks one of them answers nothing.)
attribute = env["LDAP_GROUP_ATTRIBUTE"]
member = "{uid}" if attribute.lower() == "memberuid" else "{userdn}"
c.LDAPAuthenticator.group_search_filter = f"({attribute}={member})"
c.LDAPAuthenticator.group_attributes = [attribute]
