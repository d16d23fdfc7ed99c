"""Waivers: broken promises that somebody answers for until a day. Whoever reads the verdict reads them, too."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from acceptance.harness.errors import SettingsError

if TYPE_CHECKING:
    from acceptance.harness.lined import Lined

KEYS = ("check", "reason", "owner", "expires")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Waiver:
    """The outcome of `check` is no obstacle until the end of the day `expires` (UTC), for which `owner` answers."""

    check: str
    reason: str
    owner: str
    expires: date

    def has_expired(self, today: date) -> bool:
        """Whether its last day is over: it then excuses nothing."""
        return self.expires < today

    def told(self) -> dict[str, str]:
        """Its entry in results.json."""
        return asdict(self) | {"expires": self.expires.isoformat()}


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """The waivers of a file. Raises SettingsError with every complaint, each with its line.

    Whether there is such a check, and whether the day has come, is no matter of the file: the verdict says it.
    """
    from acceptance.harness.lined import (
        read,  # settings are read where no yaml is installed yet (sandbox.packages)
    )

    top = read(path)
    listed = top.value if isinstance(top.value, list) else []
    said = [] if listed or top.value in ("", []) else [(top.line, "not a list; begin each entry with `- `")]
    said += [complaint for entry in listed for complaint in _complaints(entry)]
    if said := said or _twice(listed):
        raise SettingsError(f"{path.name}:{line}: {words}" for line, words in said)
    return tuple(Waiver(**_texts(entry) | {"expires": date.fromisoformat(entry.value["expires"].value)}) for entry in listed)


def _texts(entry: "Lined") -> dict[str, str]:
    return {key: lined.value for key, lined in entry.value.items()}


def _complaints(entry: "Lined") -> list[tuple[int, str]]:
    if not isinstance(entry.value, dict):
        return [(entry.line, "not a mapping; write `key: value` lines in it")]
    said = [(lined.line, f"unknown key {key}; an entry has {', '.join(KEYS)}")
            for key, lined in entry.value.items() if key not in KEYS]
    for key in KEYS:
        found = entry.value.get(key)
        if not found or not isinstance(found.value, str) or not found.value.strip():
            said.append(((found or entry).line, f"{key} is missing or says nothing"))
    day = entry.value.get("expires")
    if day and day.value and not _is_day(day.value):
        said.append((day.line, f"expires: {day.value}: no date; write YYYY-MM-DD"))
    return said


def _is_day(text: object) -> bool:
    try:
        return bool(isinstance(text, str) and DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _twice(listed: "list[Lined]") -> list[tuple[int, str]]:
    """A check with two waivers would have two ends."""
    first: dict[str, int] = {}
    said = []
    for entry in listed:
        check = entry.value["check"]
        if check.value in first:
            said.append((check.line, f"{check.value} is waived in line {first[check.value]} already"))
        first.setdefault(check.value, entry.line)
    return said
