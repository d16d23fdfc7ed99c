"""What a run is worth: the verdict's word, and the exit codes with the words that explain each."""

from collections.abc import Mapping
from dataclasses import dataclass

from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run

MEANINGS = {
    0: "every promise of the profile was kept",
    1: "a promise was broken",
    2: "interrupted",
    3: "internal error: the harness, not the stack, is at fault",
    4: "bad settings or input",
    10: "the stack never came up",
    11: "something was left behind",
    12: "the checks with an outcome are not the profile's checks in checks.lock",
    13: "a fault survived, or a benign change was called broken",
    14: "something could not be judged",
    15: "a waiver expired or is unknown",
}
PRECEDENCE = (4, 2, 3, 10, 1, 14, 15, 12, 13, 11)
BROKEN = (1, 11, 13)  # codes that speak against what was judged; the others say that it was not judged well


@dataclass(frozen=True)
class Verdict:
    """The word of the last line, the exit code, and every code that applies with its reason."""

    word: str
    exit: int
    reasons: Mapping[int, str]

    @property
    def exits(self) -> list[int]:
        """All codes that apply, the returned one first; [0] when none does."""
        return list(self.reasons) or [0]


def verdict_of(run: Run) -> Verdict:
    """The verdict of a finished run; a narrowed run that met nothing worse is PARTIAL and never exits 0."""
    found = {code: reason for code, reason in _reasons(run).items() if reason}
    ordered = {code: found[code] for code in PRECEDENCE if code in found}
    code = next(iter(ordered), 0)
    if code == 12 and run.narrowed:
        return Verdict("PARTIAL", code, ordered)
    return Verdict(word_of(code), code, ordered)


def word_of(code: int) -> str:
    """The verdict's word for an exit code; 12 of a narrowed run is PARTIAL instead."""
    return "PASS" if code == 0 else "FAIL" if code in BROKEN else "ERROR"


def _reasons(run: Run) -> dict[int, str]:
    """Each code's reason in words; an empty one does not apply."""
    return {
        4: "\n".join(run.refused),
        2: run.interrupted,
        3: "; ".join(run.internal),
        10: run.dead,
        1: _ids(run, Outcome.FAIL, "broken"),
        14: "; ".join(filter(None, (_ids(run, Outcome.ERROR, "not judged"), _skipped(run), *run.unjudged))),
        15: "; ".join(_useless(run)),
        12: _mismatch(run),
        13: "; ".join(run.unproved),
        11: f"left behind: {', '.join(run.leftovers)}" if run.leftovers else "",
    }


def _ids(run: Run, outcome: Outcome, word: str) -> str:
    ids = [name for name, result in run.results.items() if result.outcome is outcome and name not in run.waived]
    return f"{word}: {', '.join(ids)}" if ids else ""


def _skipped(run: Run) -> str:
    """A skip in a class that the smoke profile asks for leaves a hole that no release may pass through."""
    classes = {check.cls for check in run.locked if check.is_in("smoke")} or {"r", "c"}
    skipped = [name for name, result in run.results.items() if result.outcome is Outcome.SKIP and name not in run.waived]
    holes = [name for name in skipped if run.results[name].check.cls in classes]
    return f"skipped: {', '.join(holes)}" if holes else ""


def _useless(run: Run) -> list[str]:
    """Waivers that nobody can rely on: their day is over, or there is no such check (told once the checks are known)."""
    known = {check.id for check in run.locked}
    said = [f"the waiver of {each.check} expired on {each.expires} ({each.owner}): mend it, or take the waiver out"
            for each in run.settings.waivers if each.has_expired(run.started.date())]
    return said + [f"{each.check} is waived ({each.owner}), and checks.lock has no such check"
                   for each in run.settings.waivers if run.collected and each.check not in known]


def _mismatch(run: Run) -> str:
    """Compares the ids that have an outcome with those that checks.lock names for the profile, and that can be asked here."""
    if not run.collected:
        return ""
    wanted = {check.id for check in run.locked if check.is_in(run.settings.profile)} - run.not_asked.keys()
    missing, unknown = sorted(wanted - run.results.keys()), sorted(run.results.keys() - wanted)
    said = [f"narrowed by {', '.join(run.narrowed)}"] if run.narrowed else []
    said += ["no check has an outcome"] if not run.results else []
    said += [f"without an outcome: {', '.join(missing)}"] if missing else []
    said += [f"not in checks.lock: {', '.join(unknown)}"] if unknown else []
    return "; ".join(said)
