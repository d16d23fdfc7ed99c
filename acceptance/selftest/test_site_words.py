"""Reading as a person reads: pages, messages, names in addresses, and a spawn's progress."""

import json

import pytest

from acceptance.harness.errors import StackError
from acceptance.harness.site import Refused, SpawnFailed
from acceptance.harness.site.answer import Answer, cookies_in
from acceptance.harness.site.pages import fields_of, words_on
from acceptance.harness.site.progress import events_in
from acceptance.harness.site.user import escape
from acceptance.selftest.loopback import Edge

PAGE = """<!DOCTYPE html><html><head><title>Hub</title><script>var x = "not read";</script></head><body>
<nav><a>Home</a></nav><div id="main"><p class="login_error">Invalid username<br>or  password</p>
<p class="hidden alert">off the screen</p>
<div class="modal fade"><p>The error</p><button>OK</button></div>
<form><input type="hidden" name="_xsrf" value="a&quot;b"><input name="username"><input type="submit"></form>
<p>Grüße &amp; so</div></body></html>"""


def test_a_person_reads_what_is_on_the_screen():
    assert words_on(PAGE).splitlines() == ["Invalid username", "or password", "Grüße & so"]


def test_fields_of_a_form_are_found_hidden_ones_too():
    assert fields_of(PAGE) == {"_xsrf": 'a"b', "username": ""}


def test_what_is_not_ticked_is_not_sent():
    radio = '<input type="radio" name="p" value="a"><input type="radio" name="p" value="b" checked>'
    form = f'{radio}<input type="checkbox" name="c">'
    assert fields_of(form) == {"p": "b"}


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("application/json", '{"message": "No such image"}', "No such image"),
        ("application/json", '{"message": null, "reason": "x"}', '{"message": null, "reason": "x"}'),
        ("application/json", "", ""),
        ("application/json", "<broken", "<broken"),
        ("text/html; charset=utf-8", "<h1>404 : Not Found</h1>", "404 : Not Found"),
        ("text/plain", "plain", "plain"),
    ],
)
def test_an_answer_has_words_whatever_it_is(kind, body, words):
    answer = Answer("GET", "http://x/", 200, {"Content-Type": kind}, body.encode(), 0.1)
    assert answer.words == words
    assert "answered 200" in repr(answer)


def test_an_answer_that_is_not_json_is_told():
    with pytest.raises(StackError, match="was to be JSON and is not"):
        Answer("GET", "http://x/", 200, {"Content-Type": "application/json"}, b"<html>", 0.1).json()


def test_a_cookie_is_read_with_its_attributes():
    cookie = cookies_in("hub-login=abc; HttpOnly; Path=/hub/; Secure; SameSite=Lax")[0]
    assert (cookie.name, cookie.path, cookie.secure, cookie.http_only) == ("hub-login", "/hub/", True, True)
    assert not cookies_in("_xsrf=abc; Path=/")[0].http_only


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("mail@site.dk", "mail@site.dk"),
        ("testuser<'&\">", "testuser%3C%27%26%22%3E"),
        ("jürgen ødegård", "j%C3%BCrgen%20%C3%B8deg%C3%A5rd"),
        ("a~b-c.d_e+f", "a~b-c.d_e%2Bf"),
        ("50%", "50%25"),
    ],
)
def test_names_stand_in_addresses_as_jupyterhub_writes_them(name, escaped):
    assert escape(name) == escaped


def stream(*events):
    return "\n\n".join(["", *(f"data: {json.dumps(event)}" for event in events), ""])


def test_progress_ends_with_ready_or_failed():
    text = stream(
        {"message": "placed", "progress": 40}, {"ready": True, "progress": 100}, {"message": "never read"}
    )
    events = list(events_in(text.encode().split(b"\n")))
    assert [(event.message, event.progress, event.ready) for event in events] == [
        ("placed", 40, False),
        ("", 100, True),
    ]


def progress_of(edge, *events):
    edge.say("GET /hub/api/users/ann/server/progress", 200, stream(*events), "text/event-stream")
    return edge.site().user("Ann", "pass-word").wait_until_started()


def test_a_spawn_that_failed_is_told_in_the_hubs_words():
    with (
        Edge() as edge,
        pytest.raises(SpawnFailed, match="'ann' did not start; the hub says: Spawn failed: full") as told,
    ):
        progress_of(edge, {"message": "asked"}, {"failed": True, "message": "Spawn failed: full"})
    assert (told.value.reason, [event.message for event in told.value.events]) == (
        "Spawn failed: full",
        ["asked", "Spawn failed: full"],
    )


def test_a_progress_that_breaks_off_is_no_success():
    with Edge() as edge, pytest.raises(StackError, match=r"broke off; it told: asked"):
        progress_of(edge, {"message": "asked"})


def pending(edge, html):
    edge.say("GET /hub/spawn-pending/ann", 200, html)
    user = edge.site().user("ann", "pass-word")
    return user.events_on(user.pending_page())


def test_a_pending_page_shows_what_its_own_script_asks_for():
    with Edge() as edge:
        events = stream({"message": "asked"}, {"ready": True, "url": "/user/ann/"})
        edge.say("GET /elsewhere/progress?_xsrf=a&b=c", 200, events, "text/event-stream")
        script = '<script>var s = new EventSource("/elsewhere/progress?_xsrf=a&amp;b=c");</script>'
        assert [event.url for event in pending(edge, script)] == ["", "/user/ann/"]


def test_a_start_is_seen_while_the_hub_keeps_who_asked_waiting():
    with Edge() as edge:
        edge.say("GET /hub/spawn/ann", 302, Location="/hub/spawn-pending/ann")
        edge.say("GET /hub/api/users/ann", 200, '{"servers": {"": {"pending": "spawn"}}}', "application/json")
        edge.say("GET /hub/spawn-pending/ann", 200, "<p>Your server is starting up.</p>")
        with edge.site().user("ann", "pass-word").starting() as page:
            assert page.words == "Your server is starting up."


def test_a_start_that_the_hub_refuses_is_told_at_once():
    with Edge() as edge, pytest.raises(StackError, match="gave up on the hub to begin.*Too many users"):
        edge.say("GET /hub/api/users/ann", 200, '{"servers": {}}', "application/json")
        edge.say("GET /hub/spawn/ann", 429, "<p>Too many users</p>")
        with edge.site().user("ann", "pass-word").starting():
            pytest.fail("there is no pending page")


def test_a_pending_page_without_a_script_is_told():
    with Edge() as edge, pytest.raises(StackError, match="asks for no progress.*it says: One moment"):
        pending(edge, "<p>One moment, please</p>")


def test_a_sudden_failure_is_told_in_the_words_of_its_progress():
    with Edge() as edge, pytest.raises(SpawnFailed, match="No such image"):
        edge.say("GET /hub/spawn/ann", 500, "<h1>Unhandled error</h1>")
        events = stream({"failed": True, "message": "Spawn failed: No such image"})
        edge.say("GET /hub/api/users/ann/server/progress", 200, events, "text/event-stream")
        edge.site().user("ann", "pass-word").start_server()


def test_who_is_not_signed_in_starts_nothing():
    with Edge() as edge, pytest.raises(StackError, match="leads to /hub/login"):
        edge.say("GET /hub/spawn/ann", 302, Location="/hub/login?next=%2Fhub%2Fspawn%2Fann")
        edge.site().user("ann", "pass-word").start_server()


def test_a_server_that_leads_to_the_login_is_not_open():
    with Edge() as edge, pytest.raises(Refused, match="leads away, to .*/hub/login"):
        edge.say("GET /user/ann/", 302, Location="/hub/login")
        edge.say("GET /hub/login", 200, "<h1>Sign in</h1>")
        edge.site().user("ann", "pass-word").server().open()
