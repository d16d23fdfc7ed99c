"""history.jsonl: a line a night, and what a night has changed since the one before it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acceptance import journal
from acceptance.nightly.night import Ended

FILE = "history.jsonl"
FAILED = ("FAIL", "ERROR")
NO_RESULTS = {"run": "", "verdict": "ERROR", "engine": "", "checks": [], "images": {}, "spawn": {}}


def entry_of(ended: Ended, context: str, profile: str) -> dict[str, Any]:
    """The line that is kept of a night."""
    told = ended.results or NO_RESULTS
    return {
        "run": told["run"],
        "started": f"{ended.began:%Y-%m-%dT%H:%M:%SZ}",
        "context": context,
        "profile": profile,
        "verdict": told["verdict"],
        "exit": ended.code,
        "seconds": ended.seconds,
        "failed": ids(ended, FAILED),
        "images": {name: image["digest"] or image["id"] for name, image in told["images"].items()},
        "engine": told["engine"],
        "spawn": dict(told["spawn"]),
    }


def ids(ended: Ended, outcomes: tuple[str, ...]) -> list[str]:
    """The checks that had one of these outcomes."""
    return sorted(check["id"] for check in (ended.results or NO_RESULTS)["checks"] if check["outcome"] in outcomes)


def added(path: Path, entry: Mapping[str, Any], ended: Ended) -> str:
    """Adds the line, and says what has changed since the last one of this context and profile."""
    alike = [each for each in journal.entries(path, "run") if all(each.get(key) == entry[key] for key in ("context", "profile"))]
    journal.add(path, entry)
    return changed(alike[-1], entry, ids(ended, ("PASS",))) if alike else f"{path}: the first night of this context and profile"


def changed(last: Mapping[str, Any], entry: Mapping[str, Any], passed: list[str]) -> str:
    """In one line; a check that had no outcome this time neither fails nor passes newly."""
    failing = [each for each in entry["failed"] if each not in last["failed"]]
    passing = [each for each in passed if each in last["failed"]]
    said = [f"newly failing: {', '.join(failing) or 'none'}", f"newly passing: {', '.join(passing) or 'none'}"]
    still = [each for each in entry["failed"] if each in last["failed"]]
    said += [f"still failing: {', '.join(still)}"] if still else []
    said += [f"{part} {last['images'].get(part) or 'unknown'} -> {image or 'unknown'}" for part, image in entry["images"].items()
             if image != last["images"].get(part)]
    said += [f"{name} of spawning {last['spawn'].get(name)} -> {seconds} s" for name in ("p50", "p95")
             if (seconds := entry["spawn"].get(name)) is not None]
    return f"since {last['started']} ({last['verdict']}): " + "; ".join(said)
