"""What a command in a container prints, written to a file as it comes and never held whole."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import docker

from stack.operate.wait import wait_until


class CommandFailed(Exception):
    """A command in a container that ended badly; the message has its last words."""


@dataclass(frozen=True)
class Written:
    """A file that was written: its size, its SHA-256, and what the command said beside it."""

    bytes: int
    sha256: str
    remarks: list[str]


def output_of(client: docker.DockerClient, container: str, command: list[str], user: str = "") -> str:
    """What a short command prints. Raises CommandFailed."""
    exec_id = client.api.exec_create(container, command, user=user)["Id"]
    stdout, stderr = client.api.exec_start(exec_id, demux=True)
    judge(client, exec_id, command, lines_of(stderr or b""))
    return (stdout or b"").decode(errors="replace").strip()


def write_output(client: docker.DockerClient, container: str, command: list[str], path: Path, user: str = "",
                 fine: tuple[int, ...] = (0,)) -> Written:
    """Run a command in a container, its stdout into a new file that only its owner reads.

    Raises CommandFailed where it ends with another code than a `fine` one, OSError where there is no room.
    """
    exec_id = client.api.exec_create(container, command, user=user)["Id"]
    size, whole, words = 0, hashlib.sha256(), bytearray()
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as file:
        for out, err in client.api.exec_start(exec_id, stream=True, demux=True):
            size += file.write(out or b"")
            whole.update(out or b"")
            words += err or b""
    judge(client, exec_id, command, lines_of(bytes(words)), fine)
    return Written(size, whole.hexdigest(), lines_of(bytes(words)))


def judge(client: docker.DockerClient, exec_id: str, command: list[str], words: list[str], fine: tuple[int, ...] = (0,)) -> None:
    """Raises CommandFailed unless the command ended well; the engine may know that a moment after its last output."""
    wait_until(f"{command[0]} to end", lambda: "it runs" if client.api.exec_inspect(exec_id)["Running"] else "", deadline=10)
    code = client.api.exec_inspect(exec_id)["ExitCode"]
    if code not in fine:
        raise CommandFailed(f"{command[0]} ended with {code}: {' / '.join(words[-3:]) or 'it said nothing'}")


def lines_of(words: bytes) -> list[str]:
    """The lines of what was said."""
    return [line for line in words.decode(errors="replace").splitlines() if line.strip()]
