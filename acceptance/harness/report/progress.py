"""Shows on a terminal that a long step goes on; elsewhere the step's line at its end must do."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TICK = 0.5  # seconds between two drawings of the line
WIDTH = 50  # characters of the detail: the line must not wrap, or it could not be taken away
ERASE = "\r\x1b[K"


class Progress:
    """One live line on `terminal`, a file descriptor of its own, so that it passes by pytest's capturing."""

    def __init__(self, terminal: int | None = None) -> None:
        self._terminal = terminal

    @contextmanager
    def shown(self, name: str, detail: Callable[[], str] = str) -> Iterator[None]:
        """Draws `name` with its elapsed seconds and what `detail` says, until the step ends, and takes the line away."""
        if self._terminal is None:
            yield
            return
        over = threading.Event()
        drawer = threading.Thread(target=self._draw, args=(name, detail, over), daemon=True)
        drawer.start()
        try:
            yield
        finally:
            over.set()
            drawer.join()

    def _draw(self, name: str, detail: Callable[[], str], over: threading.Event) -> None:
        start = time.monotonic()
        while not over.wait(TICK):
            self._write(f"{ERASE}phase {name} … {time.monotonic() - start:.0f} s  {detail()[:WIDTH]}")
        self._write(ERASE)

    def _write(self, text: str) -> None:
        os.write(self._terminal, text.encode())
