"""How far a long proof is, and about how long it takes yet."""

import time
from collections.abc import Callable

EACH = 10  # faults between two lines in a log


class Schedule:
    """So many pieces of about the same length, on lanes side by side."""

    def __init__(self, pieces: int, lanes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._pieces, self._lanes, self._clock, self._done = pieces, max(lanes, 1), clock, 0
        self._began = clock()

    def done(self) -> None:
        """One more has ended."""
        self._done += 1

    @property
    def is_worth_telling(self) -> bool:
        """After each ten, and not when all is done."""
        return self._done % EACH == 0 and self._done < self._pieces

    def told(self) -> str:
        """In words: done, of how many, and the time that is left as soon as it can be guessed."""
        rest = self._pieces - self._done
        if self._done < self._lanes or not rest:
            return f"{self._done}/{self._pieces}"
        minutes = (self._clock() - self._began) / self._done * rest / 60
        return f"{self._done}/{self._pieces}, about {minutes:.0f} min left"
