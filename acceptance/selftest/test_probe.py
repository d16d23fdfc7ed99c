"""The probe: one line of JSON whatever happens, the step that failed, and nothing left running that it started."""

import json
import os
import signal
import subprocess
from pathlib import Path

import certifi
import pytest

from acceptance import probe as module
from acceptance.harness.errors import StackError
from acceptance.harness.site import Visitor
from acceptance.harness.site.progress import Event
from acceptance.harness.site.spawn import Spawn
from acceptance.probe import main, probe
from acceptance.selftest.paper_hub import PaperHub

ROOT = Path(__file__).parents[2]
STOP = "DELETE /hub/api/users/ann/server"


@pytest.fixture
def hub(monkeypatch):
    with PaperHub() as hub:
        monkeypatch.setattr(Visitor, "channel", hub.channel)
        yield hub


@pytest.fixture
def told(hub):
    """told(): exit code, failed step and cause of a probe of this hub."""
    return lambda password="ann's own", within=30: probe(hub.site(), "ann", password, within)[:3]


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


def test_a_spawn_that_never_ends_tells_what_the_hub_told(told, monkeypatch):
    def events(*_):
        yield Event("Server requested")
        yield Event("no suitable node")
        signal.pause()

    monkeypatch.setattr(module, "RESERVE", 1)
    monkeypatch.setattr(Spawn, "events", events)
    assert told(within=2) == (1, "spawn", "spawn was not done 1 s after the beginning, of 2 s for all; of the server of 'ann' the"
                              " hub had told: Server requested / no suitable node")


def test_a_kernel_that_prints_something_else_fails_and_its_server_is_stopped(hub, told):
    hub.prints = ""
    assert told() == (1, "kernel", "print(6 * 7) printed ''")
    assert (hub.server, hub.lines.count(STOP)) == ("", 1)


def test_time_is_short_and_what_was_started_is_stopped(hub, told, monkeypatch):
    monkeypatch.setattr(module, "RESERVE", 1)
    monkeypatch.setattr(PaperHub, "channel", lambda *_: signal.pause())
    monkeypatch.setattr(Visitor, "channel", PaperHub.channel)
    code, failed, cause = told(within=2)
    assert (code, failed, cause) == (1, "kernel", "kernel was not done 1 s after the beginning, of 2 s for all")
    assert hub.lines[-1] == STOP


def test_who_is_interrupted_stops_what_was_started(hub, told, monkeypatch):
    monkeypatch.setattr(Visitor, "channel", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    assert told() == (2, "kernel", "interrupted by SIGTERM")
    assert hub.lines[-1] == STOP


def test_a_mistake_of_the_probe_is_no_broken_promise(told, monkeypatch):
    monkeypatch.setattr(Visitor, "channel", lambda *_: 1 / 0)
    code, _, cause = told()
    assert (code, "the probe itself failed: ZeroDivisionError" in cause) == (3, True)


@pytest.fixture
def given(tmp_path, monkeypatch):
    monkeypatch.setenv("ANN", "ann's own")
    (tmp_path / "accounts.yaml").write_text("users:\n- {name: ann, password_env: ANN}\n")
    return ["--target=https://127.0.0.1:9", f"--accounts={tmp_path}/accounts.yaml", f"--ca-file={certifi.where()}"]


def test_one_line_is_printed_and_nothing_else(given, capsys):
    assert main(given) == 1
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert list(told) == ["ok", "failed", "cause", "seconds"]
    assert (told["ok"], told["failed"], "connection refused" in told["cause"]) == (False, "edge", True)


def test_no_secret_is_told(given, capsys, monkeypatch):
    def go(self):
        raise StackError(f"{self.user.password} opens nothing")

    monkeypatch.setattr(module.Journey, "go", go)
    main(given)
    assert json.loads(capsys.readouterr().out)["cause"] == "[redacted] opens nothing"


@pytest.mark.parametrize(("more", "words"), [
    (["--within=4"], "WITHIN=4: not a whole number of seconds from 5 to 600"),
    (["--target="], "TARGET: which service?"),
    (["--accounts=/nowhere"], "nowhere:1: cannot be read"),
    (["--nonsense"], "unrecognized arguments: --nonsense"),
])
def test_bad_input_ends_4_with_a_line_too(given, capsys, more, words):
    assert main([*given, *more]) == 4
    said = capsys.readouterr()
    assert (json.loads(said.out)["failed"], words in json.loads(said.out)["cause"], words in said.err) == ("input", True, True)


@pytest.mark.parametrize(("error", "code", "cause"), [(TypeError("x"), 3, "the probe itself failed: TypeError: x"),
                                                      (KeyboardInterrupt(), 2, "interrupted by Ctrl-C")])
@pytest.mark.parametrize("place", ["target_of", "Redactor.add", "Site.of", "Journey.__init__"])
def test_whatever_goes_wrong_before_its_first_step_has_its_line_too(given, capsys, monkeypatch, place, error, code, cause):
    def fail(*_):
        raise error

    monkeypatch.setattr(f"acceptance.probe.{place}", fail)
    assert main(given) == code
    said = capsys.readouterr()
    assert json.loads(said.out) == {"ok": False, "failed": "input", "cause": cause, "seconds": 0.0}
    assert ("Traceback" in said.err) == (code == 3)


@pytest.mark.parametrize("character", ["\ud800", "\udcff", "…"])
def test_a_line_can_be_printed_wherever_it_goes(given, capsys, monkeypatch, character):
    def go(_):
        raise StackError(f"the hub says: {character}")

    monkeypatch.setattr(module.Journey, "go", go)
    assert main(given) == 1
    assert capsys.readouterr().out.isascii()


def test_the_probe_is_somebody(given, capsys, tmp_path):
    (tmp_path / "accounts.yaml").write_text("login: token\ntoken_env: ANN\n")
    assert main(given) == 4
    assert "accounts.yaml:1: users: the probe signs in as the first" in capsys.readouterr().err


def test_make_adds_nothing_to_the_line():
    command = ["make", "probe", "TARGET=hub", "CA_FILE=", "WITHIN=7", "PYTHON=echo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "-m acceptance.probe --target=hub --within=7\n"
