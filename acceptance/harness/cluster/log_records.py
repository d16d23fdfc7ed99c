"""Lines of a log as records: each begins as its program begins them, and keeps what follows, such as a traceback."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

# How a record begins, by who says it; the proxy writes into the hub's log where the hub starts it.
HEADS = {
    "hub": re.compile(r"\[(?P<level>[A-Z]) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ "),
    "culler": re.compile(r"\[(?P<level>[A-Z]) \d{6} \d\d:\d\d:\d\d "),  # tornado's own form
    "proxy": re.compile(r"(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d\.\d+Z? \[ConfigProxy\] (?:\x1b\[\d+m)?(?P<level>\w+)"),
    "nginx": re.compile(r"(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d|nginx:) \[(?P<level>\w+)\]"),
}
BAD = {"E", "C", "error", "crit", "alert", "emerg"}
TRACEBACK = "Traceback (most recent call last)"
# An end that no logger had a part in, such as Node's or an entry point's; inside a traceback it is its last line.
BARE = re.compile(
    r"(?:[\w.]*(?:Error|Exception)\b|fatal\b|panic\b|error:|critical\b|segmentation fault|(?:Task|Future) exception was never)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """One line of one container of a service, when the engine took it in."""

    service: str
    container: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Record:
    """What one program said at once. `ending` is the exception of a traceback; empty without one."""

    voice: str  # a key of HEADS, or the service's name
    at: datetime
    level: str
    lines: tuple[str, ...]

    @property
    def is_bad(self) -> bool:
        """Whether it is an error, by its level or by a traceback in it."""
        return self.level in BAD or bool(self.ending)

    @property
    def ending(self) -> str:
        """What its last traceback ended in: the first line after it that stands no deeper than its own first line."""
        begins = [number for number, line in enumerate(self.lines) if TRACEBACK in line]
        if not begins:
            return ""
        depth = indent(self.lines[begins[-1]])
        after = (line for line in self.lines[begins[-1] + 1 :] if line.strip() and indent(line) <= depth)
        return next(after, TRACEBACK).strip()

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {self.voice}: {self.lines[0][:300]}" + (f" … {self.ending[:200]}" if self.ending else "")


def indent(line: str) -> int:
    """How deep a line stands."""
    return len(line) - len(line.lstrip())


def records_in(lines: Iterable[Line]) -> list[Record]:
    """The records of several containers, whose lines may stand among each other; by time."""
    by_container: dict[str, list[Line]] = {}
    for line in lines:
        by_container.setdefault(line.container, []).append(line)
    return sorted((record for each in by_container.values() for record in _records(each)), key=lambda record: record.at)


def _records(lines: list[Line]) -> list[Record]:
    """The records of one container."""
    found: list[Record] = []
    for line in lines:
        begun = _begun(line, found[-1] if found else None)
        if begun:
            found.append(begun)
        else:
            last = found[-1]
            found[-1] = Record(last.voice, last.at, last.level, (*last.lines, line.text))
    return found


def _begun(line: Line, last: Record | None) -> Record | None:
    """The record that begins with this line; None where it belongs to the last one."""
    for voice, head in HEADS.items():
        if told := head.match(line.text):
            return Record(voice, line.at, told["level"], (line.text,))
    is_bare = BARE.match(line.text) and not (last and last.ending)
    if is_bare or last is None:
        return Record(line.service, line.at, "error" if is_bare else "", (line.text,))
    return None
