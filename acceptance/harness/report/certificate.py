"""certificate.json: what a run of a whole profile is worth, in one file that can be checked long afterwards."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from acceptance.harness.report.kill_score import kill_score_of
from acceptance.harness.report.outcome import Result
from acceptance.harness.report.results import images_of, told_of
from acceptance.harness.report.run import Image, Run
from acceptance.harness.report.verdict import Verdict

SCHEMA = 1
KEYS = {"schema", "run", "verdict", "exit", "exits", "profile", "started", "images", "versions", "promised", "not_asked",
        "promises", "kill_score", "kill_score_why", "sha256", "digest"}
# Written before it, into the same folder; their sums stand in it.
FILES = ("results.json", "junit.xml", "checks.lock", "configuration.json")


def why_none(run: Run, verdict: Verdict) -> str:
    """Why there can be no certificate of this run, in words; empty where there is one."""
    if run.narrowed:
        return f"only a part was judged (narrowed by {', '.join(run.narrowed)})"
    return "not all checks of the profile have an outcome, or others have" if 12 in verdict.reasons else ""


def certificate_of(run: Run, verdict: Verdict) -> dict[str, Any]:
    """Its content but for the digest, once FILES lie in the run's folder. Raises OSError where one does not."""
    score, why = kill_score_of(run.tree, run.results)
    return {
        "schema": SCHEMA,
        "run": run.settings.run,
        "verdict": verdict.word,
        "exit": verdict.exit,
        "exits": verdict.exits,
        "profile": run.settings.profile,
        "started": run.started.isoformat(timespec="seconds"),
        "images": {part: _image(image) for part, image in images_of(run).items()},
        "versions": {name: run.facts.versions.get(name, "") for name in ("engine", "hub")},
        "promised": sorted({check.id for check in run.locked if check.is_in(run.settings.profile)} - run.not_asked.keys()),
        "not_asked": dict(sorted(run.not_asked.items())),
        "promises": {name: _promise(run, each) for name, each in run.results.items()},
        "kill_score": score,
        "kill_score_why": why,
        "sha256": {name: sum_of(run.folder / name) for name in FILES},
    }


def _image(image: Image) -> dict[str, str]:
    return {key: asdict(image)[key] for key in ("ref", "id", "digest")}


def _promise(run: Run, result: Result) -> dict[str, Any]:
    check = result.check
    return {"outcome": result.outcome.value, "sentence": check.sentence, "cls": check.cls, "profile": check.profile,
            "waived": told_of(run.waived.get(check.id))}


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """The certificate: the content, and a digest over it as the last key."""
    return {**content, "digest": digest_of(content)}


def digest_of(certificate: dict[str, Any]) -> str:
    """The sum over everything in it but the digest, as JSON with sorted keys and no spaces."""
    content = {key: value for key, value in certificate.items() if key != "digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sum_of(path: Path) -> str:
    """A file's SHA-256, as `sha256sum` tells it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
