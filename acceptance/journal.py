"""A file of JSON lines, a line a run: lines are added whole, by several at once too, and never changed or taken out."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acceptance.harness.errors import SettingsError


def add(path: Path, entry: Mapping[str, Any]) -> None:
    """Adds a line in one write to the end, wherever that is by then; never to a line that a full disk has cut off.

    Raises OSError where it could not be written whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    line = (json.dumps(entry, ensure_ascii=False) + "\n").encode()
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        line = b"\n" + line if _is_cut_off(file) else line  # two who see it at once leave an empty line, which is none
        if (written := os.write(file, line)) != len(line):
            raise OSError(f"{path}: {written} of {len(line)} bytes were written; is the disk full? Take the broken last line out")
    finally:
        os.close(file)


def entries(path: Path, key: str) -> list[dict[str, Any]]:
    """All lines, oldest first; none if there is no file. Raises SettingsError for one that is no entry with this key."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""  # cut off within a letter, too
    return [_parsed(path, number, line, key) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _is_cut_off(file: int) -> bool:
    size = os.fstat(file).st_size
    return size > 0 and os.pread(file, 1, size - 1) != b"\n"


def _parsed(path: Path, number: int, line: str, key: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict) or key not in entry:
        raise SettingsError([f"{path}: line {number} tells of no run; take it out, or move the file away to count anew"])
    return entry
