"""Volumes as tar files: read by a short-lived container, and made again from one with owners and modes as they were."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import docker
from docker.types import Mount

from stack.operate.stack_objects import NAMESPACE, NOTEBOOK
from stack.operate.streams import Written, write_output

# Where a volume is mounted, and so the first part of each name in its tar. A part of its own, since the engine would
# leave owner and mode of the volume's own folder as they are if that came as ".".
ROOT = "files"
# GNU tar's own: something changed while it was read. Told, and no reason to have no backup at all.
CHANGED = 1


@dataclass(frozen=True)
class Volume:
    """A volume as it is to be made again: name, labels, driver and the driver's options."""

    name: str
    labels: dict[str, str]
    driver: str
    options: dict[str, str]

    @property
    def user(self) -> str:
        """Whose files it holds; empty for the stack's own."""
        return self.labels.get("nbi.user", "")

    def is_of(self, stack: str) -> bool:
        """Whether it belongs to the stack of this name: made by it, or by its hub for a user."""
        return stack in (self.labels.get(NAMESPACE), self.labels.get(NOTEBOOK))


def described(volume) -> Volume:
    """A volume of the engine, as the SDK has it."""
    attrs = volume.attrs
    return Volume(volume.name, attrs.get("Labels") or {}, attrs["Driver"], attrs.get("Options") or {})


def users_volumes(client: docker.DockerClient, stack: str) -> list[Volume]:
    """The volumes that the stack's hub made for users, by name."""
    found = client.volumes.list(filters={"label": f"{NOTEBOOK}={stack}"})
    return sorted(map(described, found), key=lambda volume: volume.name)


def find(client: docker.DockerClient, name: str) -> Volume | None:
    """The volume of this name, if this engine has one."""
    try:
        return described(client.volumes.get(name))
    except docker.errors.NotFound:
        return None


def is_in_use(client: docker.DockerClient, name: str, ended: bool = False) -> bool:
    """Whether a container of this engine runs that mounts it; or one that has ended and still holds it."""
    return bool(client.api.containers(all=ended, filters={"volume": name}))


def read(client: docker.DockerClient, image: str, volume: Volume, path: Path) -> Written:
    """Write the volume's content to a tar file; what changed meanwhile stands in the remarks.

    GNU tar, in a container that may read everybody's files and do nothing else: the engine's own archive call ends a
    tar silently at a file that shrinks while it is read. Raises CommandFailed, OSError.
    """
    command = ["tar", "--create", "--format=posix", "--numeric-owner", "--directory=/", ROOT]
    with helper(client, image, volume, read_only=True) as container:
        container.start()
        return write_output(client, container.id, command, path, fine=(0, CHANGED))


def fill(client: docker.DockerClient, image: str, volume: Volume, tar: IO[bytes]) -> None:
    """Write a tar (a file open for reading) into a volume; owners, modes and times are the tar's. Nothing runs for it.

    Raises docker's APIError.
    """
    with helper(client, image, volume, read_only=False) as container:
        container.put_archive("/", tar)


@contextmanager
def helper(client: docker.DockerClient, image: str, volume: Volume, read_only: bool) -> Iterator:
    """A container, not started, with the volume and no network; gone afterwards. The volume's labels tell whose it is."""
    container = client.containers.create(
        image, entrypoint=["sleep"], command=["infinity"], user="0:0", labels=volume.labels, network_mode="none",
        mounts=[Mount(f"/{ROOT}", volume.name, type="volume", read_only=read_only, no_copy=True)], read_only=read_only,
        cap_drop=["ALL"], cap_add=["DAC_READ_SEARCH"], security_opt=["no-new-privileges"], pids_limit=16, mem_limit="256m")
    try:
        yield container
    finally:
        container.remove(force=True)


def make(client: docker.DockerClient, volume: Volume) -> None:
    """An empty volume of this description."""
    client.volumes.create(volume.name, driver=volume.driver, driver_opts=volume.options, labels=volume.labels)

