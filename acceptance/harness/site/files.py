"""A user's files, kept through the contents API as JupyterLab keeps them."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from acceptance.harness.site.visitor import Visitor

CHUNK = 1024 * 1024  # bytes; JupyterLab's own size for uploads


class Files:
    """The files that the server shows. Paths are plain (`folder/næme.txt`) and escaped here.

    Every method raises Refused, with the status and the server's words, when the server does not do it.
    """

    def __init__(self, visitor: Visitor, server_path: str) -> None:
        self._visitor, self._server = visitor, server_path

    def put(self, path: str, data: str | bytes) -> None:
        """Saves a file in one request, over what was there."""
        self._save(path, data.encode() if isinstance(data, str) else data)

    def upload(self, path: str, data: bytes, chunk: int = CHUNK) -> None:
        """Saves a file in pieces of `chunk` bytes, as JupyterLab does with a large one."""
        starts = range(0, max(len(data), 1), chunk)
        for number, start in enumerate(starts, start=1):
            last = start + chunk >= len(data)
            self._save(path, data[start : start + chunk], chunk=-1 if last else number)

    def get(self, path: str) -> bytes:
        """The content of a file."""
        said = self._ask("GET", f"{self._at(path)}?content=1&type=file&format=base64").json()
        return b64decode(said["content"])

    def digest(self, path: str) -> str:
        """The SHA-256 (hex) of a file as a download brings it, read as it comes and never held whole."""
        return _digest(self._download(path))

    def list(self, folder: str = "") -> list[str]:
        """The names in a folder, sorted."""
        return sorted(
            entry["name"] for entry in self._ask("GET", f"{self._at(folder)}?content=1").json()["content"]
        )

    def rename(self, old: str, new: str) -> None:
        """Gives a file another name; raises Refused (409) when that is taken."""
        self._ask("PATCH", self._at(old), {"path": new})

    def delete(self, path: str) -> None:
        """Deletes a file."""
        self._ask("DELETE", self._at(path), None, 204)

    def _save(self, path: str, data: bytes, **more: Any) -> None:
        model = {"type": "file", "format": "base64", "content": b64encode(data).decode(), **more}
        self._ask("PUT", self._at(path), model, 200, 201)

    def _download(self, path: str) -> Iterator[bytes]:
        with self._visitor.stream(f"{self._server}files/{quote(path)}?download=1") as answer:
            yield from answer.iter_content(CHUNK)

    def _ask(self, method: str, path: str, body: Any = None, *statuses: int) -> Any:
        return self._visitor.api(method, path, body).expect(*(statuses or (200,)))

    def _at(self, path: str) -> str:
        return f"{self._server}api/contents/{quote(path)}"


def _digest(pieces: Iterator[bytes]) -> str:
    """The SHA-256 of all pieces together, in hex."""
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(piece)
    return whole.hexdigest()
