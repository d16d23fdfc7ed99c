"""Many faults: what each proved, kept in matrix.json and matrix.html, and 13 where one proved nothing.

Each fault gets a stack of its own, on one of a few sandboxes side by side: nothing that one leaves can meet the next.
A stack that is kept for many would spare a fault its deploy (7 s) of the minute and more that its checks take.
"""

from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from acceptance import judged, lanes
from acceptance.diagnosis import accuracy
from acceptance.faults import pages
from acceptance.faults.fault import FOLDER, Fault, load_all, told_by_checks
from acceptance.faults.finding import PROVED, Finding, confusions, line_of
from acceptance.faults.past import Past, revision_for
from acceptance.faults.runner import ALONE, Judging, sweep
from acceptance.faults.schedule import Schedule
from acceptance.harness.errors import EngineError, SettingsError
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.kill_score import judges_of
from acceptance.harness.report.run import Run


def prove(run: Run, folder: Path, ids: tuple[str, ...] = (), company: str = ALONE) -> None:
    """Judges the faults of a folder, or the named ones, and tells the run.

    The named check judges each, together with the profile `company`. Where all of a folder are asked for, what was
    proved at this very state of the tree with the same patch is not judged again, but its kept report is read anew.
    """
    try:
        faults = _asked(run, folder, ids)
        judges = judges_of(judged.CHECKS.parent)
        revision = "" if ids else revision_for(run, folder, company, judges)
        past = Past(run.settings.reports / ("faults.json" if folder == FOLDER else "faults-elsewhere.json"), revision, judges)
        _judge_missing(run, faults, past, company)
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


def _judge_missing(run: Run, faults: list[Fault], past: Past, company: str) -> None:
    """Judges on sandboxes side by side, or on the engine in use, what is not yet proved; then tells of all."""
    with ExitStack() as stack:
        rows = past.rows(faults)
        hosts = lanes.engines(run, len(faults) - len(rows), stack, lanes.AT_ONCE)
        judge_all(run, faults, rows, hosts, company, past)


def judge_all(
    run: Run, faults: list[Fault], rows: dict[str, Any], hosts: list[str], company: str, past: Past
) -> None:
    """Those without a row, one at a time on each host.

    matrix.json is whole after each, so an interrupted run keeps what it found.
    """
    missing = [fault for fault in faults if fault.id not in rows]
    schedule = Schedule(len(missing), len(hosts))
    sound = _refuse(run, missing, rows)
    begun: list[Judging] = []
    with ExitStack() as stack, run.phase("faults", lambda: f"{schedule.told()}: {_at_work(begun)}"):
        ended = lanes.side_by_side(sound, hosts, lambda fault, host: Judging(run, fault, host, company), begun)
        for judging in stack.enter_context(closing(ended)):
            if judging.was_interrupted:
                run.unjudged.append(f"{judging.fault.id} was interrupted")
                continue
            finding = judging.finding(faults)
            rows[judging.fault.id] = finding.row()
            past.keep(finding, judging.folder)
            _tell(run, finding, schedule)
            pages.write(run, faults, rows)
            sweep(judging.fault, run, judging.host)
    _conclude(run, faults, rows)


def _at_work(begun: Iterable[Judging]) -> str:
    return ", ".join(each.fault.id for each in begun)


def _refuse(run: Run, faults: list[Fault], rows: dict[str, Any]) -> list[Fault]:
    """Notes those that no longer apply to the tree, and returns the others."""
    sound = []
    for fault in faults:
        if refusal := fault.patch.refusal(run.settings.source):
            found = Finding(fault, None, unjudged=refusal)
            rows[fault.id] = found.row()
            run.say(line_of(found.row()))
            _note(run, found.row())
        else:
            sound.append(fault)
    return sound


def _tell(run: Run, finding: Finding, schedule: Schedule) -> None:
    """A line a fault; and now and then how far it is, for whoever reads a log."""
    schedule.done()
    run.say(line_of(finding.row()))
    _note(run, finding.row())
    if schedule.is_worth_telling:
        run.say(f"faults: {schedule.told()}")


def _note(run: Run, row: dict[str, Any]) -> None:
    """13 for what survived or complained without cause, 14 for what could not be judged."""
    if row["verdict"] not in (*PROVED, None):
        run.unproved.append(f"{row['id']} {row['verdict']}")
    if row["unjudged"]:
        run.unjudged.append(f"{row['id']}: {row['unjudged']}")


def _conclude(run: Run, faults: list[Fault], rows: dict[str, Any]) -> None:
    """All that is known, also of what was proved before; and the table for a person."""
    ordered = pages.write(run, faults, rows)
    run.proved, run.pages = pages.sentence_of(ordered), [pages.PAGE]
    for complaint in confusions(ordered, {fault.id: fault.words for fault in faults}):
        run.say(f"words: {complaint}")
    if worth := accuracy(ordered):
        run.say("diagnosis, " + "\ndiagnosis, ".join(worth))
    run.say(f"{pages.summary_of(ordered)}\nmatrix: {run.folder / pages.PAGE}")
