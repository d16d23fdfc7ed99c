"""Steady requests while something breaks, and how long nobody was served."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event, Thread
from typing import Self

from acceptance.harness.errors import StackError
from acceptance.harness.site.visitor import Visitor
from acceptance.harness.wait import wait_until

ANSWER_WITHIN = 5.0  # seconds; a person has reloaded by then
MOST = 6000  # requests; at the default rate that is ten minutes


@dataclass(frozen=True)
class Sample:
    """One request, in seconds of one clock; `why` it failed, empty if it was served."""

    began: float
    ended: float
    why: str = ""


class Traffic:
    """Asks one path again and again in the background, from `with` to its end, every so many seconds.

    A request is served when it is answered with `expect`. It stops by itself after `MOST` requests. A slow answer
    delays the next question, and is made up for by the ones after it.
    """

    def __init__(self, visitor: Visitor, path: str, *, expect: int = 200, every: float = 0.1) -> None:
        self._visitor = Visitor(visitor.url, visitor.wire.copy())
        self._path, self._expect, self._every = path, expect, every
        self._stop, self._thread = Event(), Thread(target=self._go, name=f"traffic {path}", daemon=True)
        self.samples: list[Sample] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._visitor.wire.close()

    def __repr__(self) -> str:
        told = f"{self.sent} sent, {self.failed} failed {dict(self.failures)}"
        return f"<Traffic {self._path}: {told}, outage {self.outage:.2f} s>"

    @property
    def sent(self) -> int:
        """How many requests have ended."""
        return len(self.samples)

    @property
    def failed(self) -> int:
        """How many of them were not served."""
        return self.failures.total()

    @property
    def is_served(self) -> bool:
        """Whether the last request was served."""
        return bool(self.samples) and not self.samples[-1].why

    @property
    def failures(self) -> Counter[str]:
        """The reasons, with how often each was seen."""
        return Counter(sample.why for sample in list(self.samples) if sample.why)

    @property
    def outage(self) -> float:
        """Seconds of the longest time in which nobody was served."""
        return longest_outage(list(self.samples))

    def _go(self) -> None:
        due = time.monotonic()
        while len(self.samples) < MOST and not self._stop.wait(max(due - time.monotonic(), 0)):
            began = time.monotonic()
            why = self._ask()
            self.samples.append(Sample(began, time.monotonic(), why))
            due = max(due + self._every, began)  # after a long silence at once, but not all that was missed

    def _ask(self) -> str:
        try:
            status = self._visitor.api("GET", self._path, within=ANSWER_WITHIN).status
        except StackError as error:
            return str(error).partition(": ")[2]
        return "" if status == self._expect else f"answered {status}"


def wait_until_served(*traffics: Traffic, deadline: float) -> None:
    """Returns when the last request of each was served. Raises StackError, which tells what they got instead."""
    wait_until("all to be served again", lambda: all(traffic.is_served for traffic in traffics), deadline=deadline,
               hint=lambda: ", ".join(map(repr, traffics)))


class Load:
    """The traffic of several people at once, from `with` to its end, and what came of all of it."""

    def __init__(self, traffics: Iterable[Traffic]) -> None:
        self.traffics = list(traffics)
        self._all = ExitStack()

    def __enter__(self) -> Self:
        for traffic in self.traffics:
            self._all.enter_context(traffic)
        return self

    def __exit__(self, *_: object) -> None:
        self._all.close()

    def __repr__(self) -> str:
        return f"<Load {self.sent} sent, {self.rate:.0f} a second, {self.failed} failed {dict(self.failures)}>"

    @property
    def sent(self) -> int:
        """How many requests have ended."""
        return sum(traffic.sent for traffic in self.traffics)

    @property
    def failed(self) -> int:
        """How many of them were not served."""
        return self.failures.total()

    @property
    def failures(self) -> Counter[str]:
        """The reasons, with how often each was seen."""
        return sum((traffic.failures for traffic in self.traffics), Counter())

    @property
    def rate(self) -> float:
        """Requests a second, from the first that was sent to the last that ended."""
        every = [sample for traffic in self.traffics for sample in list(traffic.samples)]
        if not every:
            return 0.0
        return len(every) / (max(one.ended for one in every) - min(one.began for one in every))


def longest_outage(samples: Sequence[Sample]) -> float:
    """From the sending of the first request that was not served to the answer of the next one that was.

    Where none was served any more, to the end of the last one. 0.0 without a failure. Samples are in order.
    """
    longest, began = 0.0, None
    for sample in samples:
        if sample.why and began is None:
            began = sample.began
        if began is not None:
            longest = max(longest, sample.ended - began)
        if not sample.why:
            began = None
    return longest
