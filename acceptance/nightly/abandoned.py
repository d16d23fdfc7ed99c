"""Stacks of runs that were begun here and have no one left who would remove them. Nobody else's are touched."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from acceptance import clean
from acceptance.fixtures.room import is_present
from acceptance.harness.cluster.engine import Engine


def abandoned(reports: Path) -> set[str]:
    """The ids of runs with a report here that were killed, or that ended with something left behind.

    One that goes on is not among them, nor one whose stack was kept on purpose.
    """
    begun = (path for path in reports.glob("*") if clean.RUN.fullmatch(path.name))
    return {path.name for path in begun if _has_left_something(path) and not is_present(path.name)}


def _has_left_something(report: Path) -> bool:
    """By its results; a run that was killed has none."""
    try:
        return bool(json.loads((report / "results.json").read_text(encoding="utf-8"))["leftovers"])
    except (OSError, ValueError):
        return True


def removed(reports: Path, way: Mapping[str, str]) -> Iterator[str]:
    """Removes them from the engine to which the variables lead, and tells each.

    Raises StackError with what will not go, EngineError where the engine does not answer.
    """
    engine = Engine(way["DOCKER_HOST"], dict(way))
    for stack, run in clean.stacks(engine, abandoned(reports)).items():
        clean.remove(engine, stack, run, way)
        yield f"removed stack {stack}, which run {run} had left"
