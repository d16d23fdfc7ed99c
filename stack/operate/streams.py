"""What a command in a container prints, written to a file as it comes and never held whole."""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import requests
import urllib3
from docker.errors import DockerException, create_api_error_from_http_exception

from stack.operate.wait import RanOut, wait_until

HEADER = struct.Struct(">B3xL")  # of each piece of output: its stream, and how many bytes follow
STDOUT = 1


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
    output, words = bytearray(), bytearray()
    for stream, piece in printed_by(client, exec_id):
        (output if stream == STDOUT else words).extend(piece)
    judge(client, exec_id, command, lines_of(bytes(words)))
    return output.decode(errors="replace").strip()


def write_output(client: docker.DockerClient, container: str, command: list[str], path: Path, user: str = "",
                 fine: tuple[int, ...] = (0,)) -> Written:
    """Run a command in a container, its stdout into a new file that only its owner reads.

    Raises CommandFailed where it ends with another code than a `fine` one, OSError where there is no room.
    """
    exec_id = client.api.exec_create(container, command, user=user)["Id"]
    size, whole, words = 0, hashlib.sha256(), bytearray()
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as file:
        for stream, piece in printed_by(client, exec_id):
            if stream != STDOUT:
                words += piece
                continue
            size += file.write(piece)
            whole.update(piece)
    judge(client, exec_id, command, lines_of(bytes(words)), fine)
    return Written(size, whole.hexdigest(), lines_of(bytes(words)))


def printed_by(client: docker.DockerClient, exec_id: str) -> Iterator[tuple[int, bytes]]:
    """Start a command and yield what it prints as it comes, each piece with its stream: 1 is stdout, 2 stderr.

    Raises what the Docker SDK raises, and its DockerException where the engine's answer breaks off.
    """
    # Not by docker-py's exec_start, nor exec_run: they read past the buffer of the answer's header, and on a busy machine the
    # first output came along with that. It was lost, without a word where it was all there was. (docker-py#3160)
    engine = client.api
    url = f"{engine.base_url}/v{engine.api_version}/exec/{exec_id}/start"
    start = {"Detach": False, "Tty": False}
    with engine.post(url, json=start, stream=True, timeout=(engine.timeout, None)) as answer:  # a command may be silent for long
        try:
            answer.raise_for_status()
        except requests.HTTPError as error:
            create_api_error_from_http_exception(error)
        while header := exactly(HEADER.size, answer):
            stream, size = HEADER.unpack(header)
            piece = exactly(size, answer)
            if len(piece) < size:
                raise DockerException(f"the engine's answer broke off: {size} bytes were to follow and none did")
            yield stream, piece


def exactly(size: int, answer: requests.Response) -> bytes:
    """So many bytes of the answer, or none where it ends here. Raises DockerException where it ends in their midst."""
    try:
        read = answer.raw.read(size)
    except urllib3.exceptions.HTTPError as error:
        raise DockerException(f"the engine's answer broke off: {error}") from error
    if 0 < len(read) < size:
        raise DockerException(f"the engine's answer broke off: {len(read)} bytes came where {size} were due")
    return read


def judge(client: docker.DockerClient, exec_id: str, command: list[str], words: list[str], fine: tuple[int, ...] = (0,)) -> None:
    """Raises CommandFailed unless the command ended well; the engine may know that a moment after its last output."""
    try:
        wait_until(f"{command[0]} to end", lambda: "it runs" if client.api.exec_inspect(exec_id)["Running"] else "", deadline=10)
    except RanOut as late:
        raise CommandFailed(str(late)) from late
    code = client.api.exec_inspect(exec_id)["ExitCode"]
    if code not in fine:
        raise CommandFailed(f"{command[0]} ended with {code}: {' / '.join(words[-3:]) or 'it said nothing'}")


def lines_of(words: bytes) -> list[str]:
    """The lines of what was said."""
    return [line for line in words.decode(errors="replace").splitlines() if line.strip()]
