"""Judges one fault: a copy of the tree, the fault applied to it, and the ordinary command on it."""

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from acceptance import judged
from acceptance.faults.fault import Fault
from acceptance.faults.finding import Finding
from acceptance.faults.patch import copied
from acceptance.faults.reading import read
from acceptance.fixtures.deployment import Deployment, stack_of
from acceptance.fixtures.engine import foreign
from acceptance.harness.errors import EngineError, StackError
from acceptance.harness.report.run import Run

ALONE, SMOKE, FULL = "", "smoke", "full"  # who judges besides the named check
# What the smoke profile beside the named check is spared; benign changes, and faults that it must kill itself, are not.
BROAD = 3  # so many others that fail are enough: each would wait for its end
FEW = 2  # people who come at once: their servers are most of the minute


class Judging:
    """A fault that is being judged on the engine at `host`: the broken stack is deployed and asked.

    Its report lies below the runner's own, under faults/ID.
    """

    def __init__(self, run: Run, fault: Fault, host: str, company: str) -> None:
        self.fault, self.host, self._began = fault, host, time.monotonic()
        self.folder = folder_of(run, fault)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._home = tempfile.TemporaryDirectory(prefix=f"nbi-fault-{fault.id}-")
        tree = copied(run.settings.source, Path(self._home.name) / "tree")
        fault.patch.apply(tree)
        variables = judged.environment(run, host, fault.patch.environment)
        self.process = judged.start(
            command(fault, run, tree, self.folder, company), variables, self.folder / "output.txt"
        )

    def finding(self, faults: Iterable[Fault]) -> Finding:
        """What came of it; asked once its process has ended. `faults` are those whose words it must not say."""
        self._home.cleanup()
        return read(self.fault, faults, self.folder, round(time.monotonic() - self._began))

    @property
    def was_interrupted(self) -> bool:
        """By somebody who meant this one: it says nothing of the fault."""
        results = judged.results_in(self.folder)
        return bool(results) and 2 in results["exits"]


def folder_of(run: Run, fault: Fault) -> Path:
    """Where the report of a fault's judged run lies."""
    return run.folder / "faults" / fault.id


def sweep(fault: Fault, run: Run, host: str) -> None:
    """Has the sound tree remove what a broken `make remove` left of `fault`: the next one finds the engine empty.

    Raises EngineError where something stays all the same: what came after would be judged beside it.
    """
    folder = folder_of(run, fault)
    results = judged.results_in(folder)
    if not results or not results["leftovers"]:
        return
    settings = {**dict.fromkeys(foreign(run.settings.environment, host), ""), "DOCKER_HOST": host}
    source, log = str(run.settings.source), str(folder / "sweep.log")
    try:
        Deployment(source, stack_of(results["run"]), run.settings.python, log, settings).remove(volumes=True)
    except StackError as error:
        raise EngineError(f"{fault.id} was judged, but its stack is still there: {error}") from error


def command(fault: Fault, run: Run, tree: Path, folder: Path, company: str) -> list[str]:
    """The ordinary command: the named check, and those of the profile that keep it company."""
    company = SMOKE if fault.benign and not company else company
    whole = company if fault.benign else _profile(fault, run, company)
    narrow = [] if company == FULL or fault.benign else _asked(fault, run, company)
    named = ["-p", "acceptance.faults.order", "--named", fault.kills] if fault.kills else []
    broad = ["--broad", str(BROAD)] if named and company == SMOKE else []
    act = ["-p", "acceptance.faults.act", "--fault-file", str(fault.path)] if fault.patch.act else []
    return judged.command(
        run,
        folder,
        whole,
        options={"source": tree, **_spared(fault, run, company), **fault.patch.options},
        only=narrow,
        plugin=[*named, *broad, *act],
    )


def _asked(fault: Fault, run: Run, company: str) -> list[str]:
    return list(
        dict.fromkeys([fault.kills, *(each.id for each in run.locked if company and each.is_in(company))])
    )


def _spared(fault: Fault, run: Run, company: str) -> dict[str, Any]:
    own = fault.benign or any(check.id == fault.kills and check.is_in(SMOKE) for check in run.locked)
    return {} if own or company != SMOKE else {"users": FEW}


def _profile(fault: Fault, run: Run, company: str) -> str:
    """The profile that the named check is taken from; `full` itself where that has it and is asked for."""
    named = next((check for check in run.locked if check.id == fault.kills), None)
    if named is None:
        return company or SMOKE
    return FULL if company == FULL and named.is_in(FULL) else named.profile
