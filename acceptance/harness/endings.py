"""What ends a run from outside, made into what Ctrl-C is: evidence is kept and everything is removed."""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from acceptance.harness.errors import StackError

SIGNALS = (signal.SIGTERM, signal.SIGHUP)  # the end of a job, and a closed terminal


@contextmanager
def heard() -> Iterator[None]:
    """Raises KeyboardInterrupt with the signal's name where one of SIGNALS arrives; for the main thread."""

    with _handled(SIGNALS, _interrupt):
        yield


@contextmanager
def heard_once() -> Iterator[None]:
    """heard(), of Ctrl-C too, for the first of them all: whoever ends already is not disturbed by more.

    One stop may come as several signals: `timeout` and systemd send SIGTERM to the whole group, and GNU make passes its own on.
    """
    came: list[int] = []

    def end(number: int, frame: object) -> None:
        came.append(number)
        if len(came) == 1:
            _interrupt(number, frame)

    with _handled((signal.SIGINT, *SIGNALS), end):
        yield


@contextmanager
def unheard() -> Iterator[None]:
    """None of them is heard, neither here nor by a command that is begun here; for the main thread."""
    with _handled((signal.SIGINT, *SIGNALS), signal.SIG_IGN):
        yield


def _interrupt(number: int, _frame: object) -> None:
    raise KeyboardInterrupt(signal.Signals(number).name)


@contextmanager
def _handled(signals: Iterable[int], handler: Callable[[int, object], None] | signal.Handlers) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in signals}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


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
