"""What the kept report of a judged fault says today: by the fault's words and the diagnosis' rules as they are now."""

from collections.abc import Iterable
from pathlib import Path

from acceptance.diagnosis import diagnosed
from acceptance.faults.fault import Fault
from acceptance.faults.finding import Finding, echoes_of, finding_of
from acceptance.judged import results_in


def read(fault: Fault, faults: Iterable[Fault], folder: Path, seconds: int) -> Finding:
    """The finding on a fault whose judged run left its report in `folder`; `faults` are those whose words it must not say."""
    if results_in(folder) is None:
        return Finding(fault, None, unjudged=f"the judged run left no results; see {folder / 'output.txt'}")

    def text(evidence: str) -> str:
        return text_of(folder / "latest" / evidence)

    results, diagnosis = diagnosed(folder / "latest")
    results["diagnosis"] = diagnosis.told()
    return finding_of(fault, results, text, echoes=echoes_of(fault, faults, results, text), seconds=seconds)


def text_of(folder: Path) -> str:
    """All text of a folder of evidence; pictures say nothing in words."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".png")
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
