"""`python -m acceptance.faults.published`: docs/matrix.json and docs/matrix.svg from the last `make faults`."""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from acceptance.faults.fault import FOLDER, Fault, load_all
from acceptance.faults.picture import in_order, picture_of
from acceptance.proof import ROOT

KEPT = ROOT / "reports" / "faults.json"
DOCS = ROOT / "docs"
PATH = re.compile(r"/(?:tmp|work|root|home|run|var)/[^\s'\",;:)]*")  # of the machine that judged: nobody else's matter
LONGEST = 200


def public(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows in the picture's order, with reasons of one line and without paths of a machine."""
    return [
        {
            **{key: value for key, value in row.items() if key != "report"},
            "failed": [{**each, "reason": _short(each["reason"])} for each in row["failed"]],
            "unjudged": _short(row["unjudged"]),
        }
        for row in in_order(rows)
    ]


def present(rows: Iterable[dict[str, Any]], faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Those of faults that there still are: one that was given up, or changed since, stays among what was kept."""
    patches = {fault.id: fault.patch.digest for fault in faults}
    return [row for row in rows if patches.get(row["id"]) == row["patch"]]


def _short(reason: str) -> str:
    return PATH.sub("…", reason.partition("\n")[0])[:LONGEST]


def main() -> int:
    """Exit 0 when both are written, 4 where no faults were judged."""
    if not KEPT.is_file():
        print(f"{KEPT}: no faults were judged here: `make faults` first")
        return 4
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    rows = public(present(kept["faults"].values(), load_all(FOLDER)))
    write(rows, DOCS, kept.get("judges", ""))
    print(f"docs/matrix.json, docs/matrix.svg: {len(rows)} faults")
    return 0


def write(rows: list[dict[str, Any]], folder: Path, judges: str) -> None:
    """Both files; the picture is of what the other one says. `judges` names the checks and the harness that found it."""
    text = json.dumps({"judges": judges, "faults": rows}, indent=1, ensure_ascii=False) + "\n"
    (folder / "matrix.json").write_text(text, encoding="utf-8")
    (folder / "matrix.svg").write_text(picture_of(rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
