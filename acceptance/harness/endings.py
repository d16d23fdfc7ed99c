"""What ends a run from outside, made into what Ctrl-C is: evidence is kept and everything is removed."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

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


def named(error: KeyboardInterrupt) -> str:
    """What ended the run, in words."""
    return f"interrupted by {str(error) or 'Ctrl-C'}"
