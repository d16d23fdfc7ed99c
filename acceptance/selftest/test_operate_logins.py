"""The overlays for logins are refused with settings that cannot work, or that would let in whom nobody meant."""

import pytest

from stack.operate import logins, stack_files
from stack.operate import settings as operate

LDAP = {"OVERLAYS": "stack/ldap.yml", "LDAP_SERVER": "ldap.example.org", "ALLOW_ALL": "yes",
        "LDAP_BIND_DN_TEMPLATE": "uid={username},dc=example,dc=org"}
HEADER = {"OVERLAYS": "stack/header.yml", "TRUSTED_PROXY": "192.0.2.7", "ALLOWED_USERS": "alice"}


@pytest.fixture
def complaints(monkeypatch):
    """complaints(NAME=value, …): what is said of these settings beside the defaults."""
    values = operate.read(operate.STACK_FILE.with_name("stack.env"))

    def said(**changes):
        given = operate.Settings({**values, **changes})
        return [*stack_files.complaints(given), *logins.complaints(given)]

    return said


@pytest.mark.parametrize("given", [{}, LDAP, HEADER, {**LDAP, "LDAP_BIND_DN_TEMPLATE": "", "LDAP_SEARCH_BASE": "dc=example"},
                                   {**LDAP, "LDAP_TLS": "passwords-in-clear-text"}, {**HEADER, "TRUSTED_PROXY": "192.0.2.0/28"}])
def test_what_can_work_is_taken(complaints, given):
    assert complaints(**given) == []


@pytest.mark.parametrize(("given", "words"), [
    ({"OVERLAYS": "stack/ldap.yml stack/header.yml"}, "the hub has one way to log in"),
    ({**LDAP, "LDAP_SERVER": ""}, "ldap.yml needs LDAP_SERVER, the name of the directory"),
    ({**LDAP, "OVERLAYS": "stack/ldap.yml stack/ldap-search.yml"}, "ldap-search.yml needs LDAP_SEARCH_USER"),
    ({**LDAP, "ALLOW_ALL": "no"}, "Nobody could log in"),
    ({**LDAP, "ALLOW_ALL": "true"}, "ALLOW_ALL=true is neither yes nor no"),
    ({**LDAP, "LDAP_TLS": "none"}, "LDAP_TLS=none is no way"),
    ({**LDAP, "LDAP_CA": "/no/ca.pem"}, "The config ldap_ca is to be /no/ca.pem, which does not exist"),
    ({**LDAP, "LDAP_BIND_DN_TEMPLATE": ""}, "Nothing tells the entry of a user"),
    ({**LDAP, "LDAP_BIND_DN_TEMPLATE": "cn=admin,dc=example"}, "everybody would be that one entry"),
    ({"OVERLAYS": "stack/oauth.yml", "ALLOW_ALL": "yes"}, "oauth.yml needs OAUTH_CLIENT_ID"),
    ({**HEADER, "TRUSTED_PROXY": ""}, "header.yml needs TRUSTED_PROXY"),
    ({**HEADER, "TRUSTED_PROXY": "proxy"}, "TRUSTED_PROXY=proxy is no address or network"),
    ({**HEADER, "TRUSTED_PROXY": "0.0.0.0/0"}, "every user could be anybody"),
    ({**HEADER, "TRUSTED_HEADER": "X-User; proxy_pass"}, "is no name of a header"),
    ({**HEADER, "ALLOWED_GROUPS": "course"}, "ALLOWED_GROUPS has no effect with stack/header.yml"),
])
def test_what_cannot_work_is_said(complaints, given, words):
    assert words in " ".join(complaints(**given))


def test_what_is_demanded_is_asked_for_all_at_once(complaints):
    said = complaints(OVERLAYS="stack/oauth.yml", ALLOW_ALL="yes")
    assert len(said) == 4
