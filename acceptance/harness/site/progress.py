"""The hub's event stream about a spawn: what the pending page tells."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One line of the pending page; `ready` or `failed` ends it."""

    message: str
    progress: int = 0
    ready: bool = False
    failed: bool = False
    url: str = ""  # where a server that is ready is


def events_in(lines: Iterable[bytes]) -> Iterator[Event]:
    """Reads server-sent events up to the one that ends the spawn. Empty lines only keep the connection."""
    for line in lines:
        if not line.startswith(b"data:"):
            continue
        event = json.loads(line.removeprefix(b"data:"))
        yield Event(
            event.get("message", ""),
            event.get("progress", 0),
            event.get("ready", False),
            event.get("failed", False),
            event.get("url", ""),
        )
        if event.get("ready") or event.get("failed"):
            return
