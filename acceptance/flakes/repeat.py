"""The stack judged many times, at one state of the tree: what was judged earlier counts, and the rest is judged now."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from statistics import median

from acceptance import judged, lanes
from acceptance.flakes.attempt import Attempt
from acceptance.flakes.caches import Caches
from acceptance.flakes.ledger import Ledger
from acceptance.flakes.picture import picture_of
from acceptance.flakes.telling import line_of, table, tell
from acceptance.harness.errors import EngineError
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.run import Run
from acceptance.revision import NO_PART_OF_A_RUN, revision_of

FILE = "flakes.jsonl"
INTERRUPTED = 2
SETTING = re.compile(r"^([A-Z][A-Z_]*)=", re.MULTILINE)  # of stack.env


def prove(run: Run, runs: int, fresh: int) -> None:
    """Judges the stack until the ledger has so many runs, tells the run what they found, and prints the table."""
    run.locked = read_lock(judged.CHECKS / "checks.lock")
    ledger = Ledger(run.settings.reports / FILE, key_of(run), run.settings.source / "docs" / FILE)
    run.say(f"{len(ledger.whole)} of {runs} runs of profile {run.settings.profile} are in the ledger for this state of the tree")
    try:
        add_missing(run, ledger, runs, fresh)
    except EngineError as error:
        run.unjudged.append(str(error))
    finally:
        conclude(run, ledger, runs)


def key_of(run: Run) -> dict[str, object]:
    """What is the same in all runs that are counted together: the tree, the profile, and what was asked for besides."""
    asked = {name: getattr(run.settings, name.replace("-", "_")) for name in (*judged.PASSED_ON, "engine-version")}
    names = SETTING.findall((run.settings.source / "stack" / "stack.env").read_text(encoding="utf-8"))
    asked |= {name: run.settings.environment.get(name) for name in names}
    given = {name: value for name, value in asked.items() if value and not name.lower().endswith("port")}
    return {"revision": revision_of(run.settings.source, NO_PART_OF_A_RUN), "profile": run.settings.profile, "given": given}


def add_missing(run: Run, ledger: Ledger, runs: int, fresh: int) -> None:
    """Judges what is missing, two at a time in sandboxes. Raises EngineError when the tree is no longer what it was."""
    missing = ledger.missing(runs, fresh)
    begun: list[Attempt] = []
    if not missing:
        return
    with ExitStack() as stack, run.phase("runs", lambda: f"{len(ledger.whole)}/{runs}; at work: {len(begun)}"):
        hosts = hosts_for(run, missing, stack)
        caches = stack.enter_context(Caches())
        for entry in stack.enter_context(closing(judge(run, ledger, missing, hosts, caches, begun))):
            if INTERRUPTED in entry["exits"]:   # by somebody who meant this one: it says nothing
                run.say(f"interrupted, and not counted: {entry['report']}")
                continue
            ledger.add(entry)
            run.say(line_of(entry, f"{len(ledger.whole)}/{runs}", left(ledger, runs, len(hosts))))


def judge(
    run: Run, ledger: Ledger, missing: list[bool], hosts: list[str], caches: Caches, begun: list[Attempt]
) -> Iterator[dict[str, object]]:
    """The ledger's entries of these runs, each as it ends."""
    first = len(ledger.entries) + 1

    def begin(piece: tuple[int, bool], host: str) -> Attempt:
        number, is_fresh = piece
        return Attempt(run, number, host, caches.make() if is_fresh else None)

    with closing(lanes.side_by_side(enumerate(missing, first), hosts, begin, begun)) as ended:
        for attempt in ended:
            if ledger.key != key_of(run):
                raise EngineError("The tree was changed while it was judged: runs that were under way are not counted."
                                  " What the ledger has stays; at the new state the count begins anew.")
            yield attempt.entry()
            if attempt.home:
                caches.remove(attempt.home)


def hosts_for(run: Run, missing: list[bool], stack: ExitStack) -> list[str]:
    """An engine for each run that goes on at once; where all are fresh ones, they bring their own."""
    at_once = min(len(missing), lanes.SIDE_BY_SIDE, os.cpu_count() or 1)
    return [""] * at_once if all(missing) else lanes.engines(run, len(missing), stack)


def left(ledger: Ledger, runs: int, at_once: int) -> str:
    """About how long the rest takes, in words."""
    rest = runs - len(ledger.whole)
    minutes = rest * median(entry["seconds"] for entry in ledger.entries) / at_once / 60
    return f"; {rest} to go, about {minutes:.0f} min" if rest > 0 else ""


def conclude(run: Run, ledger: Ledger, runs: int) -> None:
    """What the ledger says now: to the report of this run, to the person, and as a picture."""
    tell(run, ledger, runs)
    if ledger.entries:
        evidence = run.evidence("run")
        evidence.text("flakes.txt", table(ledger) + "\n")
        evidence.text("seconds.svg", picture_of(ledger.entries))
        run.say(table(ledger))
