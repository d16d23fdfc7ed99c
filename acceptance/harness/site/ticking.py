"""A kernel that prints while something breaks, and whether its one websocket brought all of it."""

import time
from threading import Event, Thread
from typing import Self

from acceptance.harness.errors import StackError
from acceptance.harness.site.cell import Cell
from acceptance.harness.site.kernel import Kernel

SILENT_FOR = 20.0  # seconds without a number after which the websocket counts as dropped, open or not
CODE = "import itertools, time\nfor number in itertools.count():\n    print(number, flush=True)\n    time.sleep({every})"


class Ticking:
    """Has a kernel print 0, 1, 2, … in the background, from `with` to its end, and never opens its websocket anew.

    While it ticks nobody else may use the kernel.
    """

    def __init__(self, kernel: Kernel, *, every: float = 0.2) -> None:
        self._kernel, self._code = kernel, CODE.format(every=every)
        self._stop, self._thread = Event(), Thread(target=self._go, name=f"ticking {kernel.ident}", daemon=True)
        self._cell: Cell | None = None
        self.dropped = ""  # why the websocket brings nothing more; empty while it does
        self.longest_silence = 0.0  # seconds between two messages

    def __enter__(self) -> Self:
        self._cell = self._kernel.start(self._code)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def __repr__(self) -> str:
        return f"<Ticking of {self._kernel.ident}: {len(self.numbers)} numbers, {self.dropped or 'not dropped'}>"

    @property
    def numbers(self) -> list[int]:
        """All numbers that came, in the order in which they came."""
        return [int(line) for line in self._cell.output.splitlines()] if self._cell else []

    @property
    def missed(self) -> list[int]:
        """The numbers that did not come, or not in their order, up to the last that came."""
        return sorted(set(range(max(self.numbers, default=-1) + 1)).symmetric_difference(self.numbers))

    def _go(self) -> None:
        try:
            while not self._stop.is_set():
                self._hear()
        except StackError as error:
            self.dropped = str(error)

    def _hear(self) -> None:
        """Waits for one more message. Raises StackError when the websocket is closed or silent."""
        seen, began = len(self._cell.messages), time.monotonic()
        self._kernel.listen(f"number {seen}", lambda: len(self._cell.messages) > seen, SILENT_FOR)
        self.longest_silence = max(self.longest_silence, time.monotonic() - began)
