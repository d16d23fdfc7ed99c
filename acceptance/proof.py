"""A command of ours that judges many deployments: the options that it hands on, its run, and how it ends."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from acceptance.harness import endings
from acceptance.harness.errors import SettingsError
from acceptance.harness.options import OPTIONS
from acceptance.harness.report.progress import Progress
from acceptance.harness.report.report import conclude
from acceptance.harness.report.run import Run
from acceptance.harness.settings import fallback, gather

ROOT = Path(__file__).parents[1]
# What each deployment decides itself, or what a run of many cannot have.
OTHERS = ("profile", "keep", "target", "accounts", "ca-file", "disruptive", "waivers")


def parser(module: str, description: str) -> argparse.ArgumentParser:
    """The parser of `python -m MODULE`, with the harness's own options."""
    made = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    for option in OPTIONS:
        if option.name not in OTHERS:
            made.add_argument(f"--{option.name}", dest=option.key, help=option.meaning.replace("%", "%%"))
    return made


def concluded(given: argparse.Namespace, refused: list[str], work: Callable[[Run], None]) -> int:
    """Does the work with a run of these options, unless it is refused; writes the report and returns its exit code."""
    run = _run(given, refused)
    try:
        with endings.heard():
            if not refused:
                work(run)
    except SettingsError as error:
        run.refused += error.complaints
    except KeyboardInterrupt as error:
        run.interrupted = endings.named(error)
    return conclude(run, Path.cwd())


def _run(given: argparse.Namespace, refused: list[str]) -> Run:
    try:
        settings = gather(vars(given), ROOT)
    except SettingsError as error:
        refused += error.complaints
        settings = fallback(vars(given), ROOT)
    progress = Progress(os.dup(1) if sys.stdout.isatty() else None)
    return Run(settings, say=_say, progress=progress, refused=refused)


def _say(line: str, color: str = "") -> None:
    """A line at once, also into a pipe; colours are pytest's matter."""
    print(line, flush=True)
