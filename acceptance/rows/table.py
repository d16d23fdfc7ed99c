"""All rows, and the table."""

from typing import Any

from acceptance import judged
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.run import Run
from acceptance.rows.judging import Judging
from acceptance.rows.row import FILE, load
from acceptance.series import Series

HEAD = f"{'row':<18} {'outcome':<8} {'checks':>7} {'time':>7}"


def prove(run: Run, ids: tuple[str, ...] = ()) -> None:
    """Judges the rows, or the named ones, tells the run, and prints the table. Raises SettingsError for bad rows."""
    locked = read_lock(judged.CHECKS / "checks.lock")
    rows = load(FILE, locked, ids)
    Series(run, "rows", lambda row, host: Judging(run, row, locked, host), HEAD, line_of).judge(rows)


def line_of(entry: dict[str, Any]) -> str:
    """A row's line of the table: outcome, checks, time, and what was wrong."""
    told = f"{entry['passed']}/{entry['checks']}"
    return f"{entry['id']:<18} {entry['outcome']:<8} {told:>7} {entry['seconds']:>5} s  {entry['reason']}".rstrip()
