"""The client without a screen: what it sends, what it follows, and how it tells a silence."""

import pytest

from acceptance.harness.errors import StackError
from acceptance.harness.site import Refused, Site
from acceptance.harness.site.visitor import origin_of
from acceptance.selftest.loopback import Edge, frame

LOGIN_FORM = '<form><input type="hidden" name="_xsrf" value="tok&amp;en"><input name="username"></form>'


@pytest.fixture
def edge():
    with Edge() as edge:
        yield edge


def test_unsafe_requests_carry_the_origin(edge):
    edge.say("POST /hub/login", 403, "<p>no</p>")
    edge.site().visitor().post("/hub/login", {"username": "x"})
    assert edge.heard[0].headers["Origin"] == edge.url


def test_nothing_is_followed_unless_asked(edge):
    edge.say("GET /", 302, Location="/hub/")
    edge.say("GET /hub/", 200, "home")
    visitor = edge.site().visitor()
    assert visitor.get("/").location == "/hub/"
    assert visitor.get("/", follow=True).url == f"{edge.url}/hub/"


def test_another_site_is_never_followed(edge):
    edge.say("GET /", 302, Location="http://127.0.0.2:1/catch")
    assert edge.site().visitor().get("/", follow=True).location == "http://127.0.0.2:1/catch"


@pytest.mark.parametrize(("one", "other"), [
    ("https://hub.example", "https://Hub.Example:443/x"), ("http://hub.example:80/", "HTTP://hub.example/"),
    ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443/"),
])
def test_an_origin_may_be_written_in_several_ways(one, other):
    assert origin_of(one) == origin_of(other)
    assert len({origin_of(url) for url in (one, "http://hub.example:443", "https://hub.example:8443", "https://example")}) == 4


def test_no_address_at_all_is_not_followed(edge):
    edge.say("GET /", 302, Location="https://hub.example:99999/")
    assert edge.site().visitor().get("/", follow=True).status == 302


def test_a_loop_of_redirects_is_told(edge):
    edge.say("GET /a", 302, Location="/a")
    with pytest.raises(StackError, match="redirected without end"):
        edge.site().visitor().get("/a", follow=True)


def test_a_script_sends_the_token_that_belongs_to_the_path(edge):
    edge.say("GET /hub/", 200, Set_Cookie="_xsrf=of-the-hub; Path=/hub/")
    edge.say("GET /user/ann/", 200, Set_Cookie="_xsrf=of-the-server; Path=/user/ann/")
    visitor = edge.site().visitor()
    edge.say("GET /user/ann/two/", 200, Set_Cookie="_xsrf=of-her-second; Path=/user/ann/two/")
    for path in ("/hub/", "/user/ann/", "/user/ann/two/"):
        visitor.get(path)
        visitor.api("POST", f"{path}api", {})
    tokens = [heard.headers["X-XSRFToken"] for heard in edge.heard if heard.line.startswith("POST")]
    assert tokens == ["of-the-hub", "of-the-server", "of-her-second"]


def test_the_login_form_is_sent_with_its_token_or_the_one_that_is_given(edge):
    edge.say("GET /hub/login", 200, LOGIN_FORM)
    edge.say("POST /hub/login", 403, "<p>no</p>")
    visitor = edge.site().visitor()
    for token in (None, "other", ""):
        visitor.submit_login("ann", "pass word", token=token)
    bodies = [heard.body for heard in edge.heard if heard.line.startswith("POST")]
    assert [body.partition("&username")[0] for body in bodies] == [
        "_xsrf=tok%26en",
        "_xsrf=other",
        "username=ann&password=pass+word",
    ]


def test_a_connection_that_is_refused_is_the_stacks_failure():
    site = Site("http://127.0.0.1:9", "no-ca.pem")  # discard: nobody listens
    with pytest.raises(StackError, match="connection refused: nothing listens there"):
        site.visitor().get("/")
    assert (site.transcript.sent, site.transcript.failed) == (1, 1)


def test_a_refusal_tells_status_and_words(edge):
    edge.say("GET /x", 500, '{"status": 500, "message": "No such image"}', "application/json")
    with pytest.raises(Refused, match="answered 500 where 200 was due; it says: No such image") as refused:
        edge.site().visitor().api("GET", "/x").expect(200)
    assert (refused.value.status, refused.value.words) == (500, "No such image")


def test_a_stream_that_is_not_a_200_is_refused(edge):
    visitor = edge.site().visitor()
    with pytest.raises(Refused) as refused, visitor.stream("/nowhere"):
        pass
    assert refused.value.status == 404


def test_a_websocket_is_opened_with_cookies_and_origin(edge):
    edge.say("GET /hub/", 200, Set_Cookie="session=42; Path=/")
    edge.frames["GET /channels"] = [frame(b"hello"), frame(b"\x03\xe9bye", 8)]
    visitor = edge.site().visitor()
    visitor.get("/hub/")
    channel = visitor.channel("/channels")
    assert channel.receive(5) == "hello"
    assert (edge.heard[1].headers["Origin"], edge.heard[1].headers["Cookie"]) == (edge.url, "session=42")
    with pytest.raises(StackError, match="closed it with code 1001 bye"):
        channel.receive(5)


@pytest.mark.parametrize(
    ("status", "told"), [(403, "answered 403 and not upgraded"), (302, "sent to /hub/login")]
)
def test_a_websocket_that_is_not_upgraded_is_refused(edge, status, told):
    edge.say("GET /channels", status, "<p>Forbidden</p>", Location="/hub/login")
    with pytest.raises(Refused, match=told) as refused:
        edge.site().visitor().channel("/channels")
    assert refused.value.status == status
