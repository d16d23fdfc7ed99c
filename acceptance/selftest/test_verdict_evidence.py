"""What is kept of a failure: at once, from every witness, once, and without a single secret."""

import base64
import json
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.report.redactor import SHORTEST, Redactor

pytest_plugins = "pytester"

SECRET = "pa&ss\"wo'rd/\\ö+1"
STACK = """
@pytest.fixture(scope='session')
def stack(run):
    run.secrets.add({secret!r})
    run.collectors.append(lambda folder, since: (folder / 'hub.log').write_text({log!r}))
    yield
"""


def test_a_failure_in_the_body_is_looked_into_while_the_stack_stands(tree):
    tree.fixture(STACK.format(secret=SECRET, log="ERROR in hub") + "    run.collectors.clear()")
    tree.check("login-ok", "print('what was printed')\nassert 1 == 2", uses="stack")
    judged = tree.judge()
    assert judged.check("login-ok")["evidence"] == "evidence/login-ok"
    assert judged.text("evidence/login-ok/hub.log") == "ERROR in hub"
    assert "assert 1 == 2" in judged.text("evidence/login-ok/traceback-call.txt")
    assert "what was printed" in judged.text("evidence/login-ok/captured-stdout-call.txt")


def test_a_broken_set_up_is_looked_into_once_and_all_its_checks_point_there(tree):
    tree.fixture(STACK.format(secret=SECRET, log="x").replace("yield", "raise EngineError('no engine')"))
    tree.check("login-ok", uses="stack")
    tree.check("edge-hub", uses="stack")
    judged = tree.judge()
    assert {check["evidence"] for check in judged.results["checks"]} == {"evidence/login-ok"}
    assert judged.text("evidence/login-ok/hub.log") == "x"
    assert not (judged.folder / "evidence" / "edge-hub").exists()


def test_a_broken_teardown_is_looked_into(tree):
    tree.fixture(STACK.format(secret=SECRET, log="x"))
    tree.fixture("@pytest.fixture\ndef alice(stack):\n    yield\n    raise EngineError('gone')")
    tree.check("login-ok", uses="alice")
    judged = tree.judge()
    assert judged.text("evidence/login-ok/hub.log") == "x"
    assert "gone" in judged.text("evidence/login-ok/traceback-teardown.txt")


def test_a_broken_teardown_takes_nothing_from_what_was_seen_before(tree):
    tree.fixture(STACK.format(secret=SECRET, log="the stack stands"))
    tree.fixture("@pytest.fixture\ndef alice(run, stack):\n    yield\n    run.collectors[:] ="
                 " [lambda folder, since: (folder / 'hub.log').write_text('gone')]\n    raise EngineError('gone')")
    tree.check("login-ok", "assert 1 == 2", uses="alice")
    judged = tree.judge()
    assert judged.text("evidence/login-ok/hub.log") == "the stack stands"
    assert "gone" in judged.text("evidence/login-ok/traceback-teardown.txt")


def test_a_witness_that_fails_is_noted_and_hides_nothing(tree):
    tree.fixture(
        "@pytest.fixture\ndef stack(run):\n"
        "    def logs(folder, since):\n        raise EngineError('no logs')\n"
        "    run.collectors.append(logs)"
    )
    tree.check("login-ok", "assert 1 == 2", uses="stack")
    judged = tree.judge()
    assert judged.outcomes == {"login-ok": "FAIL"}
    assert "no logs" in judged.text("evidence/login-ok/no-logs.txt")


def test_each_failure_has_evidence_of_its_own(tree):
    tree.fixture(STACK.format(secret=SECRET, log="x"))
    for number in range(5):
        tree.check(f"check-{number}", f"assert {number} == -1", uses="stack")
    judged = tree.judge()
    assert [check["evidence"] for check in judged.results["checks"]] == [
        f"evidence/check-{n}" for n in range(5)
    ]
    assert "assert 4 == -1" in judged.text("evidence/check-4/traceback-call.txt")


def test_witnesses_that_take_too_long_leave_what_they_had(tree):
    # SIGALRM is what pytest-timeout has sent to itself when the time is over.
    slow = "def logs(folder, since):\n    (folder / 'a.txt').write_text('seen')\n    signal.raise_signal(signal.SIGALRM)\n"
    tree.fixture(f"import signal\n{slow}@pytest.fixture\ndef stack(run):\n    run.collectors.append(logs)")
    tree.check("login-ok", "assert 1 == 2", uses="stack")
    judged = tree.judge("--timeout=600", subprocess=True)
    assert (judged.code, judged.outcomes) == (1, {"login-ok": "FAIL"})
    assert judged.text("evidence/login-ok/a.txt") == "seen"
    assert "pytest-timeout" in judged.text("evidence/login-ok/unfinished.txt")


def test_a_check_that_passes_leaves_no_evidence(tree):
    tree.fixture(STACK.format(secret=SECRET, log="x"))
    tree.check("login-ok", uses="stack")
    assert not (tree.judge().folder / "evidence").exists()


def test_no_secret_stands_anywhere_in_a_report_or_on_the_terminal(tree):
    tree.fixture(STACK.format(secret=SECRET, log=f"login with {SECRET} and {urllib.parse.quote(SECRET)}"))
    tree.check("login-ok", f"print({SECRET!r})\nassert {SECRET!r} == ''", uses="stack")
    judged = tree.judge()
    files = [path.read_bytes() for path in judged.folder.rglob("*") if path.is_file()]
    assert len(files) == 9
    assert not [
        text
        for text in (*files, "\n".join(judged.lines).encode())
        for form in ("pa&ss", "wo'rd")
        if form.encode() in text
    ]
    assert "login with [redacted] and [redacted]" in judged.text("evidence/login-ok/hub.log")


@given(st.text(min_size=SHORTEST), st.binary(max_size=4), st.text(max_size=4))
def test_every_form_of_a_secret_is_found(secret, before, after):
    redactor = Redactor()
    try:
        redactor.add(secret)
        coded = base64.b64encode(before + secret.strip().encode() + after.encode()).decode()
    except (ValueError, UnicodeEncodeError):
        return  # refused, in words
    for form in (secret, urllib.parse.quote_plus(secret.strip()), json.dumps(secret.strip()), coded):
        assert "[redacted]" in redactor.text(f"before {form} after")


def test_a_secret_of_many_lines_is_redacted_line_by_line():
    redactor = Redactor()
    redactor.add(
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nshort\n-----END PRIVATE KEY-----\n"
    )
    assert redactor.text("key: MIIEvQIBADANBgkqhkiG9w0BAQEFAASC.") == "key: [redacted]."


@pytest.mark.parametrize(
    ("logged", "kept"),
    [
        ("302 /oauth_callback?code=Ab3-x&state=eyJ1 (a@::1)", "302 /oauth_callback?code=[redacted]&state=[redacted] (a@::1)"),
        ("/login?next=%2Fa%3Fstate%3DeyJ1%26client_id%3Dx", "/login?next=%2Fa%3Fstate%3D[redacted]%26client_id%3Dx"),
        ("/channels?session_id=2&token=abc HTTP/1.1", "/channels?session_id=2&token=[redacted] HTTP/1.1"),
        ("was '2|1:0|10:1795699424|5:login|8:NjFiZQ==|" + "6a" * 32 + "'", "was '2|1:0|10:1795699424|5:login|[redacted]'"),
        ("task: exit code=137; state=failed", "task: exit code=137; state=failed"),
    ],
)
def test_what_a_login_leaves_in_addresses_is_redacted(logged, kept):
    assert Redactor().text(logged) == kept


def test_a_secret_too_short_to_redact_is_refused():
    with pytest.raises(ValueError, match="cannot be redacted by value"):
        Redactor().add("abc")


def test_a_picture_is_kept_as_it_is(tmp_path):
    redactor = Redactor()
    redactor.add("IHDR-secret")
    (tmp_path / "page.png").write_bytes(b"\x89PNG....IHDR-secret")
    redactor.sweep(tmp_path)
    assert (tmp_path / "page.png").read_bytes() == b"\x89PNG....IHDR-secret"
