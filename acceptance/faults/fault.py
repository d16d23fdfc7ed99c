"""One fault: a small declared change to the tree or its surroundings, and the check that must notice it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from acceptance.faults.category import category_of
from acceptance.faults.patch import Patch
from acceptance.harness.errors import SettingsError

KEYS = ("id", "story", "source", "patch", "kills", "words", "benign")
FOLDER = Path(__file__).parent
FURTHER = FOLDER / "further"  # near relatives of those, which `make faults` has no time for


@dataclass(frozen=True)
class Fault:
    """A fault as its file tells it: `acceptance/faults/ID.yaml`, with exactly the keys of KEYS."""

    id: str
    story: str  # what a real operator did
    source: str  # where it was met: an issue, a manual, a fact
    patch: Patch
    kills: str  # the id of the check that must FAIL; empty for a benign change
    words: tuple[str, ...]  # the observed cause: one of them stands in the reason or the evidence
    benign: bool
    path: Path

    @property
    def category(self) -> str:
        """What kind of mistake it is, by what its patch touches."""
        return category_of(self.patch)


def load(path: Path) -> Fault:
    """The fault of a file. Raises SettingsError with every complaint about it."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: cannot be read as YAML: {error}") from error
    complaints = _complaints(data, path)
    if complaints:
        raise SettingsError(f"{path.name}: {complaint}" for complaint in complaints)
    patch = Patch(**data["patch"])
    return Fault(
        **{
            **data,
            "patch": patch,
            "kills": data["kills"] or "",
            "words": tuple(data["words"] or ()),
            "path": path,
        }
    )


def load_all(folder: Path, ids: Iterable[str] = ()) -> list[Fault]:
    """The faults of a folder, or the named ones. Raises SettingsError with all complaints about all files.

    A name that is none of our own faults is looked for among the further ones.
    """
    paths = [_path(folder, name) for name in sorted(ids)] or sorted(folder.glob("*.yaml"))
    complaints = [f"{path.name}: no such fault in {folder}" for path in paths if not path.is_file()]
    faults = []
    for path in (path for path in paths if path.is_file()):
        try:
            faults.append(load(path))
        except SettingsError as error:
            complaints += error.complaints
    if complaints:
        raise SettingsError(complaints)
    return faults


def _path(folder: Path, name: str) -> Path:
    further = FURTHER / f"{name}.yaml"
    return further if folder == FOLDER and further.is_file() else folder / f"{name}.yaml"


def _complaints(data: Any, path: Path) -> list[str]:
    """What is wrong with the content of a fault file, all of it."""
    if not isinstance(data, dict) or sorted(data) != sorted(KEYS):
        given = ", ".join(map(str, data)) if isinstance(data, dict) else type(data).__name__
        return [f"has to have exactly the keys {', '.join(KEYS)}; it has {given}"]
    found = [f"id {data['id']!r} is not the file's name"] if data["id"] != path.stem else []
    found += [
        f"{key} is empty: it is what the next person learns from"
        for key in ("story", "source")
        if not data[key]
    ]
    found += _promise_complaints(data)
    return found + Patch.complaints(data["patch"])


def _promise_complaints(data: dict[str, Any]) -> list[str]:
    """A fault says who must notice it and by which words; a benign change must be noticed by nobody."""
    words = data["words"] or []
    if data["benign"] not in (True, False):
        return ["benign is true or false"]
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        return ["words is a list of texts"]
    if data["benign"]:
        return ["a benign change kills nothing and has no words"] if data["kills"] or words else []
    return (
        []
        if isinstance(data["kills"], str) and data["kills"] and words
        else ["kills names a check, words its observed cause"]
    )


def told_by_checks(faults: Iterable[Fault], checks: Path) -> list[str]:
    """Complaints about words that stand in a check's own source: they are found whatever the cause."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(checks.glob("test_*.py"))}
    return [
        f"{fault.id}: the words {word!r} stand in {name}; choose words that only the broken stack says"
        for fault in faults
        for word in fault.words
        for name, text in sources.items()
        if word in text
    ]
