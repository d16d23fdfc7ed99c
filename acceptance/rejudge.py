"""`python -m acceptance.rejudge RUN`: judges a stored report again, by the waivers and the rules of diagnosis of today.

No stack is asked: outcomes and evidence are what they were. `rejudged.json` beside results.json tells what they are worth now.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from acceptance.harness.errors import SettingsError
from acceptance.harness.report.check import Check, read_lock
from acceptance.harness.report.report import diagnose, tell
from acceptance.harness.report.results import MET, checks_of
from acceptance.harness.report.run import Run
from acceptance.harness.report.stored import TREE, stored_run
from acceptance.harness.report.verdict import Verdict, verdict_of
from acceptance.harness.waivers import Waiver, read_waivers

NAME = "rejudged.json"


def main(arguments: list[str] | None = None) -> int:
    """The exit code that the outcomes have today; 4 for a report that is not there or not whole, with nothing written."""
    parser = argparse.ArgumentParser(prog="python -m acceptance.rejudge", description=__doc__)
    parser.add_argument("run", help="a run's id, or the folder of its report")
    parser.add_argument("--waivers", help="a file of waivers; without it nothing is waived")
    parser.add_argument("--reports", type=Path, default=TREE / "reports", help="where reports lie")
    given = parser.parse_args(arguments)
    try:
        return rejudge(_folder(given.run, given.reports), read_waivers(Path(given.waivers)) if given.waivers else ())
    except SettingsError as error:
        print("\n".join(f" 4: {complaint}" for complaint in error.complaints))
        print("verdict=ERROR exit=4 report=none", flush=True)
        return 4


def rejudge(folder: Path, waivers: tuple[Waiver, ...]) -> int:
    """Writes rejudged.json, prints the ordinary last lines, and returns the exit code. Raises SettingsError like `read`."""
    results = read(folder)
    run = judged_again(folder, results, waivers)
    verdict = verdict_of(run)
    diagnose(run, verdict)
    unfinished = folder / f".{NAME}"
    unfinished.write_text(json.dumps(told(run, verdict, results), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(folder / NAME)
    return tell(run, verdict, folder / NAME, Path.cwd())


def _folder(name: str, reports: Path) -> Path:
    """The folder itself, else that of the run with this id; `latest` is one, too."""
    found = [path for path in (Path(name), reports / name) if name and path.is_dir()]
    if not found:
        raise SettingsError([f"RUN={name}: no such folder, and no such run in {reports}; name one of those there"])
    return found[0].resolve()


def read(folder: Path) -> dict[str, Any]:
    """results.json of a report. Raises SettingsError where that, or evidence that it names, is not there or not whole."""
    try:
        results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        named = {check["evidence"] for check in results["checks"] if check["evidence"]}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SettingsError([f"{folder}: holds no results.json that can be read ({type(error).__name__}: {error})"]) from error
    if lost := sorted(name for name in named if not (folder / name).is_dir()):
        raise SettingsError(f"{folder}: {name} is named by results.json and is not there" for name in lost)
    return results


def judged_again(folder: Path, results: Mapping[str, Any], waivers: tuple[Waiver, ...]) -> Run:
    """The run as it is worth today. Raises SettingsError for results of another make, or without their checks.lock."""
    try:
        locked = read_lock(folder / "checks.lock") if results["met"]["collected"] else []
        promised = {check.id: check for check in locked}
        entries = {promised.get(each["id"]) or Check(each["id"], "", each["cls"], (), ""): each for each in results["checks"]}
        met = {name: results["met"][name] for name in MET} | {name: results[name] for name in ("narrowed", "leftovers")}
        met["not_asked"] = {each["id"]: each["why"] for each in results["not_asked"]}
        return stored_run(folder, results["profile"], datetime.now(UTC), waivers, entries, locked=locked, **met)
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError([f"{folder}: results.json lacks what can be judged again ({type(error).__name__}: {error});"
                             " an older harness wrote it, or it was edited"]) from error


def told(run: Run, verdict: Verdict, results: Mapping[str, Any]) -> dict[str, Any]:
    """What rejudged.json holds: the verdict of today, and which one it was."""
    return {
        "run": results["run"],
        "rejudged": run.started.isoformat(timespec="seconds"),
        "verdict": verdict.word,
        "exit": verdict.exit,
        "exits": verdict.exits,
        "was": {key: results[key] for key in ("verdict", "exit", "exits")},
        "checks": [{key: each[key] for key in ("id", "outcome", "waived")} for each in checks_of(run)],
        "waivers": [waiver.told() for waiver in run.settings.waivers],
        "diagnosis": run.diagnosis.told(),
    }


if __name__ == "__main__":
    sys.exit(main())
