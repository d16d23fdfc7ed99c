"""The one mapping from what happened in a check to PASS, FAIL, ERROR or SKIP, and the record of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from acceptance.harness.errors import Absent, StackError
from acceptance.harness.report.check import Check


class Outcome(StrEnum):
    """What a check found; only FAIL says anything against the stack."""

    PASS = "PASS"
    FAIL = "FAIL"
    ERROR = "ERROR"
    SKIP = "SKIP"


def outcome_of(when: str, error: BaseException | None, needs: tuple[str, ...] = ()) -> Outcome:
    """The outcome of one step (`setup`, `call`, `teardown`) of a check that ended with `error`, or well.

    A promise is broken only in the body (`call`), by an assert or by the stack's own refusal. A body that
    merely hung is an ERROR: only a wait can say what was awaited, and a wait raises StackError.
    """
    if error is None:
        return Outcome.PASS
    if isinstance(error, Absent) and when != "teardown" and error.capability in needs:
        return Outcome.SKIP
    return Outcome.FAIL if when == "call" and _is_broken_promise(error) else Outcome.ERROR


def _is_broken_promise(error: BaseException) -> bool:
    """Of several users at once, all must have met a broken promise: one engine error spoils the question."""
    if isinstance(error, BaseExceptionGroup):
        return all(_is_broken_promise(each) for each in error.exceptions)
    return isinstance(error, AssertionError | StackError)


@dataclass
class Result:
    """One check's outcome with its reason in words, the seconds of its body, and where its evidence lies.

    There is none before its body ran or something kept it from running: nothing is a PASS by default.
    """

    check: Check
    outcome: Outcome | None = None
    seconds: float = 0.0
    reasons: list[str] = field(default_factory=list)
    evidence: str | None = None
    began: datetime | None = None  # its body, or the set-up that kept it from running; None where nobody noted it

    @property
    def reason(self) -> str:
        """All that went wrong, what came first first; empty for a PASS."""
        return "\n".join(self.reasons)

    def add(self, when: str, outcome: Outcome, reason: str = "") -> None:
        """Takes one step's outcome in; the first that is not PASS stands; a SKIP excuses no ERROR."""
        if outcome is Outcome.PASS and when != "call":
            return
        if self.outcome in (None, Outcome.PASS, Outcome.SKIP):
            self.outcome = outcome
        if outcome is not Outcome.PASS:
            self.reasons.append(reason if when == "call" else f"{when}: {reason}")
