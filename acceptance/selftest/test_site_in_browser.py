"""How people sign in at a provider: a real browser between two edges of paper, the hub's and the provider's."""

import pytest

from acceptance.harness.errors import StackError
from acceptance.harness.site import in_browser
from acceptance.harness.site.in_browser import InBrowser
from acceptance.selftest.loopback import Edge

BUTTON = "<div class='service-login'><a href='/hub/oauth_login'>Sign in with Keys</a></div>"
NAME, WORD = "<input name=name>", "<input name=word type=password>"
HUB = "GET /hub/login?next=%2Fhub%2Fhome"


def form(action, *fields, words=""):
    """A page with one form."""
    inside = "".join([*fields, "<input type=hidden name=x><button>Go on</button>"])
    return f"<p>{words}</p><form method=post action='{action}'>{inside}</form>"


@pytest.fixture
def hub():
    with Edge() as edge:
        edge.say(HUB, 200, BUTTON)
        edge.say("GET /hub/oauth_callback?code=7", 302, Location="/hub/home", Set_Cookie="hub-login=of-ann; Path=/hub/; HttpOnly")
        edge.say("GET /hub/home", 200, "home")
        edge.say("GET /hub/api/user", 200, '{"name": "ann"}', "application/json")
        yield edge


@pytest.fixture
def provider(hub):
    with Edge() as edge:
        hub.say("GET /hub/oauth_login", 302, Location=f"{edge.url}/who")
        edge.say("POST /back", 302, Location=f"{hub.url}/hub/oauth_callback?code=7")
        yield edge


@pytest.fixture
def ann(hub, monkeypatch):
    """Ann, who comes in by a browser. There is no TLS here, so there is no key either."""
    monkeypatch.setattr(in_browser, "key_of", lambda url, ca: "")
    monkeypatch.setattr(in_browser, "WITHIN", 5)
    site = hub.site()
    site.way_in = InBrowser()
    return site.user("Ann", "ann's word")


def sent(provider):
    """What the provider was sent."""
    return [(heard.line, heard.body) for heard in provider.heard if heard.line.startswith("POST")]


def test_name_and_password_on_one_page(hub, provider, ann):
    provider.say("GET /who", 200, form("/back", NAME, WORD))
    hub.script[HUB] = hub.script["GET /hub/oauth_login"]  # it sends everybody on at once
    with pytest.raises(StackError, match="404"):  # the paper hub knows no other page; who comes back is signed in
        ann.sign_in("/hub/token")
    assert sent(provider) == [("POST /back", "name=Ann&word=ann%27s+word&x=")]
    assert hub.heard[-1].headers["Cookie"] == "hub-login=of-ann"
    assert hub.heard[-1].headers["User-Agent"] == next(h for h in hub.heard if h.line == HUB).headers["User-Agent"]
    assert "of-ann" not in ann.wire.transcript.text()


def test_name_and_password_on_two_pages_behind_the_hub_s_button(hub, provider, ann):
    provider.say("GET /who", 200, form("/name", NAME))
    provider.say("POST /name", 200, form("/back", WORD))
    with pytest.raises(StackError, match="302 was due"):
        ann.sign_in()  # the paper hub has one answer for its login page, and that is the button
    assert sent(provider) == [("POST /name", "name=Ann&x="), ("POST /back", "word=ann%27s+word&x=")]
    assert [(c.name, c.path, c.http_only) for c in ann.wire.cookies()] == [("hub-login", "/hub/", True)]


def test_a_provider_that_asks_again_is_quoted(provider, ann):
    provider.say("GET /who", 200, form("/again", NAME, WORD))
    provider.say("POST /again", 200, form("/again", NAME, WORD, words="Wrong name or password."))
    with pytest.raises(StackError, match="asks again for a name and a password: .*Wrong name or password"):
        ann.sign_in()
    assert len(sent(provider)) == 1


def test_a_hub_that_lets_nobody_in_is_quoted(hub, provider, ann):
    provider.say("GET /who", 200, form("/back", NAME, WORD))
    hub.say("GET /hub/oauth_callback?code=7", 403, "<h1>Ann is in no course")
    with pytest.raises(StackError, match="the hub did not let them in: .*Ann is in no course"):
        ann.sign_in()


def test_what_a_provider_asks_besides_is_shown(provider, ann):
    provider.say("GET /who", 200, form("/back", words="Which of your three accounts?"))
    with pytest.raises(StackError, match="waited .* for the provider to send them back.*Which of your three accounts"):
        ann.sign_in()


def test_a_provider_that_is_away_is_named(hub, ann):
    with Edge() as edge:
        hub.say("GET /hub/oauth_login", 302, Location=f"{edge.url}/who")
    with pytest.raises(StackError, match="could not open the page: .*/who.*refused to connect"):
        ann.sign_in()


def test_where_this_way_begins(hub, provider):
    visitor = hub.site().visitor()
    assert InBrowser().is_met_by(visitor.get(HUB.removeprefix("GET "), follow=True))
    assert InBrowser().is_met_by(visitor.get("/hub/oauth_login", follow=True))
    assert not InBrowser().is_met_by(visitor.get("/hub/home"))
    hub.say("GET /elsewhere", 302, Location="/hub/home")
    assert not InBrowser().is_met_by(visitor.get("/elsewhere"))


def test_strangers_bring_codes_that_nobody_gave(hub, ann):
    tries = InBrowser().wrong_tries(hub.site(), ann)
    assert [heard.line for heard in hub.heard] == [
        "GET /hub/oauth_callback?code=guess&state=guess", "GET /hub/oauth_callback?code=another-guess&state=another-guess"]
    assert len(tries) == 2
