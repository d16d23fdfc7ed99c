"""The Docker API of a node by TLS, exactly as the stack's own `make docker-tls-certs` has an operator set it up."""

import shlex
import sys
from pathlib import Path
from urllib.parse import urlsplit

from acceptance.harness.errors import EngineError
from acceptance.sandbox.command import output_of

PORT = 2376
FOLDER = "/run/nbi/tls"  # Node.tls as dockerd sees it
# An outer make's flags (-n, PROFILE=…) are none of this one's.
MAKE = ("env", "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "-u", "MFLAGS", "make", "--no-print-directory")


def options(source: Path, address: str, folder: Path) -> list[str]:
    """Make the certificates for a daemon at `address` in `folder`, and return the options that dockerd needs.

    Those are what make of the tree `source` tells an operator, with our folder for theirs.
    """
    settings = {"PYTHON": sys.executable, "SECRETS_DIR": folder, "DOCKER_TLS_HOST": f"tcp://{address}:{PORT}"}
    given = [f"{name}={value}" for name, value in settings.items()]
    return told(output_of(*MAKE, "-C", source, "docker-tls-certs", *given))


def told(said: str) -> list[str]:
    """The options of the line `dockerd …` of what make said. Raises EngineError where there is none."""
    line = next((line.strip() for line in said.splitlines() if line.strip().startswith("dockerd --")), "")
    if not line:
        raise EngineError(f"make docker-tls-certs tells no options of dockerd, but: {said.strip()[-500:]}")
    return [in_our_folder(option) for option in shlex.split(line)[1:]]


def in_our_folder(option: str) -> str:
    """`--tlskey=/etc/docker/tls/x` with the folder in which our x lies."""
    name, equals, value = option.partition("=")
    return f"{name}={FOLDER}/{Path(value).name}" if value.startswith("/") else option


def folder_beside(docker_host: str) -> Path:
    """Node.tls of the sandbox with this DOCKER_HOST; it need not exist, nor the sandbox."""
    return Path(urlsplit(docker_host).path).parent / "tls"
