"""A failure is said once on the terminal, in words where the harness has words; the report keeps all of it."""

import pytest

pytest_plugins = "pytester"

STACK = "@pytest.fixture(scope='session')\ndef stack():\n    raise {}"


@pytest.fixture
def broken(tree):
    """Judges a tree of three checks on a stack whose fixture raises this."""

    def judge(error):
        tree.fixture(STACK.format(error))
        for name in ("login-ok", "edge-hub", "spawn-one"):
            tree.check(name, uses="stack")
        return tree.judge()

    return judge


def count(judged, words):
    """How many lines of the terminal hold these words."""
    return sum(words in line for line in judged.lines)


@pytest.mark.parametrize("kind", ["EngineError", "StackError", "SettingsError"])
def test_a_fixture_that_fails_in_words_is_said_once_and_without_a_traceback(broken, kind):
    judged = broken(f"{kind}('the engine is away: start it')")
    assert count(judged, "the engine is away: start it") == 1
    assert count(judged, "Error:") + count(judged, "Traceback") + count(judged, ".py:") == 0
    assert count(judged, "as login-ok") == 2


def test_the_report_keeps_the_words_of_every_check_and_the_traceback_of_the_first(broken):
    judged = broken("EngineError('the engine is away: start it')")
    assert {check["reason"] for check in judged.results["checks"]} == {"setup: the engine is away: start it"}
    assert {check["evidence"] for check in judged.results["checks"]} == {"evidence/login-ok"}
    assert "EngineError" in judged.text("evidence/login-ok/traceback-setup.txt")


def test_a_fixture_with_a_mistake_of_its_own_shows_its_traceback_once(broken):
    judged = broken("KeyError('HTTPS_PORT')")
    assert count(judged, "ERROR at setup of") == 1
    assert count(judged, "as login-ok") == 2


GROUP = """
errors = [StackError('alice got no answer'), OSError('a socket broke')]
raise ExceptionGroup('2 of 2 at once went wrong', errors) from ValueError('of a ' + 'library')
"""


def test_a_check_that_failed_in_words_shows_where_it_stood_and_no_library(tree):
    tree.check("login-ok", "try:\n    1 / 0\nexcept ArithmeticError as error:\n    raise StackError('no answer') from error")
    judged = tree.judge()
    assert (judged.code, count(judged, "test_it.py:"), count(judged, "E   StackError: no answer")) == (1, 1, 1)
    assert count(judged, "ZeroDivisionError") == 0
    assert "ZeroDivisionError" in judged.text("evidence/login-ok/traceback-call.txt")


def test_several_errors_at_once_are_a_line_each(tree):
    tree.check("spawn-many", GROUP)
    judged = tree.judge()
    assert (count(judged, "E   StackError: alice got no answer"), count(judged, "E   OSError: a socket broke")) == (1, 1)
    assert count(judged, "Traceback") + count(judged, "of a library") == 0


def test_an_assert_keeps_what_pytest_says_of_it(tree):
    tree.check("login-ok", "assert [1, 2] == [1, 3]")
    assert count(tree.judge(), "At index 1 diff: 2 != 3") == 1


def test_all_complaints_about_the_input_stand_in_lines_of_their_own(broken):
    judged = broken("SettingsError(['HUB_IMAGE=nope:1 is nowhere', 'Port 443 is taken'])")
    assert [line.strip() for line in judged.lines if "nope:1" in line or "443" in line] == [
        "4: HUB_IMAGE=nope:1 is nowhere",
        "Port 443 is taken",
    ]
