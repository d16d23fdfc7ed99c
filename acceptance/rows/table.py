"""All rows, and the table; what was kept at this state of the tree is not judged again."""

from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from acceptance import judged, kept
from acceptance.harness.errors import EngineError
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run
from acceptance.lanes import engines
from acceptance.revision import NO_PART_OF_A_RUN, revision_of
from acceptance.rows.judging import Judging, side_by_side
from acceptance.rows.row import FILE, Row, load

AT_ONCE = 3  # sandboxes: the two rows that are judged whole keep one each, and the others share the third


def prove(run: Run, ids: tuple[str, ...] = ()) -> None:
    """Judges the rows, or the named ones, tells the run, and prints the table. Raises SettingsError for bad rows."""
    locked = read_lock(judged.CHECKS / "checks.lock")
    rows = load(FILE, locked, ids)
    known = Kept(run.settings.reports / "rows.json", revision_of(run.settings.source, NO_PART_OF_A_RUN))
    missing = [row for row in rows if not known.has(row)]
    for row in (row for row in rows if row not in missing):
        tell(run, row, known.entries[row.id])
    begun: list[Judging] = []
    try:
        with ExitStack() as stack, run.phase("rows", lambda: ", ".join(each.row.id for each in begun)):
            hosts = engines(run, len(missing), stack, AT_ONCE)
            for row, entry in stack.enter_context(closing(side_by_side(run, missing, locked, hosts, begun))):
                known.add(row.id, entry)
                tell(run, row, entry)
                run.say(line_of(row, entry))
    except EngineError as error:
        run.unjudged.append(str(error))
    run.say(table(rows, known))


def tell(run: Run, row: Row, entry: dict[str, Any]) -> None:
    """A row's outcome to the report of this run."""
    result = run.result_of(row.as_check)
    result.seconds = entry["seconds"]
    result.add("call", Outcome(entry["outcome"]), entry["reason"])


def table(rows: list[Row], known: "Kept") -> str:
    """A line a row: outcome, checks, time, and what was wrong."""
    head = f"{'row':<18} {'outcome':<8} {'checks':>7} {'time':>7}"
    return "\n".join([head, *(line_of(row, known.entries[row.id]) for row in rows if row.id in known.entries)])


def line_of(row: Row, entry: dict[str, Any]) -> str:
    """A row's line of the table."""
    told = f"{entry['passed']}/{entry['checks']}"
    return f"{row.id:<18} {entry['outcome']:<8} {told:>7} {entry['seconds']:>5} s  {entry['reason']}".rstrip()


class Kept(kept.Kept):
    """rows.json: what each row was last worth, at one state of the tree."""

    def __init__(self, path: Path, revision: str):
        super().__init__(path, "rows", revision)

    def has(self, row: Row) -> bool:
        """Whether the row kept all its promises at this state; what failed is judged again."""
        return self.entries.get(row.id, {}).get("outcome") == Outcome.PASS
