"""How long something took."""

import time
from typing import Self


class Stopwatch:
    """Counts from its making, or from begin(). As `with Stopwatch() as watch: …` it stands still afterwards."""

    def __init__(self) -> None:
        self._began, self._ended = time.monotonic(), 0.0

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = time.monotonic()

    def __repr__(self) -> str:
        return f"<Stopwatch {self.seconds:.1f} s>"

    def begin(self) -> None:
        """Count from now."""
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds from the beginning to the end, or to now."""
        return (self._ended or time.monotonic()) - self._began
