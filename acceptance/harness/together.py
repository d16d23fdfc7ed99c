"""Several at once, as people come: each in a thread of their own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A, B = TypeVar("A"), TypeVar("B")


def together(act: Callable[[A], B], each: Iterable[A]) -> list[B]:
    """act(one) for every one of them, all at the same time; the results in their order.

    Waits for all, then raises ExceptionGroup with everything that any of them raised.
    """
    items = list(each)
    with ThreadPoolExecutor(max_workers=max(1, len(items)), thread_name_prefix="user") as pool:
        futures = [pool.submit(act, item) for item in items]
    errors = [error for future in futures if isinstance(error := future.exception(), Exception)]
    if errors:
        raise ExceptionGroup(f"{len(errors)} of {len(items)} at once went wrong: {errors[0]}", errors)
    return [future.result() for future in futures]
