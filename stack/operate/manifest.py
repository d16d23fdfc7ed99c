"""What a backup says of itself: manifest.json, with a part for each of its files."""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from stack.operate.settings import Refused
from stack.operate.streams import Written
from stack.operate.volumes import Volume

NAME = "manifest.json"
SCHEMA = 1
KINDS = ("database", "secrets", "volume")
# A file of the backup's own folder, whatever its manifest says: it is read as nothing else.
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Part:
    """One file of a backup: what it holds, as of when (read from `began` to `ended`), and how to know it again."""

    file: str
    kind: str
    bytes: int
    sha256: str
    began: str
    ended: str
    volume: Volume | None = None                        # that it was read from, and will be again
    database: str = ""                                  # sqlite or postgresql
    was_in_use: bool = False                            # a volume: its user's server ran
    remarks: list[str] = field(default_factory=list)    # what changed while it was read


@dataclass(frozen=True)
class Manifest:
    """All of a backup. The times are UTC."""

    stack: str
    began: str
    ended: str
    versions: dict[str, str]
    settings: dict[str, str]
    left_out: list[str]
    parts: list[Part]
    schema: int = SCHEMA

    def of_kind(self, kind: str) -> list[Part]:
        """The parts of one kind, in the order of the backup."""
        return [part for part in self.parts if part.kind == kind]

    def write(self, folder: Path) -> None:
        """Write manifest.json, last of all: a folder without one is no backup."""
        path = folder / NAME
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")


def part(kind: str, file: str, written: Written, began: str, **more) -> Part:
    """A part that has just been written."""
    return Part(file, kind, written.bytes, written.sha256, began, now(), remarks=written.remarks, **more)


def now() -> str:
    """This moment, as a manifest tells it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises Refused where there is none, or one that this version did not write."""
    path = folder / NAME
    try:
        told = json.loads(path.read_text())
    except OSError as error:
        raise Refused([f"{folder} is no backup: its {NAME} cannot be read ({error.strerror}). FROM=… names a folder that"
                       " `make backup` made; one called .partial is what is left of a backup that did not end."]) from error
    except ValueError as error:
        raise Refused([f"{path} is no JSON ({error}): it was changed or cut off. Take another backup."]) from error
    try:
        return understood(told)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise Refused([f"{path} is no manifest that this version reads ({error}). Take another backup, or the version of"
                       " this project that wrote it."]) from error


def understood(told: dict) -> Manifest:
    """A manifest from JSON. Raises TypeError, KeyError or ValueError where it has another form."""
    if told["schema"] != SCHEMA:
        raise ValueError(f"schema {told['schema']}, not {SCHEMA}")
    parts = [Part(**{**entry, "volume": Volume(**entry["volume"]) if entry["volume"] else None}) for entry in told["parts"]]
    for each in parts:
        if not PLAIN.fullmatch(each.file) or each.kind not in KINDS or (each.kind == "secrets") != (each.volume is None):
            raise ValueError(f"a part {each.kind} in {each.file}")
    if [part.kind for part in parts if part.kind != "volume"] != ["database", "secrets"]:
        raise ValueError("not one database and one set of secrets")
    if len({each.file for each in parts}) < len(parts):
        raise ValueError("two parts in one file")
    return Manifest(**{**told, "parts": parts})
