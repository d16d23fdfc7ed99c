"""A kernel's output over one websocket: all of it came, or it is told what did not."""

import pytest

from acceptance.harness.errors import StackError
from acceptance.harness.site import Ticking
from acceptance.harness.site.cell import Cell
from acceptance.harness.site.protocol import Message
from acceptance.harness.wait import wait_until


class Kernel:
    """A kernel whose websocket brings these messages, and then closes; `None` is one that brings nothing any more."""

    ident = "paper"

    def __init__(self, *texts):
        self.texts = list(texts)

    def start(self, code):
        self.cell = Cell(self, code)
        return self.cell

    def listen(self, what, until, deadline):
        if not self.texts:
            raise StackError("websocket is closed: code 1006")
        if (text := self.texts.pop(0)) is None:
            raise StackError(f"waited {deadline} s for {what}")
        self.cell.note(message(text))


def message(text):
    """One line of stdout as the kernel sends it."""
    given = {"kind": "stream", "content": {"name": "stdout", "text": text}, "parent": "", "buffers": []}
    return Message(**{name: value for name, value in given.items() if name in Message.__dataclass_fields__})


def ticked(*texts):
    """A ticking that ran until its websocket brought nothing more."""
    with Ticking(Kernel(*texts)) as ticking:
        wait_until("the end", lambda: ticking.dropped, deadline=5, every=0.01)
    return ticking


def test_what_came_is_counted_also_where_lines_came_together():
    ticking = ticked("0\n", "1\n2\n", "3\n")
    assert (ticking.numbers, ticking.missed) == ([0, 1, 2, 3], [])


@pytest.mark.parametrize(("texts", "missed"), [(["0\n", "2\n"], [1]), (["1\n"], [0]), ([], [])])
def test_what_did_not_come_is_named(texts, missed):
    assert ticked(*texts).missed == missed


def test_a_closed_and_a_silent_websocket_are_both_dropped():
    assert "code 1006" in ticked("0\n").dropped
    assert "waited 20.0 s for number 1" in ticked("0\n", None).dropped
