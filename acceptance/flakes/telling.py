"""What the ledger says, for a person's eyes and for the report."""

import os
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from acceptance.flakes.figures import DEPLOYMENT, REMOVAL, Failure, failures_of, figures_of, flakes_of
from acceptance.flakes.ledger import Ledger
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run

ROW = "{:<22} {:<7} {:>5} {:>8} {:>8} {:>8}"


def line_of(entry: Mapping[str, Any], number: str, left: str) -> str:
    """A run in one line, as it ends, with its number and what is left; what failed below it."""
    passed = sum(check["outcome"] == "PASS" for check in entry["checks"].values())
    counted = f"run {number:>5}  {entry['verdict']:<5} {passed}/{len(entry['checks'])} checks"
    head = f"{counted} {entry['seconds']:>5.0f} s  {'fresh' if entry['fresh'] else 'reused'}{left}"
    return "\n".join([head, *(words_of(failure) for failure in failures_of(entry))])


def words_of(failure: Failure) -> str:
    """A failure, where it was met and what was said."""
    return f"  {failure.outcome:<5} {failure.what}: {failure.words}\n        {failure.report}"


def alike_in(entries: Iterable[Mapping[str, Any]]) -> list[list[Failure]]:
    """All failures, those together that say the same of the same check."""
    found: dict[tuple[str, str, str], list[Failure]] = {}
    for failure in (failure for entry in entries for failure in failures_of(entry)):
        found.setdefault((failure.what, failure.outcome, failure.words), []).append(failure)
    return [*found.values()]


def told_once(alike: list[Failure]) -> str:
    """The first of several failures that say the same, and how many there are."""
    return words_of(alike[0]) + (f"  (and so in {len(alike)} runs)" if len(alike) > 1 else "")


def table(ledger: Ledger) -> str:
    """A line a check and outcome with the seconds of its body, then every failure, and what all of it comes to."""
    rows = [ROW.format(each.check, each.outcome, each.runs, f"{each.least:.1f}", f"{each.median:.1f}", f"{each.most:.1f}")
            for each in figures_of(ledger.entries)]
    whole = sorted(entry["seconds"] for entry in ledger.entries)
    rows.append(ROW.format("(whole runs)", "", len(whole), f"{whole[0]:.0f}", f"{median(whole):.0f}", f"{whole[-1]:.0f}"))
    failures = [told_once(alike) for alike in alike_in(ledger.entries)]
    passed = next((entry for entry in reversed(ledger.entries) if entry["verdict"] == "PASS"), None)
    if failures and passed:
        failures.append(f"  to compare with: {passed['report']}/passing, where all went well")
    return "\n".join([ROW.format("check", "outcome", "runs", "min s", "median", "max"), *rows, *failures, summary(ledger)])


def summary(ledger: Ledger) -> str:
    """How many runs there were, and how many failures that the stack has no part in."""
    entries, flakes = ledger.entries, flakes_of(ledger.entries)
    every = [failure for entry in entries for failure in failures_of(entry)]
    head = (f"{len(entries)} runs, {sum(entry['fresh'] for entry in entries)} of them fresh, of profile {ledger.key['profile']}"
            f" at revision {(ledger.key['revision'] or 'unknown')[:12]}")
    always = sorted({failure.what for failure in every} - {failure.what for failure in flakes})
    told = f"; failed whenever judged: {', '.join(always)}" if always else ""
    return f"{head}; failures without the stack being broken: {len(flakes)}{told}"


def tell(run: Run, ledger: Ledger, runs: int) -> None:
    """Each check's outcome over all runs, the worst one, to the report of this run; and what befell runs as a whole."""
    if len(ledger.whole) < runs:
        run.unjudged.append(f"{len(ledger.whole)} of {runs} runs were judged whole")
    for check in run.locked:
        found = [entry["checks"][check.id] for entry in ledger.entries if check.id in entry["checks"]]
        if found and check.is_in(run.settings.profile):
            run.result_of(check).seconds = median(each["seconds"] for each in found)
            run.result_of(check).add("call", Outcome.PASS)
            [run.result_of(check).add("call", Outcome.SKIP, each["reason"]) for each in found if each["outcome"] == Outcome.SKIP]
    every = [(entry, failure) for entry in ledger.entries for failure in failures_of(entry)]
    for entry, failure in sorted(every, key=lambda each: each[1].outcome != Outcome.FAIL):
        tell_failure(run, entry, failure)


def tell_failure(run: Run, entry: Mapping[str, Any], failure: Failure) -> None:
    """What went wrong in one run, by the exit code that the ordinary command has for it."""
    words = f"run {failure.run or failure.report}: {failure.words}"
    check = next((check for check in run.locked if check.id == failure.what), None)
    if check:
        result = run.result_of(check)
        result.add("call", Outcome(failure.outcome), words)
        result.evidence = result.evidence or os.path.relpath(run.settings.reports / failure.report, run.folder)
    elif failure.what == DEPLOYMENT:
        run.never_came_up(words)
    elif failure.what == REMOVAL:
        run.leftovers += [f"{left} (run {failure.run})" for left in entry["leftovers"]]
    else:
        run.unjudged.append(words)
