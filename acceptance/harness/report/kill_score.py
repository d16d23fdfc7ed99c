"""What the checks of a run are worth: how many broken stacks they were seen to notice, if it was these very checks."""

import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

# Who judges a stack: the checks, and what they are written in. What only reads or tells their outcomes is none of them.
JUDGES = ("conftest.py", "acceptance/test_*.py", "acceptance/checks.lock", "acceptance/fixtures/**/*", "acceptance/harness/**/*")
READERS = ("acceptance/harness/diagnosis/", "acceptance/harness/report/")
MATRIX = "docs/matrix.json"
UNKNOWN = "unknown"


def judges_of(tree: Path) -> str:
    """A hash over the checks and the harness of a tree, by their names and contents; the same with git and without."""
    found = {path.relative_to(tree).as_posix(): path for pattern in JUDGES for path in tree.glob(pattern) if path.is_file()}
    digest = hashlib.sha256()
    for name, path in sorted(found.items()):
        if not name.startswith(READERS) and "__pycache__" not in path.parts:
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def kill_score_of(tree: Path, ids: Collection[str]) -> tuple[dict[str, int] | str, str]:
    """How many faults of the tree's own matrix were killed, and how many checks of `ids` killed one; why it is UNKNOWN."""
    try:
        matrix = json.loads((tree / MATRIX).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return UNKNOWN, f"{MATRIX} cannot be read: {type(error).__name__}"
    if not matrix.get("judges"):
        return UNKNOWN, f"{MATRIX} does not say which checks and harness it is of"
    if matrix["judges"] != judges_of(tree):
        return UNKNOWN, f"{MATRIX} is of other checks or another harness: `make faults`, then `make matrix`"
    return _counted(matrix["faults"], ids), ""


def _counted(rows: list[dict[str, Any]], ids: Collection[str]) -> dict[str, int]:
    """A check killed what it was named for; what else complained of a fault is counted nowhere."""
    faults = [row for row in rows if not row["benign"]]
    killed = [row for row in faults if row["verdict"] == "killed"]
    return {"killed": len(killed), "faults": len(faults), "checks": len({row["kills"] for row in killed} & {*ids})}
