"""The one wait: it returns what was awaited or raises, says what it saw, gives up on the hopeless."""

import re
import time

import pytest

from acceptance.harness.errors import EngineError, StackError
from acceptance.harness.wait import wait_until


def test_the_awaited_value_is_returned():
    answers = iter([None, "", "running"])
    assert wait_until("a task", lambda: next(answers), deadline=5, every=0.01) == "running"


def test_what_is_there_already_needs_no_time():
    assert wait_until("a task", lambda: "running", deadline=0) == "running"


def test_time_that_runs_out_names_what_how_long_and_what_was_last_seen():
    with pytest.raises(StackError) as raised:
        wait_until("the hub to answer", list, deadline=0.05, every=0.02, hint=lambda: "Err: No such image")
    assert re.fullmatch(
        r"waited 0\.\d s for the hub to answer; last seen: \[\]; Err: No such image", str(raised.value)
    )


def test_what_cannot_get_better_ends_the_wait_at_once():
    start = time.monotonic()
    with pytest.raises(
        StackError, match=r"gave up on the hub after 0\.0 s: rejected: No such image; last seen: None"
    ):
        wait_until("the hub", lambda: None, deadline=60, hopeless=lambda: "rejected: No such image")
    assert time.monotonic() - start < 5


def test_an_error_is_not_an_absence():
    def ask():
        raise EngineError("the engine does not answer")

    with pytest.raises(EngineError):
        wait_until("the service to be gone", ask, deadline=60)


def test_a_hint_that_fails_does_not_hide_the_wait():
    with pytest.raises(StackError, match="waited .* for the hub; .*no hint: ZeroDivisionError"):
        wait_until("the hub", lambda: None, deadline=0, hint=lambda: 1 / 0)


def test_a_long_answer_is_cut_for_the_reader():
    class Answer(list):
        def __repr__(self):
            return "x" * 5000

    with pytest.raises(StackError, match=r"x… \(5000 characters\)$"):
        wait_until("the hub", Answer, deadline=0)
