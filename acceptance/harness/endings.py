"""What ends a run from outside, made into what Ctrl-C is: evidence is kept and everything is removed."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from acceptance.harness.errors import StackError

SIGNALS = (signal.SIGTERM, signal.SIGHUP)  # the end of a job, and a closed terminal


@contextmanager
def heard() -> Iterator[None]:
    """Raises KeyboardInterrupt with the signal's name where one of SIGNALS arrives; for the main thread."""

    def end(number: int, _frame: object) -> None:
        raise KeyboardInterrupt(signal.Signals(number).name)

    before = {number: signal.signal(number, end) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def at_most(seconds: float, told: Callable[[], str]) -> Iterator[None]:
    """Raises StackError with what is `told` where the block takes longer, whatever it waits for; for the main thread."""

    def end(_number: int, _frame: object) -> None:
        raise StackError(told())

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def named(error: KeyboardInterrupt) -> str:
    """What ended the run, in words."""
    return f"interrupted by {str(error) or 'Ctrl-C'}"
