"""The state of a tree as one name: what was found at one state says nothing of another."""

import hashlib
import subprocess
from pathlib import Path

# What changes no judged run: what is written about it, and what reads its report afterwards.
NO_PART = ("docs/", "README.rst", "acceptance/selftest/", "acceptance/causes.yaml", "acceptance/diagnosis.py",
           "acceptance/harness/diagnosis/")
NO_PART_OF_A_RUN = (*NO_PART, "acceptance/faults/")  # of one whose stack nobody breaks


def revision_of(tree: Path, without: tuple[str, ...] = ()) -> str:
    """A hash over all files that git sees in the tree, committed or not; empty without git, and then nothing is resumed.

    `without` these files, and whatever else begins so: what is written about the proof itself.
    """
    asked = ["git", "-C", str(tree), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, capture_output=True, text=True).stdout.split("\0")
    digest = hashlib.sha256()
    for path in sorted(tree / name for name in listed if name):
        if path.is_file() and not str(path.relative_to(tree)).startswith(without):
            digest.update(f"{path.relative_to(tree)}\0".encode() + path.read_bytes())
    return digest.hexdigest() if listed != [""] else ""
