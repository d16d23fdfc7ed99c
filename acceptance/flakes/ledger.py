"""flakes.jsonl: a line a run, of every state of the tree. Lines are added, and never changed or taken out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acceptance import journal

NOT_WHOLE = {4, 12}  # exits of a run that was refused, or gave not every check an outcome: it does not count as one of N


class Ledger:
    """The runs that were judged alike: at one revision, by one profile, with the same images. `entries` are theirs.

    Runs of other machines count when their lines stand in `published`, which is only read; one in both counts once.
    Without a revision nothing earlier is known to be alike. Raises SettingsError for a file with a line that is none.
    """

    def __init__(self, path: Path, key: Mapping[str, Any], published: Path | None = None):
        self.path, self.key = path, dict(key)
        theirs = journal.entries(published, "revision") if published else []
        ours = [line for line in journal.entries(path, "revision") if line not in theirs]
        known = [*theirs, *ours] if self.key["revision"] else []
        self.entries = [entry for entry in known if self.key.items() <= entry.items()]

    @property
    def whole(self) -> list[dict[str, Any]]:
        """The entries in which every check of the profile has an outcome."""
        return [entry for entry in self.entries if entry["exits"] and not NOT_WHOLE & set(entry["exits"])]

    def add(self, entry: Mapping[str, Any]) -> None:
        """Adds a run at once: an interrupted count goes on from here."""
        self.entries.append({**self.key, **entry})
        journal.add(self.path, self.entries[-1])

    def missing(self, runs: int, fresh: int) -> list[bool]:
        """The runs still to be made, each told whether it is a fresh one; those are spread evenly over all."""
        fresh_ones = max(fresh - sum(entry["fresh"] for entry in self.whole), 0)
        count = max(runs - len(self.whole), fresh_ones)
        return [number in {each * count // fresh_ones for each in range(fresh_ones)} for number in range(count)]
