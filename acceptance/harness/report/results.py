"""results.json: what a machine reads of a run. Its keys are an interface and carry a schema number."""

import math
from dataclasses import asdict
from typing import Any

from acceptance.harness.report.course import course_of
from acceptance.harness.report.outcome import Result
from acceptance.harness.report.run import Image, Run
from acceptance.harness.report.verdict import Verdict
from acceptance.harness.waivers import Waiver

SCHEMA = 1
IMAGES = ("hub", "notebook", "nginx")
# What a run met besides outcomes, under the names of its fields: with it a stored run can be judged again.
MET = ("refused", "interrupted", "internal", "dead", "unproved", "unjudged", "collected")


def results_of(run: Run, verdict: Verdict) -> dict[str, Any]:
    """The content of results.json; what is not known stands as an empty value, never as a missing key."""
    return {
        "schema": SCHEMA,
        "run": run.settings.run,
        "verdict": verdict.word,
        "exit": verdict.exit,
        "exits": verdict.exits,
        "profile": run.settings.profile,
        "target": run.facts.target,
        "engine": run.facts.engine,
        "client": run.facts.client,
        "images": {part: asdict(image) for part, image in images_of(run).items()},
        "versions": dict(run.facts.versions),
        "checks": checks_of(run),
        "not_asked": [{"id": name, "why": why} for name, why in sorted(run.not_asked.items())],
        "phases": dict(run.phases),
        "timeline": course_of(run).told(),
        "spawn": spawn_of([each.seconds for each in run.spawns]),
        "requests": {"sent": run.requests_sent, "failed": run.requests_failed, "counted": dict(run.counted)},
        "leftovers": list(run.leftovers),
        "diagnosis": run.diagnosis.told(),
        "started": run.started.isoformat(timespec="seconds"),
        "waivers": [waiver.told() for waiver in run.settings.waivers],
        "narrowed": list(run.narrowed),
        "met": {name: getattr(run, name) for name in MET},
    }


def images_of(run: Run) -> dict[str, Image]:
    """What is judged; and the image from which was upgraded, if one was."""
    return {part: run.facts.images.get(part, Image("")) for part in dict.fromkeys([*IMAGES, *run.facts.images])}


def checks_of(run: Run) -> list[dict[str, Any]]:
    """The entry of each check that has an outcome."""
    return [_check(result, run.waived.get(name)) for name, result in run.results.items()]


def told_of(waiver: Waiver | None) -> dict[str, str] | None:
    """What excuses a check, as its own entry tells it."""
    return {key: value for key, value in waiver.told().items() if key != "check"} if waiver else None


def spawn_of(seconds: list[float]) -> dict[str, float | int | None]:
    """How long users waited for their servers: how many, median and 95th percentile in seconds."""
    return {"n": len(seconds), "p50": _percentile(seconds, 50), "p95": _percentile(seconds, 95)}


def _percentile(seconds: list[float], percent: int) -> float | None:
    """The nearest-rank percentile: a time that some user really waited, not one between two."""
    ranked = sorted(seconds)
    return round(ranked[max(math.ceil(len(ranked) * percent / 100) - 1, 0)], 2) if ranked else None


def _check(result: Result, waiver: Waiver | None) -> dict[str, Any]:
    return {
        "id": result.check.id,
        "node": result.check.node,
        "cls": result.check.cls,
        "outcome": result.outcome.value,
        "seconds": round(result.seconds, 2),
        "reason": result.reason,
        "evidence": result.evidence,
        "waived": told_of(waiver),
    }
