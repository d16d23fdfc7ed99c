"""The ordinary command, run by a command of ours on another deployment, with a report of its own below the caller's."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from acceptance.fixtures.engine import foreign
from acceptance.harness.report.run import Run

CHECKS = Path(__file__).parent
# What goes on to every judged run as it was asked of the caller; the engine is the caller's own matter.
PASSED_ON = ("hub-image", "previous-hub-image", "hub-config", "notebook-image", "nginx-image", "users", "http-port", "https-port")


def command(
    run: Run,
    reports: Path,
    profile: str,
    *,
    options: Mapping[str, Any] | None = None,
    only: Iterable[str] = (),
    plugin: Iterable[str] = (),
) -> list[str]:
    """The command that judges a deployment: by a whole profile, or by `only` these checks of it.

    `options` of the harness win over what the caller was asked for.
    """
    asked = {option: getattr(run.settings, option.replace("-", "_")) for option in PASSED_ON}
    given = {"source": run.settings.source, **asked, **(options or {})}
    narrowed = ["-k", " or ".join(only)] if only else []  # pytest's -k takes a check's id
    return [
        run.settings.python,
        "-m",
        "pytest",
        str(CHECKS),
        f"--rootdir={CHECKS.parent}",
        f"--reports={reports}",
        "--engine=current",
        f"--profile={profile}",
        "-p",
        "no:hypothesispytest",  # a second of each run's start, for what only selftests use
        *(f"--{name}={value}" for name, value in given.items() if value),
        *plugin,
        *narrowed,
    ]


def environment(run: Run, host: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """The caller's environment with other settings of `make deploy`, pointing at the one engine at `host`."""
    away = foreign(run.settings.environment, host)
    kept = {name: value for name, value in run.settings.environment.items() if name not in away}
    return kept | {name: str(value) for name, value in settings.items()} | {"DOCKER_HOST": host}


def start(words: list[str], variables: Mapping[str, str], output: Path) -> subprocess.Popen:
    """Begins a command, in a session of its own: who ends it is `end`, and not a terminal's Ctrl-C."""
    with output.open("wb") as file:
        return subprocess.Popen(
            words,
            cwd=CHECKS.parent,
            env=variables,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def end(*begun: subprocess.Popen) -> None:
    """Tells what still runs to stop, once, and waits for it: the judged run removes its stack.

    As SIGTERM: what a shell started in the background inherits that SIGINT is ignored.
    """
    for process in begun:
        process.terminate()
    for process in begun:
        process.wait()


def finish(words: list[str], variables: Mapping[str, str], output: Path) -> None:
    """Runs a command to its end; an interrupt is handed on."""
    judged = start(words, variables, output)
    try:
        judged.wait()
    except KeyboardInterrupt:
        end(judged)
        raise


def results_in(reports: Path) -> dict[str, Any] | None:
    """results.json of the run that wrote its report there; None where it left none."""
    try:
        return json.loads((reports / "latest" / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
