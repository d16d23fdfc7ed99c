"""The one wait of the harness: it returns what was awaited, or raises and says what was seen instead."""

import time
from collections.abc import Callable
from typing import TypeVar

from acceptance.harness.errors import StackError

T = TypeVar("T")
SHOWN = 400  # characters of the last thing seen: a whole service spec would bury the message


def wait_until(
    what: str,
    ask: Callable[[], T],
    *,
    deadline: float,
    every: float = 0.2,
    hopeless: Callable[[], str | None] | None = None,
    hint: Callable[[], str] | None = None,
) -> T:
    """Returns the first truthy answer of `ask`, asked every `every` seconds for at most `deadline` seconds.

    Raises StackError when time runs out, or at once when `hopeless` gives a reason why it cannot get better.
    Whatever `ask` raises passes through: an error is not an absence.
    """
    start = time.monotonic()
    while not (seen := ask()):
        waited = time.monotonic() - start
        if hopeless and (reason := hopeless()):
            raise StackError(f"gave up on {what} after {waited:.1f} s: {reason}; last seen: {_shown(seen)}")
        if waited >= deadline:
            told = f"; {_told(hint)}" if hint else ""
            raise StackError(f"waited {waited:.1f} s for {what}; last seen: {_shown(seen)}{told}")
        time.sleep(min(every, max(deadline - waited, 0.0)))
    return seen


def _shown(seen: object) -> str:
    """The repr of the last answer, cut to a length that a person reads."""
    text = repr(seen)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text)} characters)"


def _told(hint: Callable[[], str]) -> str:
    """The hint; its own failure is told beside the wait's, and never in its place."""
    try:
        return hint()
    except Exception as error:  # noqa: BLE001 - whatever it is, the failed wait is the news
        return f"no hint: {type(error).__name__}: {error}"
