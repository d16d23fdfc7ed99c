"""What many runs say together: each check's outcomes and seconds, and what failed. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

NEVER_CAME_UP, LEFT_BEHIND = 10, 11
KEPT = ("PASS", "SKIP")
# What can go wrong besides a check.
WHOLE = DEPLOYMENT, REMOVAL, RUN = "the deployment", "the removal", "the run"


class Figures(NamedTuple):
    """How often a check had an outcome, and the seconds that it took then."""

    check: str
    outcome: str
    runs: int
    least: float
    median: float
    most: float


@dataclass(frozen=True)
class Failure:
    """One thing that went wrong in one run: a check's id, or what befell the run as a whole."""

    what: str
    outcome: str
    words: str
    run: str
    report: str


def figures_of(entries: Iterable[Mapping[str, Any]]) -> list[Figures]:
    """A line for each check and outcome; checks in the order in which they are run, where there was a stack to run them on."""
    seconds: dict[tuple[str, str], list[float]] = {}
    order: dict[str, None] = {}
    for entry in (entry for entry in entries if NEVER_CAME_UP not in entry["exits"]):
        for name, check in entry["checks"].items():
            order.setdefault(name)
            seconds.setdefault((name, check["outcome"]), []).append(check["seconds"])
    found = [Figures(name, outcome, len(each), min(each), median(each), max(each)) for (name, outcome), each in seconds.items()]
    return sorted(found, key=lambda each: ([*order].index(each.check), each.outcome != "PASS"))


def failures_of(entry: Mapping[str, Any]) -> list[Failure]:
    """All that went wrong in a run. A stack that never came up is one failure, and not one of every check."""
    wrong = {name: check for name, check in entry["checks"].items() if check["outcome"] not in KEPT}
    if NEVER_CAME_UP in entry["exits"]:
        first = next(iter(wrong.values()), {"reason": "never came up"})
        return [Failure(DEPLOYMENT, "FAIL", first["reason"], entry["run"], entry["report"])]
    found = [Failure(name, check["outcome"], check["reason"], entry["run"], _place(entry, check))
             for name, check in wrong.items()]
    if LEFT_BEHIND in entry["exits"]:
        found.append(Failure(REMOVAL, "FAIL", f"left behind: {', '.join(entry['leftovers'])}", entry["run"], entry["report"]))
    if not found and entry["verdict"] != "PASS":
        words = f"ended {entry['exit']}" if entry["exits"] else "left no results"
        found.append(Failure(RUN, "ERROR", words, entry["run"], entry["report"]))
    return found


def _place(entry: Mapping[str, Any], check: Mapping[str, Any]) -> str:
    return f"{entry['report']}/{check['evidence']}" if check["evidence"] else entry["report"]


def flakes_of(entries: Sequence[Mapping[str, Any]]) -> list[Failure]:
    """The failures of what went well in another run: the stack is the same, so it was not broken."""
    return [each for entry in entries for each in failures_of(entry) if any(_is_well(other, each.what) for other in entries)]


def _is_well(entry: Mapping[str, Any], what: str) -> bool:
    """Whether a check passed in a run, or whatever else `what` is was met and gave no trouble."""
    known = entry["checks"].get(what)
    return known["outcome"] == "PASS" if known else what not in {each.what for each in failures_of(entry)} and what in WHOLE
