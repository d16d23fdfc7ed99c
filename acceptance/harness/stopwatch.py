"""How long something took, and when that was."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self


@dataclass(frozen=True)
class Span:
    """Something that went on for a while, by its name: from when (UTC), and for how many seconds."""

    name: str
    began: datetime
    seconds: float

    @classmethod
    def until(cls, name: str, began: datetime, ended: datetime) -> Self:
        """The span between two moments."""
        return cls(name, began, (ended - began).total_seconds())

    @property
    def ended(self) -> datetime:
        """When it was over."""
        return self.began + timedelta(seconds=self.seconds)


class Stopwatch:
    """Counts from its making, or from begin(). As `with Stopwatch() as watch: …` it stands still afterwards."""

    def __init__(self) -> None:
        self.begin()

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = time.monotonic()

    def __repr__(self) -> str:
        return f"<Stopwatch {self.seconds:.1f} s>"

    def begin(self) -> None:
        """Count from now."""
        self._at, self._began, self._ended = datetime.now(UTC), time.monotonic(), 0.0

    @property
    def seconds(self) -> float:
        """Seconds from the beginning to the end, or to now."""
        return (self._ended or time.monotonic()) - self._began

    def span(self, name: str) -> Span:
        """What was timed, under a name."""
        return Span(name, self._at, self.seconds)
