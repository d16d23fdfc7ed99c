"""results.json: what a machine reads of a run. Its keys are an interface and carry a schema number."""

import math
from dataclasses import asdict
from typing import Any

from acceptance.harness.report.outcome import Result
from acceptance.harness.report.run import Image, Run
from acceptance.harness.report.verdict import Verdict

SCHEMA = 1
IMAGES = ("hub", "notebook", "nginx")


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
        "images": {name: asdict(run.facts.images.get(name, Image(""))) for name in IMAGES},
        "versions": dict(run.facts.versions),
        "checks": checks_of(run),
        "not_asked": [{"id": name, "why": why} for name, why in sorted(run.not_asked.items())],
        "phases": dict(run.phases),
        "spawn": spawn_of(run.spawn_seconds),
        "requests": {"sent": run.requests_sent, "failed": run.requests_failed, "counted": dict(run.counted)},
        "leftovers": list(run.leftovers),
        "diagnosis": run.diagnosis.told(),
    }


def checks_of(run: Run) -> list[dict[str, Any]]:
    """The entry of each check that has an outcome."""
    return [_check(result) for result in run.results.values()]


def spawn_of(seconds: list[float]) -> dict[str, float | int | None]:
    """How long users waited for their servers: how many, median and 95th percentile in seconds."""
    return {"n": len(seconds), "p50": _percentile(seconds, 50), "p95": _percentile(seconds, 95)}


def _percentile(seconds: list[float], percent: int) -> float | None:
    """The nearest-rank percentile: a time that some user really waited, not one between two."""
    ranked = sorted(seconds)
    return round(ranked[max(math.ceil(len(ranked) * percent / 100) - 1, 0)], 2) if ranked else None


def _check(result: Result) -> dict[str, Any]:
    return {
        "id": result.check.id,
        "node": result.check.node,
        "cls": result.check.cls,
        "outcome": result.outcome.value,
        "seconds": round(result.seconds, 2),
        "reason": result.reason,
        "evidence": result.evidence,
    }
