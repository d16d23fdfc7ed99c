"""The ordinary command on the swarm of a context: its words as they come, and what it ended with."""

import json
import re
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from acceptance import judged as ordinary
from acceptance.harness.report.run import Run
from acceptance.harness.settings import Settings

LAST_LINE = re.compile(r"verdict=\w+ exit=\d+ report=(.+)")
KILLED = 3  # the code of a run that ended without a last word: the harness is at fault


@dataclass(frozen=True)
class Ended:
    """A run that is over; without results where it had no time to write them."""

    code: int
    began: datetime
    seconds: float
    report: str = ""
    results: Mapping[str, Any] | None = None


def judged(settings: Settings, way: Mapping[str, str], waivers: Path | None = None) -> Ended:
    """Judges the stack there, by a file of waivers. Whoever interrupts it waits until the stack is removed, as its code tells."""
    began, clock = datetime.now(UTC), time.monotonic()
    words = ordinary.command(Run(settings), settings.reports, settings.profile, options={"waivers": waivers})
    process = subprocess.Popen(words, cwd=ordinary.CHECKS.parent, env=environment(settings, way), stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
    try:
        last = passed_on(process)
    except KeyboardInterrupt:
        process.terminate()
        last = passed_on(process)
    code, found = process.wait(), LAST_LINE.fullmatch(last)
    seconds = round(time.monotonic() - clock, 1)
    return Ended(code, began, seconds, found[1], results_beside(found[1])) if found else Ended(KILLED, began, seconds)


def environment(settings: Settings, way: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment, led to that swarm and to no other."""
    return ordinary.environment(Run(settings), way["DOCKER_HOST"], way)


def passed_on(process: subprocess.Popen) -> str:
    """Says what the process says, line by line, until it ends; its last line."""
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line.strip() or last
    return last


def results_beside(report: str) -> dict[str, Any] | None:
    """results.json beside the page that a last line names; None where there is none."""
    try:
        return json.loads((ordinary.CHECKS.parent / report).with_name("results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
