"""A hub image that the gate has to judge rightly, and what it is worth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from acceptance.harness.errors import SettingsError
from acceptance.harness.report.check import Check

FOLDER = Path(__file__).parent
FILE = FOLDER / "images.yaml"
KEYS = ("id", "story", "options", "settings", "exit", "fails", "cause")


@dataclass(frozen=True)
class HubImage:
    """An entry of images.yaml: `options` of the harness, `settings` of `make deploy`, and what a right verdict says."""

    id: str
    story: str
    options: Mapping[str, str]
    settings: Mapping[str, str]
    exit: int
    fails: tuple[str, ...]
    cause: str

    @property
    def as_check(self) -> Check:
        """The image as a report knows it: a promise of the gate, that it is judged rightly."""
        return Check(self.id, "image", "d", (), f"Judged rightly: {self.story}")

    @property
    def given(self) -> dict[str, str]:
        """The options with the paths of the images that lie here."""
        return {name: str(FOLDER / value) if (FOLDER / value).is_dir() else value for name, value in self.options.items()}

    @property
    def asked(self) -> dict[str, Any]:
        """What its verdict is of, besides the tree: a verdict on something else is none on it."""
        return {"options": dict(self.options), "settings": dict(self.settings)}

    def faults_of(self, measured: Mapping[str, Any]) -> list[str]:
        """What is wrong with a verdict on it, in words; empty for a right one."""
        if measured["asked"] != self.asked:
            return ["another image, or one with other settings, was judged"]
        if measured["exit"] is None:
            return ["the judged run left no results"]
        broken, said = measured["failing"], measured["diagnosis"]["cause"] or ""
        found = [f"exit {measured['exit']} instead of {self.exit}"] if measured["exit"] != self.exit else []
        found += [f"{name} was not found broken" for name in self.fails if name not in broken]
        found += [f"{name} was called broken" for name in broken if name not in self.fails]
        return found + ([f"the cause is {said!r} instead of {self.cause!r}"] if not said.startswith(self.cause) else [])


def failing(results: Mapping[str, Any] | None) -> list[str]:
    """The promises that were broken, of results.json."""
    return [check["id"] for check in results["checks"] if check["outcome"] == "FAIL"] if results else []


def load(ids: tuple[str, ...], locked: Iterable[Check]) -> list[HubImage]:
    """The images, or the named ones, in the file's order. Raises SettingsError with all complaints about them."""
    entries, known = yaml.safe_load(FILE.read_text(encoding="utf-8")), {check.id for check in locked}
    complaints = [f"{FILE.name}: {entry.get('id')} has the keys {', '.join(KEYS)}, and no others"
                  for entry in entries if set(entry) != set(KEYS)]
    complaints += [f"{FILE.name}: {entry['id']}: no check {name} in checks.lock"
                   for entry in entries for name in entry.get("fails", ()) if name not in known]
    complaints += [f"{FILE.name} has no image {name}" for name in ids if name not in {entry.get("id") for entry in entries}]
    if complaints:
        raise SettingsError(complaints)
    return [HubImage(**{**entry, "fails": tuple(entry["fails"])}) for entry in entries if not ids or entry["id"] in ids]
