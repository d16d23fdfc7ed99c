"""`python -m acceptance.nightly --context NAME`: judges the stack on the swarm of a Docker context, for the history.

Two may run on one swarm at once. What a killed one left of its stack is removed, before and after.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from acceptance.harness import endings
from acceptance.harness.errors import EngineError, SettingsError, StackError
from acceptance.harness.options import OPTIONS
from acceptance.harness.settings import Settings, gather
from acceptance.judged import CHECKS
from acceptance.nightly import abandoned, context, history, night

# What a night on a swarm of somebody's has no choice in.
FIXED = ("engine", "engine-version", "keep", "target", "accounts", "ca-file", "disruptive", "faults")
INTERRUPTED = 2
LEFT_BEHIND = 11


def main(arguments: list[str] | None = None) -> int:
    """The exit code of the run; 4 for bad settings; 2 if stopped before; 11 where only leftovers of others would not go."""
    given = parser().parse_args(arguments)
    try:
        settings, way = asked(given)
    except SettingsError as refused:
        print(refused, "verdict=ERROR exit=4 report=none", sep="\n", flush=True)
        return 4
    with endings.unheard():  # but for the judging: who stops a night waits until nothing is left of it and its words are said
        left, ended = begun(settings, way, given.waivers and Path(given.waivers).absolute())
        left = swept(settings, way) or left  # the run itself may have been killed
        return concluded(settings, given.context, ended, left)


def begun(settings: Settings, way: dict[str, str], waivers: Path | None) -> tuple[str, night.Ended]:
    """What an earlier run left and will not go, and the run; one that was not even begun when somebody stopped the night."""
    began, left = datetime.now(UTC), ""
    try:
        with endings.heard_once():
            left = swept(settings, way)
            return left, night.judged(settings, way, waivers)
    except KeyboardInterrupt as error:
        print(f"{endings.named(error)}: the stack was not judged", flush=True)
        return left, night.Ended(INTERRUPTED, began, 0.0)


def concluded(settings: Settings, name: str, ended: night.Ended, left: str) -> int:
    """Adds the night to the history of that context, and says what there is to say; its exit code."""
    entry = history.entry_of(ended, name, settings.profile)
    print(history.added(settings.reports / history.FILE, entry, ended), flush=True)
    code = ended.code or (LEFT_BEHIND if left else 0)
    verdict = entry["verdict"] if code == ended.code else "FAIL"
    print(f"verdict={verdict} exit={code} report={ended.report or 'none'}", flush=True)
    return code


def parser() -> argparse.ArgumentParser:
    """The context, and those options of the harness that a night has."""
    made = argparse.ArgumentParser(prog="python -m acceptance.nightly", description=__doc__)
    made.add_argument("--context", default="", help="the Docker context of a manager of the swarm: `docker context ls`")
    for option in OPTIONS:
        if option.name not in FIXED:
            made.add_argument(f"--{option.name}", dest=option.key, help=option.meaning.replace("%", "%%"))
    return made


def asked(given: argparse.Namespace) -> tuple[Settings, dict[str, str]]:
    """The run's settings, and the variables that lead to its swarm. Raises SettingsError with all complaints together."""
    complaints: list[str] = []
    found = []
    for ask in (lambda: gather({**vars(given), "engine": "current"}, CHECKS.parent), lambda: context.way_to(given.context)):
        try:
            found.append(ask())
        except SettingsError as refused:
            complaints += refused.complaints
    if complaints:
        raise SettingsError(complaints)
    return found[0], found[1]


def swept(settings: Settings, way: dict[str, str]) -> str:
    """Removes what killed runs left, and says so; what will not go, in words. An engine that is away is the run's to tell."""
    try:
        for line in abandoned.removed(settings.reports, night.environment(settings, way)):
            print(line, flush=True)
    except StackError as left:
        print(left, flush=True)
        return str(left)
    except EngineError as away:
        print(f"nothing was looked for that earlier runs may have left: {away}", flush=True)
    return ""


if __name__ == "__main__":
    sys.exit(main())
