"""The copy of a live SQLite database is whole, leaves nothing beside it, and is of the one that the hub uses."""

import sqlite3
import subprocess
import sys
from contextlib import closing

from stack.operate import sqlite_copy


def test_a_copy_of_a_database_in_use_has_all_that_was_committed(tmp_path):
    path = tmp_path / "hub.sqlite"
    with closing(sqlite3.connect(path)) as hub:
        hub.execute("PRAGMA journal_mode=WAL")
        hub.execute("CREATE TABLE users AS SELECT 'alice' AS name")
        hub.commit()
        done = subprocess.run([sys.executable, sqlite_copy.__file__, path], capture_output=True, check=True)
    (tmp_path / "copy.sqlite").write_bytes(done.stdout)
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as copy:
        assert copy.execute("SELECT name FROM users").fetchall() == [("alice",)]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.sqlite", "hub.sqlite"]


def test_a_database_that_nobody_uses_is_not_taken_for_the_hubs(tmp_path):
    sqlite3.connect(tmp_path / "old.sqlite").close()
    done = subprocess.run([sys.executable, sqlite_copy.__file__, tmp_path / "old.sqlite"], capture_output=True, text=True)
    assert (done.returncode, "the hub does not use" in done.stderr) == (1, True)
