"""Waivers: broken promises that somebody answers for until a day. Whoever reads the verdict reads them, too."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from acceptance.harness.errors import SettingsError
from acceptance.harness.written import Entry, entries

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
    found = entries(path)
    complaints = [complaint for entry in found for complaint in _complaints(entry)] or _twice(found)
    if complaints:
        raise SettingsError(complaints)
    return tuple(Waiver(**entry.values | {"expires": date.fromisoformat(entry.values["expires"])}) for entry in found)


def _complaints(entry: Entry) -> list[str]:
    said = [entry.complaint(f"unknown key {key}; an entry has {', '.join(KEYS)}", key)
            for key in entry.values if key not in KEYS]
    said += [entry.complaint(f"{key} is missing or says nothing", key)
             for key in KEYS if not isinstance(entry.values.get(key, ""), str) or not entry.values.get(key, "").strip()]
    day = entry.values.get("expires")
    return said + ([entry.complaint(f"expires: {day}: no date; write YYYY-MM-DD", "expires")] if day and not _is_day(day) else [])


def _is_day(text: object) -> bool:
    try:
        return bool(isinstance(text, str) and DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _twice(found: list[Entry]) -> list[str]:
    """A check with two waivers would have two ends."""
    first: dict[str, int] = {}
    for entry in found:
        first.setdefault(entry.values["check"], entry.line)
    return [entry.complaint(f"{entry.values['check']} is waived in line {first[entry.values['check']]} already", "check")
            for entry in found if entry.line != first[entry.values["check"]]]
