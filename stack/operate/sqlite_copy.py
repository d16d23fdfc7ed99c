"""Runs in the hub's container: its SQLite database to stdout, whole, while the hub goes on using it.

By SQLite's own online backup: a plain copy of the file may lack what is still in the journal beside it.
"""

import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path


def copy(database: Path) -> None:
    """Write the copy to stdout. Raises sqlite3's errors, OSError where the volume is full."""
    with tempfile.TemporaryDirectory(prefix="backup-", dir=database.parent) as folder:
        target = Path(folder) / "copy.sqlite"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source, closing(sqlite3.connect(target)) as made:
            source.backup(made)
            made.execute("PRAGMA journal_mode=DELETE")      # one file, with nothing left beside it
        with target.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)


def is_open(database: Path) -> bool:
    """Whether a process of this user has the file open: a database that nobody uses is not the hub's."""
    return any(target_of(link) == database for link in Path("/proc").glob("[0-9]*/fd/*"))


def target_of(link: Path) -> Path | None:
    """What an open file of a process is; None for another user's, and for one that was closed meanwhile."""
    try:
        return link.readlink()
    except OSError:
        return None


if __name__ == "__main__":
    path = Path(sys.argv[1])
    if not is_open(path):
        sys.exit(f"the hub does not use {path}: is its database elsewhere?")
    copy(path)
