"""Where a moment of a run stands in a picture: in percent of its width, so that a picture fits any screen."""

from datetime import datetime
from typing import NamedTuple

from acceptance.harness.report.course import Course
from acceptance.harness.stopwatch import Span

STEPS = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400)  # seconds from mark to mark
MOST_MARKS = 8  # on a phone there is room for no more
LEAST_WIDTH = 0.2  # percent; what took no time is still seen


class Mark(NamedTuple):
    """A point of the axis, and its words."""

    x: float
    words: str


class Scale:
    """From the beginning of a run to the end of what was timed in it."""

    def __init__(self, began: datetime, ended: datetime) -> None:
        self.began, self.seconds = began, max((ended - began).total_seconds(), 1.0)

    def x(self, moment: datetime) -> float:
        """Where a moment stands."""
        share = (moment - self.began).total_seconds() / self.seconds
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def width(self, span: Span) -> float:
        """How wide a span is drawn."""
        return max(round(self.x(span.ended) - self.x(span.began), 2), LEAST_WIDTH)

    def marks(self) -> list[Mark]:
        """Round numbers of seconds or minutes since the beginning, and no more than fit."""
        step = next((step for step in STEPS if self.seconds / step <= MOST_MARKS), STEPS[-1])
        count = int(self.seconds // step)
        return [Mark(round(100 * step * number / self.seconds, 2), _words(step * number, step)) for number in range(count + 1)]


def scale_of(began: datetime, course: Course) -> Scale:
    """The scale of a run that began then."""
    return Scale(began, course.ended or began)


def _words(seconds: int, step: int) -> str:
    """In one unit all along the axis."""
    return f"{seconds // 60} min" if step % 60 == 0 else f"{seconds} s"
