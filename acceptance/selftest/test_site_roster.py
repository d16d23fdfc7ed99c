"""The hub is asked as an admin asks it, and a token that it does not know any more is replaced, in time."""

import json

import pytest

from acceptance.harness.errors import StackError
from acceptance.harness.site import roster
from acceptance.harness.site.roster import Roster, server_at
from acceptance.selftest.loopback import Edge

USERS, ROUTES = "GET /hub/api/users?state=active&limit=200", "GET /hub/api/proxy?limit=1000"
FORM = '<form><input name="_xsrf" value="x"></form>'


@pytest.fixture
def edge():
    """A hub with an admin who gets the token that is said last."""
    with Edge() as edge:
        edge.say("GET /hub/login?next=%2Fhub%2Fhome", 200, FORM)
        edge.say("POST /hub/login?next=%2Fhub%2Fhome", 302, Location="/hub/home")
        edge.say("GET /hub/home", 200)
        edge.say("GET /hub/api/user", 200, '{"name": "admin"}', "application/json")
        tells(edge, "POST /hub/api/users/admin/tokens", {"id": "a1", "token": "secret-one"}, 201)
        tells(edge, USERS, [])
        yield edge


def tells(edge, line, answer, status=200):
    edge.say(line, status, json.dumps(answer), "application/json")


@pytest.fixture
def hidden():
    return []


@pytest.fixture
def asked(edge, hidden):
    return Roster(edge.site(), "admin", "password", hidden.append)


def server(ready=True, pending=None):
    return {"ready": ready, "pending": pending}


def test_servers_are_told_with_whether_they_are_moving(edge, asked, hidden):
    ann = {"": server(), "b": server(pending="stop")}
    tells(edge, USERS, [{"name": "ann", "servers": ann}, {"name": "jürgen o", "servers": {"": server(False, "spawn")}}])
    assert asked.servers() == {("ann", ""): False, ("ann", "b"): True, ("jürgen o", ""): True}
    assert edge.heard[-1].headers["Authorization"] == "token secret-one"
    assert hidden == ["secret-one"]
    wish = json.loads(next(heard.body for heard in edge.heard if heard.line.endswith("/tokens")))
    assert wish["scopes"] == ["list:users", "read:servers", "proxy"]


def test_routes_are_those_of_servers(edge, asked):
    tells(edge, ROUTES, dict.fromkeys(["/", "/user/j%C3%BCrgen%20o/", "/user/ann/b/", "/services/x/"], {}))
    assert dict(asked.routes()) == {("jürgen o", ""): 1, ("ann", "b"): 1}


@pytest.mark.parametrize(("routespec", "found"), [
    ("/user/ann/", ("ann", "")), ("/user/a%2Fb/c/", ("a/b", "c")), ("/", None), ("/services/culler/", None), ("/user/", None)])
def test_a_route_tells_whose_it_is(routespec, found):
    assert server_at(routespec) == found


def test_an_unknown_token_is_replaced_but_not_at_once(edge, asked, hidden, monkeypatch):
    asked.servers()
    tells(edge, USERS, {"message": "no such token"}, 403)
    with pytest.raises(StackError, match="answered 403"):
        asked.servers()
    with pytest.raises(StackError, match="knew neither token nor password of 'admin'"):
        asked.servers()
    monkeypatch.setattr(roster, "NO_SOONER", 0)
    tells(edge, USERS, [])
    tells(edge, "POST /hub/api/users/admin/tokens", {"id": "a2", "token": "secret-two"}, 201)
    assert asked.servers() == {}
    assert hidden == ["secret-one", "secret-two"]


def test_a_hub_that_is_away_is_no_answer(edge, asked):
    asked.servers()
    edge.say(USERS, 502, "away")
    with pytest.raises(StackError, match="answered 502"):
        asked.servers()
    edge.say(USERS, 200, "not json")
    with pytest.raises(StackError, match="was to be JSON"):
        asked.servers()


def test_more_users_than_were_asked_for_are_told(edge, asked):
    tells(edge, USERS, [{"name": str(number), "servers": {}} for number in range(200)])
    with pytest.raises(StackError, match="only the first 200"):
        asked.servers()


@pytest.mark.parametrize(("status", "body", "answers"), [
    (200, '{"version": "2.17"}', True), (424, '{"version": "2.17"}', False), (200, "<html>", False), (200, '{"x": 1}', False)])
def test_who_answers_with_a_version_answers(edge, asked, status, body, answers):
    edge.say("GET /user/j%C3%BCrgen/b/api", status, body)
    assert asked.answers(("jürgen", "b")) is answers
    assert edge.heard[-1].headers["Authorization"] is None


def test_who_is_gone_does_not_answer():
    with Edge() as edge:
        asked = Roster(edge.site(), "admin", "password", print)
    assert asked.answers(("ann", "")) is False
