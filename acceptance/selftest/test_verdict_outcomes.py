"""One mapping from what happened to PASS, FAIL, ERROR and SKIP; no failure is softened."""

import pytest

from acceptance.harness.errors import Absent, EngineError, SettingsError, StackError
from acceptance.harness.report.outcome import outcome_of

pytest_plugins = "pytester"

BROKEN = StackError("refused")


@pytest.mark.parametrize(
    "error", [AssertionError(), BROKEN, ExceptionGroup("users", [BROKEN, AssertionError()])]
)
def test_only_a_broken_promise_in_the_body_is_a_fail(error):
    assert outcome_of("call", error) == "FAIL"
    assert outcome_of("setup", error) == outcome_of("teardown", error) == "ERROR"


@pytest.mark.parametrize(
    "error",
    [
        EngineError(),
        SettingsError([]),
        ZeroDivisionError(),
        TimeoutError(),
        ExceptionGroup("", [BROKEN, EngineError()]),
    ],
)
@pytest.mark.parametrize("when", ["setup", "call", "teardown"])
def test_everything_else_is_an_error(when, error):
    assert outcome_of(when, error) == "ERROR"


def test_a_skip_is_for_a_declared_need_that_was_measured():
    absent = Absent("docker", "DOCKER_HOST is not set and /var/run/docker.sock is not there")
    assert outcome_of("setup", absent, ("docker",)) == outcome_of("call", absent, ("docker",)) == "SKIP"
    assert outcome_of("call", absent, ()) == outcome_of("teardown", absent, ("docker",)) == "ERROR"


def test_absence_without_a_measurement_cannot_be_said():
    with pytest.raises(ValueError, match="without a measurement"):
        Absent("docker", " ")


@pytest.mark.parametrize("body", ["pytest.skip('not today')", "pytest.importorskip('nothing_of_this_name')"])
def test_a_skip_without_a_measurement_is_an_error(tree, body):
    tree.check("login-ok", body)
    judged = tree.judge()
    assert (judged.code, judged.outcomes) == (14, {"login-ok": "ERROR"})
    assert "skipped without a measurement" in judged.check("login-ok")["reason"]


@pytest.mark.parametrize("excuse", ["skip", "skipif(True, reason='x')", "xfail"])
def test_a_check_cannot_be_excused_by_a_marker(tree, excuse):
    tree.fixture(f"pytestmark = pytest.mark.{excuse}")
    tree.check("login-ok")
    judged = tree.judge()
    assert judged.code == 4
    assert any("excuses a check without a measurement" in line for line in judged.lines)


def test_a_measured_skip_is_kept_and_the_run_is_no_pass(tree):
    tree.check("login-ok", "raise Absent('docker', 'asked the socket: no such file')", needs=("docker",))
    judged = tree.judge()
    assert (judged.code, judged.outcomes) == (14, {"login-ok": "SKIP"})
    assert "asked the socket" in judged.check("login-ok")["reason"]


def test_a_hang_is_an_error_with_evidence(tree):
    tree.check("login-ok", "while True: pass")
    judged = tree.judge("--timeout=0.5", "--override-ini=timeout_func_only=true", subprocess=True)
    assert (judged.code, judged.outcomes) == (14, {"login-ok": "ERROR"})
    assert "pytest-timeout" in judged.check("login-ok")["reason"]
    assert (judged.folder / "evidence" / "login-ok" / "traceback-call.txt").exists()


def test_a_refusal_that_did_not_come_is_a_broken_promise(tree):
    tree.check("login-refused", "with pytest.raises(StackError):\n    pass")
    assert tree.judge().outcomes == {"login-refused": "FAIL"}


def test_a_fixture_that_breaks_its_teardown_spoils_a_pass(tree):
    tree.fixture("@pytest.fixture\ndef alice():\n    yield\n    raise StackError('could not be removed')")
    tree.check("login-ok", uses="alice")
    tree.check("edge-hub", "assert 1 == 2", uses="alice")
    judged = tree.judge()
    assert judged.outcomes == {"login-ok": "ERROR", "edge-hub": "FAIL"}
    assert "teardown: could not be removed" in judged.check("edge-hub")["reason"]


def test_a_dead_engine_s_stack_is_not_blamed(tree):
    tree.fixture("@pytest.fixture\ndef gone(run):\n    run.engine_gone = lambda: 'the engine no longer answers'")
    tree.check("login-ok", "assert False, 'no route to host'", uses="gone")
    judged = tree.judge()
    assert (judged.code, judged.outcomes) == (14, {"login-ok": "ERROR"})
    assert "the engine no longer answers; what was seen of it: no route to host" in judged.check("login-ok")["reason"]
