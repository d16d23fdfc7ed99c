"""What the kept report of a judged fault says today: by the fault's words and the diagnosis' rules as they are now."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from acceptance.faults.fault import Fault
from acceptance.faults.finding import Finding, echoes_of, finding_of
from acceptance.harness.diagnosis.diagnosis import diagnosis_of
from acceptance.judged import results_in


def read(fault: Fault, faults: Iterable[Fault], folder: Path, seconds: int) -> Finding:
    """The finding on a fault whose judged run left its report in `folder`; `faults` are those whose words it must not say."""
    results, report = results_in(folder), folder / "latest"
    if results is None:
        return Finding(fault, None, unjudged=f"the judged run left no results; see {folder / 'output.txt'}")

    @cache  # the named check's is asked for twice: what it says of this fault, and of others
    def text(evidence: str) -> str:
        return _text_of(report / evidence)

    results["diagnosis"] = diagnosis_of(report, results["checks"]).told()
    return finding_of(fault, results, text, echoes=echoes_of(fault, faults, results, text), seconds=seconds)


def _text_of(folder: Path) -> str:
    """All text of a folder of evidence; pictures say nothing in words."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".png")
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
