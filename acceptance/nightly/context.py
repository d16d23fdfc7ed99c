"""Where a Docker context leads, as the variables by which the docker client, the SDK and make all find the engine there."""

import json
import subprocess
from pathlib import Path

from acceptance.harness.errors import SettingsError


def way_to(name: str) -> dict[str, str]:
    """DOCKER_HOST, and the folder of the context's certificates if it has any.

    Raises SettingsError for a context that the docker client does not know, or that leads by ssh.
    """
    if not name:
        raise SettingsError(["CONTEXT is empty: name the Docker context of a swarm's manager; `docker context ls` lists them"])
    told = inspected(name)
    host, keys = told["Endpoints"]["docker"], told["TLSMaterial"].get("docker")
    if host["Host"].startswith("ssh:"):
        raise SettingsError([f"CONTEXT={name}: leads to {host['Host']}, and the Docker SDK here speaks no ssh; forward the socket"
                             " (`ssh -L`) or have the engine listen by TLS, and make a context for that"])
    by_tls = {"DOCKER_CERT_PATH": str(Path(told["Storage"]["TLSPath"]) / "docker"),
              "DOCKER_TLS_VERIFY": "" if host["SkipTLSVerify"] else "1"}
    return {"DOCKER_HOST": host["Host"], **(by_tls if keys else {})}


def inspected(name: str) -> dict:
    """The context as the docker client keeps it. Raises SettingsError with its words."""
    try:
        asked = ["docker", "context", "inspect", "--format", "{{json .}}", name]
        done = subprocess.run(asked, capture_output=True, text=True)
    except OSError as error:
        raise SettingsError(["There is no docker command on PATH: `make setup` installs it, as root on Debian."]) from error
    if done.returncode:
        raise SettingsError([f"CONTEXT={name}: {done.stderr.strip()}; `docker context ls` lists those of this user"])
    return json.loads(done.stdout)
