"""`python -m acceptance.clean`: ends what runs of this checkout left: processes, stacks, sandboxes, temporary folders.

A run that was ended by itself leaves nothing; this is for those that were killed, and for what was kept on purpose.
The operator's own stack is not a run's: on an engine of the operator's, only `make remove` takes that away.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from acceptance.fixtures.engine import endpoint
from acceptance.harness.cluster.engine import Engine
from acceptance.harness.cluster.leftovers import leftovers
from acceptance.harness.errors import EngineError, StackError
from acceptance.harness.settings import environment
from acceptance.sandbox import down
from acceptance.sandbox.choice import client_refusal
from acceptance.sandbox.slot import cache_folder

ROOT = Path(__file__).parents[1]
RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
# The temporary folders of runs, browsers, faults, readers and base images, and of nobody else.
FOLDER = re.compile(rf"nbi-({RUN.pattern}|browser|fault|readme|base)-\S+")
INNER_CACHES = ("proof-*", "fresh-*")  # of sandboxes that must meet nothing from before
STACK_LABELS = ("com.docker.stack.namespace", "nbi.stack")


def folders(parent: Path) -> list[Path]:
    """Our temporary folders, as far as they are this user's."""
    found = (path for path in parent.glob("nbi-*") if FOLDER.fullmatch(path.name))
    return sorted(path for path in found if path.stat().st_uid == os.geteuid())


def runs(reports: Path, temporary: Iterable[Path]) -> set[str]:
    """The ids of the runs that were begun here, by their reports and by what they had no time to remove."""
    found = {path.name for path in reports.rglob("*-*-*") if path.is_dir() and RUN.fullmatch(path.name)}
    return found | {match[0] for path in temporary if (match := RUN.search(path.name))}


def processes(temporary: list[Path]) -> Iterator[psutil.Process]:
    """Every process but us and our parents whose command line or environment names one of the folders."""
    names = [str(path) for path in temporary]
    mine = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    for process in psutil.process_iter():
        try:
            told = [*process.cmdline(), *process.environ().values()]
        except psutil.Error:  # it has ended, or is somebody else's
            continue
        if process.pid not in mine and any(name in text for name in names for text in told):
            yield process


def end(found: list[psutil.Process]) -> None:
    """Ends them, those that do not listen by force. Raises StackError with what is still there."""
    left = found
    for way in (psutil.Process.terminate, psutil.Process.kill):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                way(process)
        _, left = psutil.wait_procs(left, timeout=10)
    if left:
        raise StackError(f"these processes do not end: {', '.join(str(each.pid) for each in left)}")


def stacks(engine: Engine, known: set[str]) -> dict[str, str]:
    """Stack name -> run, for everything on the engine that carries the label of a run begun here."""
    client, chosen = engine.client, {"label": "nbi.run"}
    labels = [service.attrs["Spec"]["Labels"] for service in client.services.list(filters=chosen)]
    labels += [volume["Labels"] for volume in client.api.volumes(filters=chosen)["Volumes"] or []]
    labels += [network["Labels"] for network in client.api.networks(filters=chosen)]
    labels += [secret.attrs["Spec"]["Labels"] for secret in client.secrets.list(filters=chosen)]
    named = {one[name]: one["nbi.run"] for one in labels for name in STACK_LABELS if name in one}
    return {stack: run for stack, run in named.items() if run in known}


def remove(engine: Engine, stack: str, run: str, way: Mapping[str, str]) -> None:
    """`make remove` with the users' volumes, which were the run's own; `way` are the variables that lead to the engine.

    Raises StackError with what is left.
    """
    verb = [sys.executable, "-m", "stack.operate.remove", "--volumes"]
    done = subprocess.run(verb, cwd=ROOT, env={**way, "STACK_NAME": stack}, capture_output=True, text=True)
    if left := leftovers(engine, f"nbi.run={run}"):
        raise StackError(f"of run {run} there are still: {', '.join(left)}. {done.stderr.strip()}")


def leave_swarm(engine: Engine, known: set[str]) -> bool:
    """Leaves a swarm that a run made and was killed in; True if there was one."""
    is_ours = engine.is_manager and engine.client.swarm.attrs["Spec"]["Labels"].get("nbi.run") in known
    if is_ours:
        engine.client.swarm.leave(force=True)
    return is_ours


def erase(folder: Path) -> None:
    """Deletes a folder, also one that its own run is deleting at the same time."""
    while folder.exists():
        with suppress(FileNotFoundError):  # the run was faster with a part of it
            shutil.rmtree(folder)


def everything() -> Iterator[str]:
    """Ends all of it; a line for each thing that was there. Raises StackError or EngineError with what would not go."""
    temporary = folders(Path(tempfile.gettempdir()))
    known = runs(ROOT / "reports", temporary)
    if found := list(processes(temporary)):
        end(found)
        yield f"ended {len(found)} processes of runs"
    if client_refusal() is None:
        engine = Engine(endpoint(environment()), environment())
        for stack, run in stacks(engine, known).items():
            remove(engine, stack, run, environment())
            yield f"removed stack {stack} of run {run}"
        if leave_swarm(engine, known):
            yield "left the swarm that a run had made"
    inner = [path for name in INNER_CACHES for path in cache_folder().glob(name)]
    for cache in (cache_folder(), *(path / cache_folder().name for path in inner)):
        yield from down.everything(cache, also_in_use=True)
    for path in (*temporary, *inner):
        erase(path)
        yield f"removed {path}"


def main() -> int:
    """0; 11 if something would not go, which is named."""
    argparse.ArgumentParser(prog="python -m acceptance.clean", description=__doc__).parse_args()
    try:
        for line in everything():
            print(line, flush=True)
    except (StackError, EngineError) as error:
        print(error, file=sys.stderr)
        return 11
    return 0


if __name__ == "__main__":
    sys.exit(main())
