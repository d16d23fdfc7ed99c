"""Judges one fault: a copy of the tree, the fault applied to it, and the ordinary command on it."""

import tempfile
from pathlib import Path

from acceptance import judged
from acceptance.faults.fault import Fault
from acceptance.faults.finding import Finding, finding_of
from acceptance.faults.patch import copied
from acceptance.fixtures.deployment import Deployment, stack_of
from acceptance.fixtures.engine import foreign
from acceptance.harness.errors import EngineError, SettingsError, StackError
from acceptance.harness.report.run import Run


def judge(fault: Fault, run: Run, host: str, profile: str) -> Finding:
    """Deploys the broken stack on the engine at `host`; the named check judges it, or a whole `profile`.

    Its report lies below the runner's own, under faults/ID. A fault that no longer applies is not judged.
    """
    folder = run.folder / "faults" / fault.id
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"nbi-fault-{fault.id}-") as name:
        tree = copied(run.settings.source, Path(name) / "tree")
        try:
            fault.patch.apply(tree)
        except SettingsError as error:
            return Finding(fault, None, unjudged=str(error))
        words = _command(fault, run, tree, folder, profile)
        judged.finish(words, judged.environment(run, host, fault.patch.environment), folder / "output.txt")
    return _read(fault, folder)


def sweep(fault: Fault, run: Run, host: str) -> None:
    """Has the sound tree remove what a broken `make remove` left of `fault`: the next one finds the engine empty.

    Raises EngineError where something stays all the same: what came after would be judged beside it.
    """
    folder = run.folder / "faults" / fault.id
    results = judged.results_in(folder)
    if not results or not results["leftovers"]:
        return
    settings = {**dict.fromkeys(foreign(run.settings.environment, host), ""), "DOCKER_HOST": host}
    source, log = str(run.settings.source), str(folder / "sweep.log")
    try:
        Deployment(source, stack_of(results["run"]), run.settings.python, log, settings).remove(volumes=True)
    except StackError as error:
        raise EngineError(f"{fault.id} was judged, but its stack is still there: {error}") from error


def _command(fault: Fault, run: Run, tree: Path, folder: Path, profile: str) -> list[str]:
    """The ordinary command: the named check alone, or for a benign change the whole profile."""
    return judged.command(
        run,
        folder,
        profile or _profile(fault, run),
        options={"source": tree, **fault.patch.options},
        only=[] if fault.benign or profile else [fault.kills],
        plugin=["-p", "acceptance.faults.act", "--fault-file", str(fault.path)] if fault.patch.act else [],
    )


def _profile(fault: Fault, run: Run) -> str:
    """The smallest profile that has the named check; a benign change is judged by the smoke profile."""
    return next((check.profile for check in run.locked if check.id == fault.kills), "smoke")


def _read(fault: Fault, folder: Path) -> Finding:
    """The finding from the report that the judged run left."""
    results = judged.results_in(folder)
    if results is None:
        return Finding(fault, None, unjudged=f"the judged run left no results; see {folder / 'output.txt'}")
    return finding_of(fault, results, lambda evidence: _text(folder / "latest" / evidence))


def _text(folder: Path) -> str:
    """All text of a folder of evidence; pictures say nothing in words."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".png")
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
