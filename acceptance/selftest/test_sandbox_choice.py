"""`env` points a shell at the engine that was meant, and says nothing where it points there already."""

from types import SimpleNamespace

import pytest

from acceptance.harness.errors import EngineError
from acceptance.sandbox import choice

KEPT = SimpleNamespace(docker_host="unix:///run/x/docker.sock")


class NoSandbox:
    """Stands in for Sandbox on a machine where none is kept and none may be started."""

    kept = staticmethod(lambda *_: None)


class OneSandbox:
    """Stands in for Sandbox on a machine where one is kept, or comes up when asked."""

    kept = staticmethod(lambda *_: KEPT)


class StartedSandbox(NoSandbox):
    """Stands in for Sandbox on a machine where one comes up when asked."""

    up = staticmethod(lambda **_: KEPT)


@pytest.fixture
def lines(monkeypatch):
    def ask(engine, refusal=None, sandboxes=NoSandbox, start=False, version=None):
        monkeypatch.setattr(choice, "client_refusal", lambda: refusal)
        monkeypatch.setattr(choice, "Sandbox", sandboxes)
        return choice.shell_lines(engine, start, version, say=print)

    return ask


@pytest.mark.parametrize("engine", ["auto", "current"])
def test_an_engine_that_answers_needs_no_lines(lines, engine):
    assert lines(engine) == []


@pytest.mark.parametrize(
    "wish",
    [{"engine": "sandbox"}, {"engine": "auto", "refusal": "refused"}, {"engine": "auto", "version": "26.1"}],
)
def test_the_kept_sandbox_is_used_where_it_is_meant(lines, wish):
    assert lines(**wish, sandboxes=OneSandbox)[0] == "export DOCKER_HOST=unix:///run/x/docker.sock"


def test_settings_for_another_engine_are_dropped(lines):
    assert "DOCKER_CERT_PATH" in lines("sandbox", sandboxes=OneSandbox)[1]


def test_a_sandbox_is_started_only_where_that_was_asked(lines):
    assert lines("auto", "refused", StartedSandbox, start=True)[0].endswith("docker.sock")
    with pytest.raises(EngineError, match="no sandbox is kept: `make deploy` starts one"):
        lines("auto", "refused", StartedSandbox)


def test_the_callers_engine_that_does_not_answer_is_an_error_in_its_words(lines):
    with pytest.raises(
        EngineError, match="answers the docker client .Is the docker daemon running.*ENGINE=sandbox"
    ):
        lines("current", "Is the docker daemon running?")
