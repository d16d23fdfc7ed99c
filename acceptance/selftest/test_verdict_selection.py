"""Which checks a run asks, in which order; and that a wrong marker is told rather than left out."""

import pytest

from acceptance import checks_lock
from acceptance.harness.errors import SettingsError
from acceptance.harness.report.check import Check, lock_text, read_lock

pytest_plugins = "pytester"


@pytest.mark.parametrize(
    ("profile", "ids"),
    [("smoke", "a"), ("core", "a b"), ("full", "a b c"), ("image", "a b d")],
)
def test_profiles_contain_each_other(tree, profile, ids):
    for name, own in (("a", "smoke"), ("b", "core"), ("c", "full"), ("d", "image")):
        tree.check(name, profile=own)
    judged = tree.judge(f"--profile={profile}")
    assert (judged.code, " ".join(judged.outcomes)) == (0, ids)


def test_disruptive_checks_come_last_and_after_all_what_judges_the_whole_run(tree):
    for name, cls in (("removal", "d"), ("logs-clean", "r"), ("orphans", "c"), ("hub-killed", "d"), ("login-ok", "c"),
                      ("edge-hub", "r")):
        tree.check(name, cls=cls)
    assert list(tree.judge().outcomes) == ["edge-hub", "login-ok", "hub-killed", "orphans", "logs-clean", "removal"]


def test_a_stack_that_is_kept_is_not_judged_on_its_removal(tree):
    tree.check("login-ok")
    tree.check("removal", cls="d")
    judged = tree.judge("--keep")
    assert (judged.outcomes, judged.results["verdict"]) == ({"login-ok": "PASS"}, "PARTIAL")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def test_x():\n    '''X.'''", "a check carries one @pytest.mark.check"),
        (
            "@pytest.mark.check('x', profile='smoek', cls='r')\ndef test_x():\n    '''X.'''",
            "profile is one of",
        ),
        ("@pytest.mark.check('x', profile='smoke', cls='x')\ndef test_x():\n    '''X.'''", "cls one of"),
        ("@pytest.mark.check('X y', profile='smoke', cls='r')\ndef test_x():\n    '''X.'''", "not an id"),
        (
            "@pytest.mark.check('x', profile='smoke', cls='r')\ndef test_x():\n    pass",
            "docstring says what a person gains",
        ),
        (
            "@pytest.mark.parametrize('n', [1, 2])\n@pytest.mark.check('x', profile='smoke', cls='r')\n"
            "def test_x(n):\n    '''X.'''",
            "check x: one test an id",
        ),
    ],
)
def test_a_wrong_marker_ends_4_in_words(tree, source, words):
    tree.fixture(source)
    judged = tree.judge()
    assert judged.code == 4
    assert any(words in line for line in judged.lines)


def test_selftests_are_plain_tests(tree):
    tree.check("login-ok")
    (tree.path / "acceptance" / "selftest").mkdir()
    (tree.path / "acceptance" / "selftest" / "test_it_too.py").write_text("def test_one():\n    pass\n")
    selftest, checks = tree.judge(where="acceptance/selftest"), tree.judge()
    assert (selftest.code, "1 passed" in selftest.last) == (0, True)
    assert list(checks.outcomes) == ["login-ok"]
    both = tree.judge("acceptance/selftest")
    assert (both.code, any("run apart" in line for line in both.lines)) == (4, True)


def test_checks_are_not_run_side_by_side(tree):
    tree.check("login-ok")
    spread = tree.judge("-n2")
    assert (spread.code, any("-n 2: checks share one stack" in line for line in spread.lines)) == (4, True)


def test_no_selftest_selected_is_no_success(tree):
    (tree.path / "acceptance" / "selftest").mkdir()
    assert tree.judge(where="acceptance/selftest").code == 12


def test_a_lock_is_read_as_it_is_written(tmp_path):
    checks = [Check("b", "core", "d", ("docker",), "B."), Check("a", "smoke", "r", (), "A.")]
    (tmp_path / "checks.lock").write_text(lock_text(checks))
    assert read_lock(tmp_path / "checks.lock") == sorted(checks, key=lambda check: check.id)


@pytest.mark.parametrize("text", [None, "login-ok smoke r - no tabs\n"])
def test_a_lock_that_is_missing_or_broken_says_how_to_mend_it(tmp_path, text):
    if text:
        (tmp_path / "checks.lock").write_text(text)
    with pytest.raises(SettingsError, match="python -m acceptance.checks_lock"):
        read_lock(tmp_path / "checks.lock")


def test_checks_lock_is_what_the_checks_say():
    assert checks_lock.LOCK.read_text() == lock_text(checks_lock.collected())
