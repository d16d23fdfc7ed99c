"""Writes the report of a run: `reports/<run>/` with its files, and `reports/latest` beside it."""

import json
import os
from pathlib import Path

from acceptance.harness.diagnosis.diagnosis import diagnosis_of
from acceptance.harness.report.certificate import certificate_of, sealed, why_none
from acceptance.harness.report.check import lock_text
from acceptance.harness.report.junit import junit_of
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.page import page_of
from acceptance.harness.report.results import checks_of, results_of
from acceptance.harness.report.run import Run
from acceptance.harness.report.verdict import Verdict, verdict_of


def conclude(run: Run, cwd: Path) -> int:
    """Writes the report, prints the last line, returns the exit code; an unwritten report has a code, too."""
    try:
        verdict, told = write(run), run.folder / "index.html"
    except Exception as error:  # noqa: BLE001 - the verdict must be said even where it cannot be written
        words = f"the report could not be written to {run.folder}: {type(error).__name__}: {error}"
        run.internal.append(f"{words}; free the disk or name another folder with REPORTS=")
        verdict, told = verdict_of(run), None
    return tell(run, verdict, told, cwd)


def tell(run: Run, verdict: Verdict, told: Path | None, cwd: Path) -> int:
    """Prints what was excused, each code's reason, the cause and the last line, which names the file `told`."""
    for line in waived_in(run):
        print(run.secrets.text(line))
    for code, reason in verdict.reasons.items():
        print(f"{code:>2}: " + run.secrets.text(reason).replace("\n", "\n    "))
    if run.diagnosis.cause:
        print(f"{run.diagnosis.confidence} cause: {run.secrets.text(run.diagnosis.cause)}")
    shown = told.relative_to(cwd) if told and told.is_relative_to(cwd) else told or "none"
    print(f"verdict={verdict.word} exit={verdict.exit} report={shown}", flush=True)
    return verdict.exit


def waived_in(run: Run) -> list[str]:
    """What was excused, with who answers for it, and waivers that there is no need of."""
    told = [f"{name} until {waiver.expires} ({waiver.reason}; {waiver.owner})" for name, waiver in run.waived.items()]
    passed = [name for name, result in run.results.items() if result.outcome is Outcome.PASS and run.waiver_of(name)]
    return [*([f"{len(told)} waived: {', '.join(told)}"] if told else []),
            *(f"waiver for {name} is not needed: it passed" for name in passed)]


def write(run: Run) -> Verdict:
    """Writes every file of the report, without secrets, and returns the verdict that it tells.

    Raises OSError where the folder cannot be written: nobody may be told that all is well.
    """
    verdict = verdict_of(run)
    run.folder.mkdir(parents=True, exist_ok=True)
    run.secrets.sweep(run.folder)
    diagnose(run, verdict)
    put(run, "results.json", json.dumps(results_of(run, verdict), indent=2, ensure_ascii=False) + "\n")
    put(run, "junit.xml", junit_of(run))
    _certify(run, verdict)
    put(run, "index.html", page_of(run, verdict))
    _point_latest(run)
    return verdict


def _certify(run: Run, verdict: Verdict) -> None:
    """The lock and the configuration that were judged, and the certificate over them where a whole profile was."""
    if not run.collected:
        return
    put(run, "checks.lock", lock_text(run.locked))
    put(run, "configuration.json", json.dumps(run.facts.configuration, indent=2, sort_keys=True) + "\n")
    if why := why_none(run, verdict):
        run.say(f"no certificate is written: {why}")
        return
    text = run.secrets.text(json.dumps(certificate_of(run, verdict), ensure_ascii=False))
    kept = json.loads(text.encode("utf-8", "replace"))  # what is sealed is what the file will hold
    put(run, "certificate.json", json.dumps(sealed(kept), indent=2, ensure_ascii=False) + "\n")


def diagnose(run: Run, verdict: Verdict) -> None:
    """Names the cause of what was broken or never came up; a rule that fails must not cost the report.

    What proves something by many deployments has no cause of its own: each of them has one.
    """
    if run.proved or not {1, 10, 14} & {*verdict.reasons}:
        return
    try:
        run.diagnosis = diagnosis_of(run.folder, checks_of(run), run.dead)
    except Exception as error:  # noqa: BLE001 - the verdict stands without its cause
        run.say(f"no cause is named, the diagnosis failed: {type(error).__name__}: {error}")


def put(run: Run, name: str, text: str) -> None:
    """Writes a whole file or none: a reader that looks on never meets half of one."""
    unfinished = run.folder / f".{name}"
    unfinished.write_text(run.secrets.text(text), encoding="utf-8", errors="replace")
    unfinished.replace(run.folder / name)


def _point_latest(run: Run) -> None:
    """Moves `latest` in one step; two runs that end together each leave a whole link."""
    link = run.settings.reports / f".latest-{run.settings.run}"
    os.symlink(run.settings.run, link)
    link.replace(run.settings.reports / "latest")
