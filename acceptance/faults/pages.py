"""matrix.json for programs, matrix.html for people: written anew after each fault, whole each time."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from acceptance.faults.category import CATEGORIES
from acceptance.faults.fault import Fault
from acceptance.faults.finding import CLEAN, KILLED
from acceptance.faults.picture import BENIGN, group_of, in_order, picture_of
from acceptance.harness.report.rendered import rendered
from acceptance.harness.report.report import put
from acceptance.harness.report.run import Run

PAGE = "matrix.html"


def write(run: Run, faults: Iterable[Fault], rows: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Both files, of what is known by now, in the run's folder; the rows in their order."""
    known = [fault for fault in faults if fault.id in rows]
    ordered = [rows[fault.id] for fault in known]
    text = json.dumps({"faults": ordered}, indent=2, ensure_ascii=False) + "\n"
    run.folder.mkdir(parents=True, exist_ok=True)
    put(run, "matrix.json", text)
    put(run, PAGE, page_of(ordered, {fault.id: fault for fault in known}))
    return ordered


def page_of(rows: Sequence[dict[str, Any]], faults: Mapping[str, Fault]) -> str:
    """One file that fetches nothing: the figures, the picture, and each fault with its story and what was seen."""
    ordered = in_order(rows)
    return rendered(
        "matrix.html.j2",
        Path(__file__).parent,
        rows=ordered,
        faults=faults,
        figures=figures_of(ordered),
        picture=picture_of(ordered),
        group_of=group_of,
    )


def figures_of(rows: Iterable[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """For each category, and for the benign: how many there are, and how many are proved."""
    rows = list(rows)
    total = Counter(group_of(row) for row in rows)
    proved = Counter(group_of(row) for row in rows if row["verdict"] in (KILLED, CLEAN))
    return [(name, proved[name], total[name]) for name in (*CATEGORIES, BENIGN) if total[name]]


def sentence_of(rows: Iterable[dict[str, Any]]) -> str:
    """What all of it comes to, for the head of the report."""
    kinds = [[row["verdict"] for row in rows if row["benign"] is benign] for benign in (False, True)]
    (killed, faults), (clean, benign) = [(sum(each in (KILLED, CLEAN) for each in kind), len(kind)) for kind in kinds]
    told = f"{killed} of {faults} faults were killed by the named check for the named reason"
    return f"{told}, {clean} of {benign} harmless changes left alone."


def summary_of(rows: Iterable[dict[str, Any]]) -> str:
    """The figures for a terminal."""
    rows = list(rows)
    lines = [f"{name:<30} {proved:>3}/{total}" for name, proved, total in figures_of(rows)]
    verdicts = Counter(row["verdict"] or "not judged" for row in rows)
    return "\n".join([*lines, ", ".join(f"{number} {verdict}" for verdict, number in sorted(verdicts.items()))])
