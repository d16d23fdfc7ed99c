"""The one cause of a failed run: of all that the rules find, the surest, and of those what explains most."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from acceptance.harness.diagnosis.case import Case
from acceptance.harness.diagnosis.rule import CONFIDENCES, Rule, load_all


@dataclass(frozen=True)
class Diagnosis:
    """A cause in one sentence, `sure` or `likely`, and the evidence that shows it; all empty where none is known."""

    cause: str | None = None
    confidence: str | None = None
    evidence: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Its entry in results.json."""
        return asdict(self)


def diagnosis_of(report: Path, checks: Iterable[Mapping[str, Any]], dead: str = "") -> Diagnosis:
    """The cause that a report's own evidence shows: of its broken promises, else of what could not be judged.

    `checks` are those of results.json, of which waived ones need no cause; `dead` says why the stack never came up. A run
    that passed has no cause.
    """
    return the_likeliest([*_cases(report, list(checks), dead)], load_all())


def _cases(report: Path, checks: list[Mapping[str, Any]], dead: str) -> Iterable[Case]:
    for outcome in ("FAIL", "ERROR"):
        if failed := [check for check in checks if check["outcome"] == outcome and not check.get("waived")]:
            return [Case(report, each["id"], each["reason"], each["evidence"]) for each in failed]
    return [Case(report, "run", dead, None)] if dead else []


def the_likeliest(cases: list[Case], rules: list[Rule]) -> Diagnosis:
    """Every rule is asked of every case; equals are told apart by how many cases they explain, then by their order."""
    best, weight = Diagnosis(), (-1, 0)
    for rule in rules:
        found = [found for case in cases if (found := rule.found_in(case))]
        if found and (CONFIDENCES.index(rule.confidence), len(found)) > weight:
            weight = CONFIDENCES.index(rule.confidence), len(found)
            best = Diagnosis(found[0].cause, rule.confidence, found[0].evidence)
    return best
