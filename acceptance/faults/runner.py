"""Judges one fault: a copy of the tree, the fault applied to it, and the ordinary command on it."""

import json
import subprocess
import tempfile
from pathlib import Path

from acceptance.faults.fault import Fault
from acceptance.faults.finding import Finding, finding_of
from acceptance.faults.patch import copied
from acceptance.fixtures.deployment import Deployment, stack_of
from acceptance.fixtures.engine import foreign
from acceptance.harness.errors import EngineError, SettingsError, StackError
from acceptance.harness.report.run import Run

CHECKS = Path(__file__).parents[1]
# What goes on to every judged run as it was asked of the runner; the engine is the runner's own matter.
PASSED_ON = ("hub-image", "notebook-image", "nginx-image", "users", "http-port", "https-port")


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
        _run(
            _command(fault, run, tree, folder, profile), _environment(fault, run, host), folder / "output.txt"
        )
    return _read(fault, folder)


def sweep(fault: Fault, run: Run, host: str) -> None:
    """Has the sound tree remove what a broken `make remove` left of `fault`: the next one finds the engine empty.

    Raises EngineError where something stays all the same: what came after would be judged beside it.
    """
    folder = run.folder / "faults" / fault.id
    path = folder / "latest" / "results.json"
    results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if not results.get("leftovers"):
        return
    settings = {**dict.fromkeys(foreign(run.settings.environment, host), ""), "DOCKER_HOST": host}
    source, log = str(run.settings.source), str(folder / "sweep.log")
    try:
        Deployment(source, stack_of(results["run"]), run.settings.python, log, settings).remove(volumes=True)
    except StackError as error:
        raise EngineError(f"{fault.id} was judged, but its stack is still there: {error}") from error


def _command(fault: Fault, run: Run, tree: Path, folder: Path, profile: str) -> list[str]:
    """The acceptance command; pytest's -k takes the check's id."""
    named = [] if fault.benign or profile else ["-k", fault.kills]
    given = {
        option: getattr(run.settings, option.replace("-", "_")) for option in PASSED_ON
    } | fault.patch.options
    options = [f"--{name}={value}" for name, value in given.items() if value]
    act = ["-p", "acceptance.faults.act", "--fault-file", str(fault.path)] if fault.patch.act else []
    where = [
        f"--source={tree}",
        f"--reports={folder}",
        "--engine=current",
        f"--profile={profile or _profile(fault, run)}",
    ]
    return [
        run.settings.python,
        "-m",
        "pytest",
        str(CHECKS),
        f"--rootdir={CHECKS.parent}",
        *where,
        *options,
        *act,
        *named,
    ]


def _profile(fault: Fault, run: Run) -> str:
    """The smallest profile that has the named check; a benign change is judged by the smoke profile."""
    return next((check.profile for check in run.locked if check.id == fault.kills), "smoke")


def _environment(fault: Fault, run: Run, host: str) -> dict[str, str]:
    """The caller's environment with the fault's settings of `make deploy`, pointing at one engine."""
    away = foreign(run.settings.environment, host)
    kept = {name: value for name, value in run.settings.environment.items() if name not in away}
    return (
        kept | {name: str(value) for name, value in fault.patch.environment.items()} | {"DOCKER_HOST": host}
    )


def _run(command: list[str], environment: dict[str, str], output: Path) -> None:
    """Runs to the end; an interrupt is handed on once and waited for: the judged run removes its stack.

    As SIGTERM: what a shell started in the background inherits that SIGINT is ignored.
    """
    with output.open("wb") as file:
        judged = subprocess.Popen(
            command,
            cwd=CHECKS.parent,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            judged.wait()
        except KeyboardInterrupt:
            judged.terminate()
            judged.wait()
            raise


def _read(fault: Fault, folder: Path) -> Finding:
    """The finding from the report that the judged run left."""
    try:
        results = json.loads((folder / "latest" / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return Finding(
            fault, None, unjudged=f"the judged run left no results: {error}; see {folder / 'output.txt'}"
        )
    return finding_of(fault, results, lambda evidence: _text(folder / "latest" / evidence))


def _text(folder: Path) -> str:
    """All text of a folder of evidence; pictures say nothing in words."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".png")
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
