"""A run as its stored report tells it, so that `verdict_of` can be asked what it is worth once more."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from acceptance.harness.report.check import Check
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run
from acceptance.harness.settings import fallback
from acceptance.harness.waivers import Waiver

TREE = Path(__file__).parents[3]


def stored_run(
    folder: Path, profile: str, started: datetime, waivers: Iterable[Waiver], entries: Mapping[Check, Mapping[str, Any]],
    **met: Any,
) -> Run:
    """The run whose report is `folder`, with the outcomes of `entries` (as in results.json); `met` are more fields of it.

    Waivers are those of the day `started`. Raises KeyError, TypeError or ValueError for what no run has written.
    """
    settings = fallback({"reports": str(folder.parent)}, TREE)
    settings = replace(settings, profile=profile, run=folder.name, waivers=tuple(waivers))
    run = Run(settings, started=started, **met)
    for check, entry in entries.items():
        result = run.result_of(check)
        result.outcome, result.seconds = Outcome(entry["outcome"]), entry.get("seconds", 0.0)
        result.reasons, result.evidence = [entry["reason"]] if entry.get("reason") else [], entry.get("evidence")
    return run
