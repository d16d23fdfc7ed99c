"""The image that ours are built on: the engine's own copy, else a pulled one, else one bootstrapped from Debian's archive."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import docker

from stack.operate.settings import Refused

SUITE = "trixie"
BOOTSTRAPPED = f"nbi-jupyter-service/base:{SUITE}"


def find(client: docker.DockerClient, wanted: str) -> str:
    """A name of an image that this engine has: `wanted` if it can be had, else BOOTSTRAPPED, and says which and why.

    Raises Refused if `wanted` cannot be had and is no Debian of our SUITE, or Debian cannot be bootstrapped here.
    """
    if has(client, wanted):
        return wanted
    if has(client, BOOTSTRAPPED) and is_replaceable(wanted):
        return BOOTSTRAPPED
    try:
        print(f"base: pulling {wanted}", flush=True)
        client.images.pull(wanted)
        return wanted
    except docker.errors.APIError as error:
        if not is_replaceable(wanted):
            raise Refused([f"BASE_IMAGE {wanted} is neither on this engine nor in a registry that it reaches"
                           f" ({error.explanation}). Load it, or use debian:{SUITE}-slim."]) from error
    print(f"base: {wanted} cannot be pulled here; bootstrapping Debian {SUITE} from its archive instead", flush=True)
    bootstrap(client)
    return BOOTSTRAPPED


def is_replaceable(wanted: str) -> bool:
    """Only a plain Debian of the same suite may be replaced by one that we make: nobody's own base silently."""
    return wanted.startswith("debian:") and SUITE in wanted


def has(client: docker.DockerClient, name: str) -> bool:
    """Whether the engine has this image now."""
    try:
        client.images.get(name)
    except docker.errors.ImageNotFound:
        return False
    return True


def bootstrap(client: docker.DockerClient) -> None:
    """Make BOOTSTRAPPED from Debian's archive. Raises Refused without mmdebstrap, or where the archive is out of reach."""
    if not shutil.which("mmdebstrap"):
        raise Refused(["mmdebstrap is not installed, so no Debian can be bootstrapped: `apt-get install mmdebstrap`,"
                       f" or load an image called debian:{SUITE}-slim."])
    with tempfile.TemporaryDirectory(prefix="nbi-base-") as folder:
        tar = Path(folder) / "base.tar"
        made = subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", SUITE, tar], capture_output=True, text=True)
        if made.returncode:
            raise Refused([f"mmdebstrap ended with {made.returncode}: {made.stderr.strip().splitlines()[-1:]}."
                           " Is Debian's archive reachable from here, and is there room in the temporary folder?"])
        repository, tag = BOOTSTRAPPED.split(":")
        with tar.open("rb") as stream:
            # By pieces: given a file, the SDK announces both a length and chunks, and the engine refuses it.
            pieces = iter(lambda: stream.read(1 << 20), b"")
            client.api.import_image_from_stream(pieces, repository=repository, tag=tag)
