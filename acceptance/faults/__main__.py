"""`python -m acceptance.faults ID… | --all`: breaks the stack and shows that the named check notices."""

import argparse
import os
import sys
from pathlib import Path

from acceptance.faults.fault import FOLDER
from acceptance.faults.matrix import prove
from acceptance.harness import endings
from acceptance.harness.errors import SettingsError
from acceptance.harness.options import OPTIONS
from acceptance.harness.report.progress import Progress
from acceptance.harness.report.report import conclude
from acceptance.harness.report.run import Run
from acceptance.harness.settings import Settings, fallback, gather

ROOT = Path(__file__).parents[2]
# What a fault decides itself, or what a run of faults cannot have.
OTHERS = ("profile", "keep", "target", "accounts")


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: each fault was killed by its check for its reason, and no benign change by any."""
    given = _parser().parse_args(arguments)
    refused: list[str] = [] if given.ids or given.all else ["name the faults to judge, or say --all"]
    settings = _settings(given, refused)
    run = Run(
        settings, say=_say, progress=Progress(os.dup(1) if sys.stdout.isatty() else None), refused=refused
    )
    try:
        with endings.heard():
            if not refused:
                prove(run, settings.faults or FOLDER, tuple(given.ids), given.full)
    except KeyboardInterrupt as error:
        run.interrupted = endings.named(error)
    return conclude(run, Path.cwd())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m acceptance.faults", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="faults by the name of their file")
    parser.add_argument("--all", action="store_true", help="every fault of the folder")
    parser.add_argument("--full", action="store_true", help="judge each by the whole profile `full`")
    for option in OPTIONS:
        if option.name not in OTHERS:
            parser.add_argument(f"--{option.name}", dest=option.key, help=option.meaning.replace("%", "%%"))
    return parser


def _settings(given: argparse.Namespace, refused: list[str]) -> Settings:
    try:
        return gather(vars(given), ROOT)
    except SettingsError as error:
        refused += error.complaints
        return fallback(vars(given), ROOT)


def _say(line: str, color: str = "") -> None:
    """A line at once, also into a pipe; colours are pytest's matter."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
