"""Judged runs side by side, on each engine one after the other: a run mostly waits for its swarm."""

import os
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import Protocol, TypeVar

from acceptance import judged
from acceptance.fixtures.engine import reached, sandbox
from acceptance.harness.report.run import Run

AT_ONCE = 3         # sandboxes for many pieces: with two of them two cores are idle for a third of the time
SIDE_BY_SIDE = 2    # sandboxes: a run leaves a machine of two cores idle for two thirds of its time


class Judging(Protocol):
    """Something that is being judged: its process, and the engine that it keeps busy."""

    host: str
    process: subprocess.Popen


Piece = TypeVar("Piece")
Begun = TypeVar("Begun", bound=Judging)


def engines(run: Run, pieces: int, stack: ExitStack, at_once: int = 0) -> list[str]:
    """Where so many pieces are judged: on the engine in use, or on sandboxes of ours, as long as `stack` lasts.

    `at_once` wins over what suits a run that keeps the machine busy.
    """
    if not pieces:
        return []
    if host := reached(run.settings):
        return [host]
    lanes = at_once or min(SIDE_BY_SIDE, os.cpu_count() or 1)
    return [stack.enter_context(sandbox(run.settings, run)) for _ in range(min(pieces, lanes))]


def side_by_side(
    pieces: Iterable[Piece], hosts: Iterable[str], begin: Callable[[Piece, str], Begun], begun: list[Begun]
) -> Iterator[Begun]:
    """Has the pieces judged in their order, one at a time on each of the hosts, and yields each as its process has ended.

    `begun` holds those under way. Whatever ends this early ends them too, and waits until their stacks are gone.
    """
    waiting, free = deque(pieces), list(hosts)
    with ThreadPoolExecutor(max(len(free), 1)) as waiters:
        ends = {}
        try:
            while waiting or begun:
                while waiting and free:
                    begun.append(begin(waiting.popleft(), free.pop(0)))
                    ends[waiters.submit(begun[-1].process.wait)] = begun[-1]
                for end in wait(ends, return_when=FIRST_COMPLETED).done:
                    done = ends.pop(end)
                    begun.remove(done)
                    free.append(done.host)
                    yield done
        finally:
            judged.end(*(each.process for each in begun))
