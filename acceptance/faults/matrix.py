"""Many faults on one engine: what each proved, kept in matrix.json, and 13 where one proved nothing."""

import json
from contextlib import ExitStack
from pathlib import Path

from acceptance import judged
from acceptance.faults.fault import Fault, load_all, told_by_checks
from acceptance.faults.finding import PROVED, Finding
from acceptance.faults.runner import judge, sweep
from acceptance.fixtures.engine import reached, sandbox
from acceptance.harness.errors import EngineError, SettingsError
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.run import Run


def prove(run: Run, folder: Path, ids: tuple[str, ...] = (), full: bool = False) -> None:
    """Judges the faults of a folder, or the named ones, one after the other, and tells the run.

    `full` judges each by the whole profile `full`, where otherwise its named check is asked alone.
    """
    try:
        faults = _asked(run, folder, ids)
        with ExitStack() as stack:
            host = reached(run.settings) or stack.enter_context(sandbox(run.settings, run))
            judge_all(run, faults, host, "full" if full else "")
    except SettingsError as error:
        run.refused += error.complaints
    except EngineError as error:
        run.unjudged.append(str(error))


def _asked(run: Run, folder: Path, ids: tuple[str, ...]) -> list[Fault]:
    """The faults, all of them good; raises SettingsError with every complaint before anything is started."""
    run.locked = read_lock(judged.CHECKS / "checks.lock")
    faults = load_all(folder, ids)
    known = {check.id for check in run.locked}
    complaints = [
        f"{each.id}: no check {each.kills!r} in checks.lock"
        for each in faults
        if each.kills and each.kills not in known
    ]
    complaints += told_by_checks(faults, judged.CHECKS)
    if complaints or not faults:
        raise SettingsError(complaints or [f"{folder} holds no faults"])
    return faults


def judge_all(run: Run, faults: list[Fault], host: str, profile: str) -> None:
    """One after the other; matrix.json is whole after each, so an interrupted run keeps what it found."""
    findings: list[Finding] = []
    for number, fault in enumerate(faults, 1):
        with run.phase(f"fault {number}/{len(faults)} {fault.id}"):
            findings.append(judge(fault, run, host, profile))
        run.say(findings[-1].line())
        _note(run, findings[-1])
        _write(run, findings)
        sweep(fault, run, host)


def _note(run: Run, finding: Finding) -> None:
    """13 for what survived or complained without cause, 14 for what could not be judged."""
    if finding.verdict not in (*PROVED, None):
        run.unproved.append(f"{finding.fault.id} {finding.verdict}")
    if finding.unjudged:
        run.unjudged.append(f"{finding.fault.id}: {finding.unjudged}")


def _write(run: Run, findings: list[Finding]) -> None:
    run.folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"faults": [finding.row() for finding in findings]}, indent=2, ensure_ascii=False)
    (run.folder / "matrix.json").write_text(run.secrets.text(text) + "\n", encoding="utf-8")
