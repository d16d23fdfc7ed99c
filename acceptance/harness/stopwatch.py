"""How long something took."""

import time
from typing import Self


class Stopwatch:
    """`with Stopwatch() as watch: …`; `watch.seconds` counts while it runs, and stands still afterwards."""

    def __init__(self) -> None:
        self._began, self._ended = time.monotonic(), 0.0

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds from the beginning to the end, or to now."""
        return (self._ended or time.monotonic()) - self._began
