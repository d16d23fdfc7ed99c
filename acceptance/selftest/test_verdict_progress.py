"""A long step is seen to go on where a person looks on, and the line is gone when it ends."""

import os

import pytest

from acceptance.harness.report import progress
from acceptance.harness.wait import wait_until


@pytest.fixture
def terminal(monkeypatch):
    """A pseudo-terminal: the first end shows what is written to the second."""
    monkeypatch.setattr(progress, "TICK", 0.01)
    seen, written = os.openpty()
    os.set_blocking(seen, False)
    yield seen, written
    os.close(seen)
    os.close(written)


def read(seen):
    """What came so far; nothing is an empty text."""
    try:
        return os.read(seen, 10_000).decode()
    except BlockingIOError:
        return ""


def test_the_line_is_drawn_while_the_step_lasts_and_taken_away(terminal):
    seen, written = terminal
    with progress.Progress(written).shown("deploy"):
        drawn = wait_until("the line", lambda: read(seen), deadline=10, every=0.02)
    assert "phase deploy … 0 s" in drawn
    assert (drawn + read(seen)).endswith(progress.ERASE)


def test_nothing_is_drawn_where_no_terminal_is():
    with progress.Progress(None).shown("deploy") as nothing:
        assert nothing is None
