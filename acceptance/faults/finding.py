"""What one fault's judged run proves: a pure function of the run's results and the words in its evidence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from acceptance.faults.fault import Fault

KILLED, OTHER, SURVIVED, CLEAN, FALSE_ALARM = "killed", "other", "survived", "clean", "false-alarm"
PROVED = (KILLED, CLEAN)


@dataclass(frozen=True)
class Finding:
    """The verdict on one fault; None where the run could not tell, with the reason in `unjudged`."""

    fault: Fault
    verdict: str | None
    failed: list[dict[str, str]] = field(default_factory=list)
    diagnosis: dict[str, Any] = field(default_factory=dict)
    unjudged: str = ""
    seen: str = ""
    asked: list[str] = field(default_factory=list)  # the checks that passed or failed
    echoes: dict[str, str] = field(default_factory=dict)  # faults whose words this one's failures say, too
    seconds: int = 0

    def row(self) -> dict[str, Any]:
        """The fault's entry in matrix.json."""
        return {
            "id": self.fault.id,
            "benign": self.fault.benign,
            "kills": self.fault.kills,
            "verdict": self.verdict,
            "failed": self.failed,
            "diagnosis": self.diagnosis,
            "category": self.fault.category,
            "patch": self.fault.patch.digest,
            "asked": self.asked,
            "seen": self.seen,
            "echoes": self.echoes,
            "seconds": self.seconds,
            "unjudged": self.unjudged,
        }


def line_of(row: dict[str, Any]) -> str:
    """A fault in one line for the terminal: the words that were seen, or why nothing was proved."""
    failures = "; ".join(f"{each['id']}: {each['reason'].partition(chr(10))[0]}" for each in row["failed"])
    seen = f"{row['kills']} says {row['seen']!r}" if row["seen"] else failures or "no check failed"
    return f"{row['verdict'] or 'not judged':<11} {row['id']:<28} {row['unjudged'] or seen}"


def finding_of(fault: Fault, results: dict[str, Any], evidence: Callable[[str], str], **also: Any) -> Finding:
    """Judges a fault by results.json; `evidence` gives all text below a folder that it names; `also` are more fields.

    Only FAIL kills. A stack that never came up, or a named check that ended in ERROR, proves nothing.
    """
    checks = {check["id"]: check for check in results["checks"]}
    failed = [
        {"id": name, "reason": check["reason"]}
        for name, check in checks.items()
        if check["outcome"] == "FAIL"
    ]
    asked = [name for name, check in checks.items() if check["outcome"] in ("PASS", "FAIL")]
    known = {"failed": failed, "diagnosis": results["diagnosis"], "asked": asked, **also}
    if why := _unjudged(fault, results, checks):
        worst = FALSE_ALARM if fault.benign else OTHER
        return Finding(fault, worst if failed else None, **known, unjudged=why)
    if fault.benign:
        return Finding(fault, FALSE_ALARM if failed else CLEAN, **known)
    named = checks[fault.kills]
    seen = _seen(fault, named, evidence) if named["outcome"] == "FAIL" else ""
    return Finding(fault, KILLED if seen else OTHER if failed else SURVIVED, **known, seen=seen)


def _unjudged(fault: Fault, results: dict[str, Any], checks: dict[str, Any]) -> str:
    """Why a run says nothing about the fault; empty if it does."""
    if any(code in results["exits"] for code in (2, 3, 4, 10)):
        return f"the run itself ended {results['exits']}: {_first_reason(checks)}"
    wanted = [fault.kills] if fault.kills else list(checks)
    lost = [name for name in wanted if name not in checks or checks[name]["outcome"] not in ("PASS", "FAIL")]
    if lost or not wanted:
        return f"not judged: {', '.join(lost) or 'any check'}: {_first_reason(checks)}"
    return ""


def _first_reason(checks: dict[str, Any]) -> str:
    reasons = [check["reason"] for check in checks.values() if check["outcome"] != "PASS"]
    return reasons[0].partition("\n")[0] if reasons else "no reason given"


def _seen(fault: Fault, check: dict[str, Any], evidence: Callable[[str], str]) -> str:
    """The first of the fault's words that the failure or its evidence says."""
    text = _said(check, evidence)
    return next((word for word in fault.words if word in text), "")


def _said(check: dict[str, Any], evidence: Callable[[str], str]) -> str:
    """A failure's reason, and all text of its evidence."""
    return check["reason"] + (evidence(check["evidence"]) if check["evidence"] else "")


def echoes_of(
    fault: Fault, faults: Iterable[Fault], results: dict[str, Any], evidence: Callable[[str], str]
) -> dict[str, str]:
    """Other faults whose words stand in the evidence of this one's failures, each with the words."""
    texts = [_said(check, evidence) for check in results["checks"] if check["outcome"] == "FAIL"]
    found = ((each.id, word) for each in faults if each.id != fault.id for word in each.words)
    return {name: word for name, word in found if any(word in text for text in texts)}


def confusions(rows: Iterable[dict[str, Any]], words: Mapping[str, Iterable[str]]) -> list[str]:
    """Complaints about words that faults of another cause say, too. Faults that share words have one cause."""
    return [
        f"{row['id']}: its failures say {said!r}, the words of {name}: choose words that only {name} says"
        for row in rows
        for name, said in row["echoes"].items()
        if not any(
            one in other or other in one for one in words.get(row["id"], ()) for other in words.get(name, ())
        )
    ]
