"""Which engine a make command means: the one that the docker client reaches, or a kept sandbox."""

import subprocess

from acceptance.harness.errors import EngineError
from acceptance.sandbox.sandbox import Sandbox


def shell_lines(engine: str, start: bool, version: str | None, say) -> list[str]:
    """The lines that make a shell's docker client talk to the chosen engine; none where it does already.

    `engine` is auto, current or sandbox; `start` starts a kept sandbox where none is up. Raises
    EngineError where the chosen engine is not there.
    """
    if engine == "auto" and version:
        engine = "sandbox"  # only a sandbox has a version to choose
    if engine != "sandbox" and (words := client_refusal()) is None:
        return []
    if engine == "current":
        raise EngineError(
            f"no engine answers the docker client ({words}): start it, point DOCKER_HOST at one, "
            "or have a private one with ENGINE=sandbox"
        )
    sandbox = Sandbox.kept(version)
    if not sandbox and not start:
        raise EngineError(
            "no engine answers the docker client and no sandbox is kept: `make deploy` starts one, "
            "`python -m acceptance.sandbox up` too"
        )
    sandbox = sandbox or Sandbox.up(keep=True, say=say, **({"engine_version": version} if version else {}))
    return exports(sandbox.docker_host)


def exports(docker_host: str) -> list[str]:
    """The shell's lines for the engine at `docker_host`."""
    return [
        f"export DOCKER_HOST={docker_host}",
        "unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH DOCKER_CONTEXT",
    ]


def client_refusal() -> str | None:
    """Why the docker client reaches no engine, in its words; None if it does."""
    try:
        done = subprocess.run(
            ["docker", "version", "--format", "{{.Server.Version}}"],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return "there is no docker client"
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
