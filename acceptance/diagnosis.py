"""`python -m acceptance.diagnosis FOLDER`: how often the diagnosis names the true cause of a judged fault.

FOLDER is a report of `make faults`, or any folder above several. Each run in it is diagnosed anew by the rules as they
are, from its kept evidence alone, and compared with causes.yaml. A plain run's report is diagnosed, and no more.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from acceptance.harness.diagnosis.diagnosis import Diagnosis, diagnosis_of

CAUSES = Path(__file__).parent / "causes.yaml"
GOAL = 0.9
TRUE, WRONG, NONE, ALARM, QUIET, UNWRITTEN = "true", "wrong", "none", "alarm", "quiet", "unwritten"


@dataclass(frozen=True)
class Judged:
    """What the diagnosis of one judged fault is worth."""

    fault: str
    worth: str
    diagnosis: Diagnosis

    def line(self) -> str:
        """The fault in one line for the terminal."""
        said = f"{self.diagnosis.confidence}: {self.diagnosis.cause}" if self.diagnosis.cause else ""
        return f"{self.worth:<10} {self.fault:<28} {said}".rstrip()


def runs_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """The newest run of each fault below a folder, with its id; a run lies in faults/ID/RUN/."""
    found: dict[str, Path] = {}
    for path in folder.rglob("results.json"):
        run = path.parent
        if run.parent.parent.name == "faults" and not run.is_symlink():
            name = run.parent.name
            found[name] = max(run, found.get(name, run), key=lambda one: one.name)
    yield from sorted(found.items())


def known() -> dict[str, Any]:
    """What causes.yaml says."""
    return yaml.safe_load(CAUSES.read_text(encoding="utf-8"))


def accuracy(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """In lines, what the diagnoses in rows of matrix.json are worth; none where no row's true cause is written down."""
    written = known()
    found = [judged(row["id"], bool(row["failed"]), Diagnosis(**row["diagnosis"]), written["causes"]) for row in rows]
    counted = [one for one in found if one]
    return told(counted, written) if share_of(counted)[1] else []


def diagnosed(run: Path) -> tuple[dict[str, Any], Diagnosis]:
    """A run's results, and its diagnosis by today's rules."""
    results = json.loads((run / "results.json").read_text(encoding="utf-8"))
    return results, diagnosis_of(run, results["checks"])


def judged(fault: str, has_failed: bool, diagnosis: Diagnosis, causes: dict[str, list[str]]) -> Judged | None:
    """What the cause is worth; None where no check has failed, so that there was nothing to name.

    A benign change is anything whose id begins so; a confident cause of it is an alarm whatever failed.
    """
    if fault.startswith("benign-"):
        return Judged(fault, ALARM if diagnosis.confidence == "sure" else QUIET, diagnosis)
    if not has_failed:
        return None
    if fault not in causes:
        return Judged(fault, UNWRITTEN, diagnosis)
    if diagnosis.cause is None:
        return Judged(fault, NONE, diagnosis)
    said = all(re.search(word, diagnosis.cause, re.IGNORECASE) for word in causes[fault])
    return Judged(fault, TRUE if said else WRONG, diagnosis)


def share_of(found: list[Judged]) -> tuple[int, int]:
    """How many named the true cause, of how many whose cause is written down."""
    counted = [one for one in found if one.worth in (TRUE, WRONG, NONE)]
    return sum(one.worth == TRUE for one in counted), len(counted)


def told(found: list[Judged], written: Mapping[str, Any]) -> list[str]:
    """The last lines: the share over all, over those that no rule was made for, and what benign changes were said to be."""
    apart = {"held out": written["held_out"], "later than the rules": written["later"]}
    kinds = {"causes": found} | {
        f"of them {kind}": [one for one in found if one.fault in names] for kind, names in apart.items()
    }
    kinds["of them all others"] = [one for one in found if not any(one.fault in names for names in apart.values())]
    shares = {kind: share_of(members) for kind, members in kinds.items()}
    lines = [f"{kind}: {hit} of {all_} true ({hit / all_:.0%})" for kind, (hit, all_) in shares.items() if all_]
    named = {worth: [one.fault for one in found if one.worth == worth] for worth in (WRONG, NONE, ALARM, UNWRITTEN)}
    lines += [f"{worth}: {', '.join(names)}" for worth, names in named.items() if names]
    benign = [one for one in found if one.worth in (ALARM, QUIET)]
    return [*lines, *([f"benign without a confident cause: {_quiet(benign)} of {len(benign)}"] if benign else [])]


def _quiet(benign: list[Judged]) -> int:
    return sum(one.worth == QUIET for one in benign)


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: 90 % of the causes are true, and no benign change has a confident one; 13 otherwise, 4 for no runs."""
    parser = argparse.ArgumentParser(prog="python -m acceptance.diagnosis", description=__doc__)
    parser.add_argument("folder", type=Path, help="a report of faults, a folder of several, or one run's report")
    folder = parser.parse_args(arguments).folder
    written = known()
    runs = [*runs_in(folder)]
    if not runs:
        return _one(folder)
    found = [one for fault, run in runs if (one := _judged(fault, run, written["causes"]))]
    print("\n".join([*(one.line() for one in found), *told(found, written)]))
    hit, counted = share_of(found)
    return 0 if hit >= GOAL * counted and not any(one.worth == ALARM for one in found) else 13


def _judged(fault: str, run: Path, causes: dict[str, list[str]]) -> Judged | None:
    results, diagnosis = diagnosed(run)
    return judged(fault, any(check["outcome"] == "FAIL" for check in results["checks"]), diagnosis, causes)


def _one(folder: Path) -> int:
    """The cause of one run, with the evidence that shows it."""
    if not (folder / "results.json").is_file():
        print(f"{folder} holds no judged runs: name the folder of a report, or one above reports of faults")
        return 4
    diagnosis = diagnosed(folder)[1]
    print(f"{diagnosis.confidence}: {diagnosis.cause}" if diagnosis.cause else "no cause found")
    print("\n".join(f"  {path}" for path in diagnosis.evidence))
    return 0


if __name__ == "__main__":
    sys.exit(main())
