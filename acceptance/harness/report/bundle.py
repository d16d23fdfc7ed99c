"""Evidence of a run in which all went well, small enough to be kept of every one: what a failed run is compared with."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

MOST = 900_000      # bytes of the whole bundle
DEEP = 5            # parts of a path by which requests are told apart
# Whose it is, and which one: /user/alice/api/kernels/0b1f… is a request like bob's.
OWN = re.compile(r"(?<=/user/)[^/]+|(?<=/users/)[^/]+|(?<=/spawn/)[^/]+|(?<=/spawn-pending/)[^/]+|(?<=/)[0-9a-f-]{16,}(?=/|$)")


def requests_of(lines: Iterable[str]) -> str:
    """What the edge was asked, from its log among others: a line a kind of request and status, how often and how long."""
    seconds: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    for entry in filter(None, map(_request, lines)):
        path = "/".join(OWN.sub("*", entry["path"].partition("?")[0]).split("/")[: DEEP + 1])
        seconds[path, entry["method"], entry["status"]].append(entry["seconds"])
    told = [f"{len(each):>6} {min(each):>8.3f} {median(each):>8.3f} {max(each):>8.3f}  {status} {method} {path}"
            for (path, method, status), each in sorted(seconds.items())]
    return "\n".join([f"{'count':>6} {'min s':>8} {'median':>8} {'max':>8}  request", *told, ""])


def _request(line: str) -> dict[str, Any] | None:
    """The entry that a line of a log holds behind its time stamp, if it is one of the edge's requests."""
    try:
        entry = json.loads(line[line.index("{") :])
    except ValueError:
        return None
    return entry if {"path", "method", "status", "seconds"} <= entry.keys() else None


def lines_of(paths: Iterable[Path]) -> Iterator[str]:
    """Every line of these files."""
    for path in paths:
        yield from path.read_text(encoding="utf-8", errors="replace").splitlines()


def cut(folder: Path, most: int = MOST) -> None:
    """Leaves the folder's texts `most` bytes together: of the largest ones only the last lines, and how much is gone."""
    paths = sorted((path for path in folder.iterdir() if path.suffix in (".txt", ".json")), key=lambda path: path.stat().st_size)
    for number, path in enumerate(paths):
        room = most // (len(paths) - number)    # what small ones did not need is there for the large ones
        if path.stat().st_size > room:
            path.write_bytes(tail(path.read_bytes(), room))
        most -= path.stat().st_size


def tail(data: bytes, room: int) -> bytes:
    """The last whole lines of a text that take no more than `room` bytes, with a first line about what is gone."""
    note = b"(%d bytes before this are left out)\n"
    kept = data[-max(room - len(note) - 12, 1) :].partition(b"\n")[2]
    return note % (len(data) - len(kept)) + kept
