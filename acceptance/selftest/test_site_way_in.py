"""How people of a service that runs come in by a header or a token, and what strangers try."""

import pytest

from acceptance.harness.accounts import GivenAccounts, Person
from acceptance.harness.site import Refused
from acceptance.harness.site.way_in import ByHeader, ByToken, LoginForm, way_of
from acceptance.selftest.loopback import Edge, frame

PROXY = ByHeader("X-Remote-User", "X-Proof", "of the proxy")
LOGIN = "GET /hub/login?next=%2Fhub%2Fhome"


@pytest.fixture
def edge():
    with Edge() as edge:
        edge.say("GET /hub/home", 200, "home")
        edge.say("GET /hub/api/user", 200, '{"name": "ann"}', "application/json")
        edge.say(LOGIN, 302, Location="/hub/home")
        yield edge


def user_of(edge, way, secret=""):
    """Ann, who comes in that way."""
    site = edge.site()
    site.way_in = way
    return site.user("Ann", secret)


def test_the_proxy_s_words_stand_in_each_request_of_its_user(edge):
    edge.frames["GET /user/ann/api/x"] = [frame(b"{}")]
    ann = user_of(edge, PROXY)
    ann.sign_in()
    ann.channel("/user/ann/api/x").close()
    told = [(heard.headers["X-Remote-User"], heard.headers["X-Proof"]) for heard in edge.heard]
    assert (len(told) > 4, {*told}) == (True, {("Ann", "of the proxy")})
    assert ann.name == "ann"


def test_a_header_that_the_hub_does_not_believe_is_a_refusal(edge):
    edge.say(LOGIN, 403, "<p>Nobody was named")
    with pytest.raises(Refused, match="Nobody was named"):
        user_of(edge, PROXY).sign_in()


def test_strangers_have_no_proof_or_a_wrong_one(edge):
    edge.say("GET /hub/login", 403, "<p>no")
    ann = user_of(edge, PROXY)
    tries = PROXY.wrong_tries(edge.site(), ann)
    told = [(heard.headers["X-Remote-User"], heard.headers["X-Proof"]) for heard in edge.heard]
    assert told == [(None, None), ("", "of the proxy"), ("Ann", None), ("Ann", "wrong-of the proxy")]
    assert [answer.status for _, answer in tries] == [403] * 4


def test_a_proxy_without_a_proof_leaves_nothing_to_be_guessed(edge):
    ByHeader("X-Remote-User").wrong_tries(edge.site(), user_of(edge, PROXY))
    assert [heard.headers["X-Remote-User"] for heard in edge.heard] == [None, ""]


def test_a_token_goes_with_each_request_and_opens_no_page(edge):
    ann = user_of(edge, ByToken(), "ann's token")
    ann.sign_in()
    assert [(heard.line, heard.headers["Authorization"]) for heard in edge.heard] == [
        ("GET /hub/api/user", "token ann's token")] * 2
    assert ann.is_signed_in()
    assert (edge.heard[-1].line, "ann's token" in ann.wire.transcript.text()) == ("GET /hub/api/user", False)


def test_who_has_a_token_asks_for_a_server_by_the_api(edge):
    edge.say("POST /hub/api/users/ann/server", 201, "")
    ann = user_of(edge, ByToken(), "ann's token")
    ann.sign_in()
    ann.request_server()
    assert edge.heard[-1].line == "POST /hub/api/users/ann/server"
    assert edge.heard[-1].headers["X-XSRFToken"] is None


def test_a_token_that_was_taken_back_is_a_refusal(edge):
    edge.say("GET /hub/api/user", 403, '{"message": "Missing or invalid credentials."}', "application/json")
    ann = user_of(edge, ByToken(), "ann's token")
    with pytest.raises(Refused, match="invalid credentials"):
        ann.sign_in()
    assert not ann.is_signed_in()
    tries = ByToken().wrong_tries(edge.site(), ann)
    assert [answer.status for _, answer in tries] == [403, 403]
    assert [heard.headers["Authorization"] for heard in edge.heard[-2:]] == [None, "token wrong-ann's token"]


@pytest.mark.parametrize(("accounts", "way"), [
    (GivenAccounts("form", (Person("ann"),)), LoginForm),
    (GivenAccounts("token", (Person("ann"),)), ByToken),
])
def test_accounts_say_which_way(accounts, way):
    assert isinstance(way_of(accounts), way)


def test_accounts_say_what_the_proxy_tells():
    assert way_of(GivenAccounts("header", (), header="X-Remote-User", secret_header="X-Proof", secret="of the proxy")) == PROXY
