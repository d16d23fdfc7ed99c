"""history.jsonl: a line a night, and what a night has changed since the one before it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acceptance import journal
from acceptance.harness.errors import SettingsError
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
    """Adds the line, and says what has changed, or what is wrong with the file: a night that was judged has its verdict."""
    try:
        journal.add(path, entry)
    except OSError as error:
        return f"this night has no line in {path}: {error}"
    try:
        return compared(path, entry, ended)
    except (SettingsError, OSError) as error:
        return f"this night has its line and is compared with none: {error}"


def compared(path: Path, entry: Mapping[str, Any], ended: Ended) -> str:
    """What has changed since the last other night of this context and profile."""
    alike = [each for each in journal.entries(path, "run") if all(each.get(key) == entry[key] for key in ("context", "profile"))]
    others = [each for each in alike if each != entry]
    return changed(others[-1], entry, ids(ended, ("PASS",))) if others else f"{path}: the first night of this context and profile"


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
