"""All rows on one engine, one after the other; what was kept at this state of the tree is not judged again."""

import hashlib
import json
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from acceptance import judged
from acceptance.fixtures.engine import reached, sandbox
from acceptance.harness.errors import EngineError
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run
from acceptance.rows.row import FILE, Row, load, verdict_on


def prove(run: Run, ids: tuple[str, ...] = ()) -> None:
    """Judges the rows, or the named ones, tells the run, and prints the table. Raises SettingsError for bad rows."""
    locked = read_lock(judged.CHECKS / "checks.lock")
    rows = load(FILE, locked, ids)
    kept = Kept(run.settings.reports / "rows.json", revision_of(run.settings.source))
    try:
        with ExitStack() as stack:
            missing = [row for row in rows if not kept.has(row)]
            host = missing and (reached(run.settings) or stack.enter_context(sandbox(run.settings, run)))
            for row in rows:
                entry = judge(row, row.wanted(locked), run, host) if row in missing else kept.entries[row.id]
                kept.add(row, entry)
                tell(run, row, entry)
    except EngineError as error:
        run.unjudged.append(str(error))
    run.say(table(rows, kept))


def judge(row: Row, wanted: list[str], run: Run, host: str) -> dict[str, Any]:
    """Deploys the row and judges it; the entry of rows.json."""
    folder, began = run.folder / "rows" / row.id, time.monotonic()
    folder.mkdir(parents=True)
    with run.phase(f"row {row.id}"):
        words = judged.command(run, folder, "full", only=[] if row.is_whole else wanted)
        judged.finish(words, judged.environment(run, host, row.settings), folder / "output.txt")
    results = judged.results_in(folder)
    outcome, reason = verdict_on(wanted, results)
    passed = sum(check["outcome"] == "PASS" for check in results["checks"]) if results else 0
    return {"id": row.id, "outcome": outcome, "reason": reason, "passed": passed, "checks": len(wanted),
            "seconds": round(time.monotonic() - began), "requests": (results or {}).get("requests", {}), "run": run.settings.run}


def tell(run: Run, row: Row, entry: dict[str, Any]) -> None:
    """A row's outcome to the report of this run."""
    result = run.result_of(row.as_check)
    result.seconds = entry["seconds"]
    result.add("call", Outcome(entry["outcome"]), entry["reason"])


def table(rows: list[Row], kept: "Kept") -> str:
    """A line a row: outcome, checks, time, and what was wrong."""
    lines = [f"{'row':<18} {'outcome':<8} {'checks':>7} {'time':>7}"]
    for row in rows:
        if entry := kept.entries.get(row.id):
            told = f"{entry['passed']}/{entry['checks']}"
            lines.append(f"{row.id:<18} {entry['outcome']:<8} {told:>7} {entry['seconds']:>5} s  {entry['reason']}".rstrip())
    return "\n".join(lines)


class Kept:
    """rows.json: what each row was last worth, at one state of the tree; another state begins anew."""

    def __init__(self, path: Path, revision: str):
        self.path, self.revision = path, revision
        told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.entries = told["rows"] if revision and told.get("revision") == revision else {}

    def has(self, row: Row) -> bool:
        """Whether the row kept all its promises at this state; what failed is judged again."""
        return self.entries.get(row.id, {}).get("outcome") == Outcome.PASS

    def add(self, row: Row, entry: dict[str, Any]) -> None:
        """Takes an entry in, and writes the file whole: an interrupted proof goes on from here."""
        self.entries[row.id] = entry
        text = json.dumps({"revision": self.revision, "rows": self.entries}, indent=2, ensure_ascii=False)
        unfinished = self.path.with_suffix(".new")
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.replace(self.path)


def revision_of(tree: Path) -> str:
    """A hash over all files that git sees in the tree, committed or not; empty without git, and then nothing is resumed."""
    asked = ["git", "-C", str(tree), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, capture_output=True, text=True).stdout.split("\0")
    digest = hashlib.sha256()
    for path in sorted(tree / name for name in listed if name):
        if path.is_file():
            digest.update(f"{path.relative_to(tree)}\0".encode() + path.read_bytes())
    return digest.hexdigest() if listed != [""] else ""
