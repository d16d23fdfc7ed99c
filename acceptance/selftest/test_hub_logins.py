"""Logins by header and by directory: who is believed, and what the overlays' own settings make of the environment."""

import asyncio
import re
import ssl
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from directory_authenticator import DirectoryAuthenticator
from header_authenticator import HeaderAuthenticator
from ldap3.core.exceptions import LDAPSocketOpenError
from ldapauthenticator import LDAPAuthenticator
from tornado import web
from tornado.httputil import HTTPHeaders
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).parents[2]
SECRET = "5ec" * 20
ALLOWED = {"ALLOW_ALL": "no", "ALLOWED_USERS": "", "ALLOWED_GROUPS": ""}
LDAP = {**ALLOWED, "LDAP_SERVER": "ldap.example.org", "LDAP_TLS": "starttls", "LDAP_BIND_DN_TEMPLATE": "uid={username},dc=x",
        "LDAP_SEARCH_BASE": "", "LDAP_SEARCH_ATTRIBUTE": "uid", "LDAP_GROUP_ATTRIBUTE": "member"}
OAUTH = {**ALLOWED, "SERVER_NAMES": "", "HTTPS_PORT": "443", "OAUTH_NAME": "x", "OAUTH_AUTHORIZE_URL": "https://id.example/a",
         "OAUTH_TOKEN_URL": "https://id.example/t", "OAUTH_USERDATA_URL": "https://id.example/u", "OAUTH_CLIENT_ID": "hub",
         "OAUTH_SCOPE": "openid profile", "OAUTH_USERNAME_CLAIM": "sub", "OAUTH_GROUPS_CLAIM": "groups"}


@pytest.fixture
def load(monkeypatch):
    """load("ldap", **environment): the settings of one file of conf.d; the secrets are stand-ins."""
    monkeypatch.setattr(Path, "read_text", lambda path: f"secret of {path.name}\n")

    def loaded(name, **environment):
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        return PyFileConfigLoader(f"{name}.py", path=str(ROOT / "hub" / "conf.d")).load_config()

    return loaded


def named(**headers):
    """Whom HeaderAuthenticator takes a request with these headers for."""
    sent = HTTPHeaders({name.replace("_", "-"): text for name, text in headers.items()})
    request = SimpleNamespace(headers=sent, remote_ip="::1")
    return asyncio.run(HeaderAuthenticator(secret=SECRET).authenticate(SimpleNamespace(request=request)))


def test_nginx_s_word_is_believed():
    assert named(X_Edge_User="alice", Authorization=f"Edge {SECRET}") == "alice"
    assert named(X_Edge_User="Jürgen".encode().decode("latin-1"), Authorization=f"Edge {SECRET}") == "Jürgen"


@pytest.mark.parametrize("proof", ["", "Edge ", f"Edge {SECRET[:-1]}", f"Edge {SECRET}x", SECRET, f"edge {SECRET}", "Edge ø"])
def test_nobody_else_s_word_is(proof):
    assert named(X_Edge_User="alice", Authorization=proof) is None


def test_a_request_without_a_name_is_nobody():
    assert named(Authorization=f"Edge {SECRET}") is None


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_hub_without_a_secret_does_not_start(secret):
    with pytest.raises(ValueError, match="make secrets"):
        HeaderAuthenticator(secret=secret)


def test_name_and_secret_go_to_one_page_and_not_to_what_nginx_would_take_for_it():
    text = (ROOT / "nginx" / "parts" / "http-header.conf").read_text()
    (pattern,) = set(re.findall(r'"~(\^1 .+?)"  ', text))
    assert [path for path in ("/hub/header_login", "/hub/header_login?next=%2F", "/hub/header_loginx", "/hub/header_login/..",
                              "/user/eve/..%2f..%2fhub/header_login", "/user/eve/")
            if re.search(pattern, f"1 {path}")] == ["/hub/header_login", "/hub/header_login?next=%2F"]
    assert not re.search(pattern, "0 /hub/header_login")
    assert text.count("EDGE_SECRET") == 1 and "$uri $" not in text


def directory(monkeypatch, answer, **settings):
    """What DirectoryAuthenticator gives back where upstream does this."""
    monkeypatch.setattr(LDAPAuthenticator, "authenticate", answer)
    asked = DirectoryAuthenticator(bind_dn_template="uid={username}", **settings).authenticate(None, {"username": "a"})
    return asyncio.run(asked)


def test_the_directory_is_asked_outside_the_hub_s_own_thread(monkeypatch):
    async def answer(self, handler, data):
        return threading.current_thread().name

    assert directory(monkeypatch, answer).startswith("directory")


def test_a_directory_that_cannot_be_asked_is_told_in_words(monkeypatch):
    async def answer(self, handler, data):
        raise LDAPSocketOpenError("certificate verify failed")

    with pytest.raises(web.HTTPError, match="cannot be asked just now"):
        directory(monkeypatch, answer)


def test_a_silent_directory_is_waited_for_no_longer_than_a_person_waits(monkeypatch):
    done = threading.Event()

    async def answer(self, handler, data):
        done.wait(10)

    async def ask():
        return await DirectoryAuthenticator(bind_dn_template="x", patience=0.1).authenticate(None, {})

    monkeypatch.setattr(LDAPAuthenticator, "authenticate", answer)
    with asyncio.Runner() as runner:
        with pytest.raises(web.HTTPError, match="503"):
            runner.run(ask())
        done.set()


def test_known_elsewhere_is_not_allowed_here(load):
    c = load("allowed", **ALLOWED).Authenticator
    assert (c.allow_all, c.allowed_users, c.allow_existing_users) == (False, set(), False)
    assert load("allowed", **{**ALLOWED, "ALLOW_ALL": "yes"}).Authenticator.allow_all is True


@pytest.mark.parametrize(("said", "strategy"), [
    ("starttls", "before_bind"), ("ldaps", "on_connect"), ("passwords-in-clear-text", "insecure")])
def test_a_directory_is_verified_unless_said_otherwise_in_words(load, said, strategy):
    c = load("ldap", **{**LDAP, "LDAP_TLS": said})
    assert c.LDAPAuthenticator.tls_strategy.name == strategy
    assert c.LDAPAuthenticator.tls_kwargs["validate"] == ssl.CERT_REQUIRED


def test_groups_and_templates_of_a_directory_are_separated_by_semicolons(load):
    templates = "uid={username},dc=x; cn={username}"
    c = load("ldap", **{**LDAP, "ALLOWED_GROUPS": "cn=a,dc=x; cn=b,dc=x", "LDAP_BIND_DN_TEMPLATE": templates})
    assert c.LDAPAuthenticator.allowed_groups == ["cn=a,dc=x", "cn=b,dc=x"]
    assert c.LDAPAuthenticator.bind_dn_template == ["uid={username},dc=x", "cn={username}"]
    assert c.LDAPAuthenticator.group_search_filter == "(member={userdn})"


@pytest.mark.parametrize(("names", "port", "callback"), [
    ("hub.example, other", "443", "https://hub.example/hub/oauth_callback"),
    ("hub.example", "8443", "https://hub.example:8443/hub/oauth_callback")])
def test_the_provider_sends_people_back_to_the_server_s_name(load, names, port, callback):
    c = load("oauth", **{**OAUTH, "SERVER_NAMES": names, "HTTPS_PORT": port})
    assert c.GenericOAuthenticator.oauth_callback_url == callback


def test_without_groups_the_provider_s_groups_are_not_asked_for(load):
    assert "manage_groups" not in load("oauth", **OAUTH).Authenticator
    assert load("oauth", **{**OAUTH, "ALLOWED_GROUPS": "a;b"}).GenericOAuthenticator.allowed_groups == {"a", "b"}
