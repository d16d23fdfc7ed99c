"""One way to deploy the stack, and which checks judge it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from acceptance.harness.errors import SettingsError
from acceptance.harness.report.check import Check
from acceptance.harness.report.outcome import Outcome

FILE = Path(__file__).with_name("rows.yaml")
KEYS = ("id", "story", "settings", "checks")
NARROWED = 12  # what a run of chosen checks says of itself
PARTS = 2  # of a whole row, each on a stack of its own: one of them alone takes longer than all other rows together
IN_EACH = "logs-clean"  # judges what all checks of its stack left in the logs


@dataclass(frozen=True)
class Row:
    """A row of rows.yaml: `settings` of `make deploy`, and `checks` besides the smoke profile's, or ("all",).

    Part number `part` of a whole row, from 1 on, has every second of them; 0 is the row itself.
    """

    id: str
    story: str
    settings: dict[str, str] = field(default_factory=dict)
    checks: tuple[str, ...] = ()
    part: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every check that exists judges it."""
        return self.checks == ("all",)

    @property
    def as_check(self) -> Check:
        """The row as a report knows it: a promise with an outcome of its own."""
        return Check(self.id, "full", "d", (), self.story)

    @property
    def parts(self) -> list["Row"]:
        """What is judged side by side: the row, or the parts of a whole one."""
        if not self.is_whole:
            return [self]
        return [replace(self, id=f"{self.id}-{part}of{PARTS}", part=part) for part in range(1, PARTS + 1)]

    def wanted(self, locked: Iterable[Check]) -> list[str]:
        """The ids of the checks that judge it, of those in checks.lock."""
        found = [each.id for each in locked if each.is_in("full" if self.is_whole else "smoke") or each.id in self.checks]
        if not self.part:
            return found
        return [name for place, name in enumerate(found) if place % PARTS == self.part - 1 or name == IN_EACH]


def load(path: Path, locked: Iterable[Check], ids: tuple[str, ...] = ()) -> list[Row]:
    """The rows of a file, or the named ones, in their parts and the file's order. Raises SettingsError with all complaints."""
    entries, known = yaml.safe_load(path.read_text(encoding="utf-8")), {check.id for check in locked}
    complaints = [complaint for entry in entries for complaint in _complaints(entry, known)]
    complaints += [f"{path.name} has no row {name}" for name in ids if name not in {entry.get("id") for entry in entries}]
    if complaints:
        raise SettingsError(complaints)
    rows = [Row(**{**entry, "checks": tuple(entry["checks"])}) for entry in entries]
    return [part for row in rows if not ids or row.id in ids for part in row.parts]


def _complaints(entry: dict[str, Any], known: set[str]) -> list[str]:
    if set(entry) != set(KEYS):
        return [f"row {entry.get('id')}: has the keys {', '.join(KEYS)}, and no others"]
    unknown = set(entry["checks"]) - known - {"all"}
    return [f"row {entry['id']}: no check {name} in checks.lock" for name in sorted(unknown)]


def verdict_on(wanted: Iterable[str], results: dict[str, Any] | None) -> tuple[Outcome, str]:
    """What a judged run says of its row, and why; pure. Nothing counts that has no outcome."""
    if results is None:
        return Outcome.ERROR, "the judged run left no results"
    found = {check["id"]: check for check in results["checks"]}
    failed = [f"{each['id']}: {each['reason'].partition(chr(10))[0]}" for each in found.values() if each["outcome"] == "FAIL"]
    if failed or {10, 11} & set(results["exits"]):
        return Outcome.FAIL, "; ".join(failed) or f"exit {results['exit']}: {', '.join(results['leftovers']) or 'never came up'}"
    lost = [name for name in wanted if name not in found or found[name]["outcome"] != "PASS"]
    if lost or set(results["exits"]) - {0, NARROWED}:
        return Outcome.ERROR, f"not judged: {', '.join(lost) or 'the run'} (exit {results['exit']})"
    return Outcome.PASS, ""


def kept_of(wanted: Iterable[str], results: dict[str, Any] | None) -> int:
    """How many of the wanted checks passed: `-k` takes along those that have a wanted one's name as a part of their own."""
    passed = {check["id"] for check in results["checks"] if check["outcome"] == "PASS"} if results else set()
    return len(passed.intersection(wanted))
