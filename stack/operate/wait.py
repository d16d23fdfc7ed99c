"""The operator's one wait. (The harness has its own: neither half may import the other.)"""

import time
from collections.abc import Callable


class RanOut(Exception):
    """A wait that ended without what it waited for; the message says what, for how long, and what was seen."""


def wait_until(what: str, left: Callable[[], str], *, deadline: float, every: float = 0.2) -> None:
    """Return as soon as left() is empty. Raises RanOut after `deadline` seconds with the last that left() said.

    left() may raise RanOut itself for what cannot get better.
    """
    began = time.monotonic()
    while said := left():
        if time.monotonic() - began > deadline:
            raise RanOut(f"waited {deadline:.0f} s for {what}; last seen: {said}")
        time.sleep(every)
