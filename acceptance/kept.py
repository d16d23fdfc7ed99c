"""What many judged deployments were last worth, at one state of what was judged; another state begins anew."""

import json
from pathlib import Path
from typing import Any


class Kept:
    """A file of entries by id: an interrupted proof goes on from here. Without a revision nothing is resumed.

    `also` is what else the file says of that revision.
    """

    def __init__(self, path: Path, name: str, revision: str, **also: str):
        self.path, self.revision, self._name, self._also = path, revision, name, also
        told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.entries: dict[str, dict[str, Any]] = told[name] if revision and told.get("revision") == revision else {}

    def add(self, name: str, entry: dict[str, Any]) -> None:
        """Takes an entry in, and writes the file whole."""
        self.entries[name] = entry
        told = {"revision": self.revision, **self._also, self._name: self.entries}
        text = json.dumps(told, indent=2, ensure_ascii=False)
        unfinished = self.path.with_suffix(".new")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.replace(self.path)
