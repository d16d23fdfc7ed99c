"""The probe's journey: the step that failed, with what was said, and nothing left running that it started."""

import os
import re
import signal

import pytest

from acceptance import probe as module
from acceptance.harness.site import Visitor
from acceptance.harness.site.progress import Event
from acceptance.harness.site.spawn import Spawn
from acceptance.probe import probe
from acceptance.selftest.paper_hub import PaperHub

STOP = "DELETE /hub/api/users/ann/server"


@pytest.fixture
def hub(monkeypatch):
    with PaperHub() as hub:
        monkeypatch.setattr(Visitor, "channel", hub.channel)
        yield hub


def time_is_over(*_):
    """As if all of it had gone by here: no machine is too slow to come this far."""
    signal.raise_signal(signal.SIGALRM)


@pytest.fixture
def told(hub):
    """told(): exit code, failed step and cause of a probe of this hub; for the seconds that have gone by stands N."""

    def told(password="ann's own", within=30):
        code, step, cause, _ = probe(hub.site(), "ann", password, within)
        return code, step, re.sub(r"\d+ s after", "N s after", cause)

    return told


def test_a_sound_service_is_used_and_left_as_it_was(hub, told):
    assert told() == (0, "", "")
    assert (hub.server, hub.lines.count(STOP)) == ("", 1)
    assert "DELETE /user/ann/api/kernels/k1" in hub.lines


def test_a_server_that_runs_already_is_used_and_runs_on(hub, told):
    hub.server = "ready"
    assert told() == (0, "", "")
    assert (hub.server, STOP in hub.lines) == ("ready", False)
    assert "DELETE /user/ann/api/kernels/k1" in hub.lines


def test_a_server_that_somebody_else_is_starting_is_theirs(hub, told):
    hub.server = "spawn"
    assert told() == (0, "", "")
    assert (hub.server, STOP in hub.lines) == ("ready", False)


def test_a_dead_edge_is_the_edge_s(hub):
    site = hub.site()
    site.url = "http://127.0.0.1:9"     # discard: nobody listens
    assert probe(site, "ann", "ann's own", 30)[:2] == (1, "edge")


@pytest.mark.parametrize(("line", "answer", "step", "words"), [
    ("GET /hub/api", (503, "The hub is away"), "edge", "answered 503 where 200 was due; it says: The hub is away"),
    ("GET /hub/api", (200, "{}"), "edge", "is no JupyterHub's"),
    ("GET /hub/api", (200, "42"), "edge", "is no JupyterHub's"),
    ("GET /hub/api", (200, "<p>welcome"), "edge", "was to be JSON and is not"),
    ("GET /hub/login?next=%2Fhub%2Fhome", (500, "oh"), "login", "answered 500"),
    ("GET /hub/spawn/ann", (400, "no room"), "spawn", "no room"),
    ("GET /user/ann/", (503, "lost"), "spawn", "answered 503"),
    ("POST /user/ann/api/kernels", (500, "no kernel"), "kernel", "no kernel"),
    (STOP, (500, "will not"), "stop", "will not"),
])
def test_each_step_that_fails_is_named_with_what_was_said(hub, told, line, answer, step, words):
    hub.say(line, *answer)
    code, failed, cause = told()
    assert (code, failed) == (1, step)
    assert words in cause


def test_a_wrong_password_is_the_login_s(told):
    assert told(password="forgotten")[:2] == (1, "login")


def test_a_spawn_that_fails_tells_the_hub_s_words(hub, told):
    hub.told = [{"message": "asked"}, {"message": "No such image", "failed": True}]
    code, failed, cause = told()
    assert (code, failed, "the hub says: No such image" in cause) == (1, "spawn", True)


def test_time_is_short_whatever_is_waited_for(told, monkeypatch):
    monkeypatch.setattr(module, "RESERVE", 1)
    monkeypatch.setattr(Visitor, "api", lambda *_: signal.pause())
    assert told(within=2) == (1, "edge", "edge was not done N s after the beginning, of 2 s for all")


def test_a_spawn_that_never_ends_tells_what_the_hub_told(told, monkeypatch):
    def events(*_):
        yield Event("Server requested")
        yield Event("no suitable node")
        time_is_over()

    monkeypatch.setattr(Spawn, "events", events)
    assert told() == (1, "spawn", "spawn was not done N s after the beginning, of 30 s for all; of the server of 'ann' the"
                      " hub had told: Server requested / no suitable node")


def test_a_kernel_that_prints_something_else_fails_and_its_server_is_stopped(hub, told):
    hub.prints = ""
    assert told() == (1, "kernel", "print(6 * 7) printed ''")
    assert (hub.server, hub.lines.count(STOP)) == ("", 1)


def test_time_is_short_and_what_was_started_is_stopped(hub, told, monkeypatch):
    monkeypatch.setattr(Visitor, "channel", time_is_over)
    assert told() == (1, "kernel", "kernel was not done N s after the beginning, of 30 s for all")
    assert hub.lines[-1] == STOP


def test_who_is_interrupted_stops_what_was_started(hub, told, monkeypatch):
    monkeypatch.setattr(Visitor, "channel", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    assert told() == (2, "kernel", "interrupted by SIGTERM")
    assert hub.lines[-1] == STOP


def test_a_mistake_of_the_probe_is_no_broken_promise(told, monkeypatch):
    monkeypatch.setattr(Visitor, "channel", lambda *_: 1 / 0)
    code, _, cause = told()
    assert (code, "the probe itself failed: ZeroDivisionError" in cause) == (3, True)
