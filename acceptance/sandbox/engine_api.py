"""The few questions that the sandbox asks an engine over its socket, with the standard library alone."""

import http.client
import json
import socket
from dataclasses import dataclass
from pathlib import Path

from acceptance.harness.errors import EngineError


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


@dataclass(frozen=True)
class EngineApi:
    """The engine that listens at the unix socket `path`."""

    path: Path

    def is_answering(self) -> bool:
        """Does an engine answer at the socket now?"""
        try:
            return self._ask("GET", "/_ping", None, timeout=5)[0] == 200
        except OSError:
            return False

    def get(self, path: str):
        """The JSON at `path`; raises EngineError with the engine's words."""
        return self._talk("GET", path, None)

    def post(self, path: str, body: dict):
        """The JSON answer to `body` posted at `path`; raises EngineError with the engine's words."""
        return self._talk("POST", path, body)

    def delete(self, path: str):
        """The JSON answer when `path` is deleted; raises EngineError with the engine's words."""
        return self._talk("DELETE", path, None)

    def _talk(self, method: str, path: str, body: dict | None):
        try:
            status, text = self._ask(method, path, body, timeout=60)
        except OSError as silence:
            raise EngineError(
                f"the engine at {self.path} does not answer {method} {path}: {silence}"
            ) from None
        if status >= 400:
            raise EngineError(
                f"the engine at {self.path} refused {method} {path} with {status}: {text.strip()}"
            )
        return json.loads(text) if text.strip() else None

    def _ask(self, method: str, path: str, body: dict | None, timeout: float) -> tuple[int, str]:
        connection = _UnixConnection(self.path, timeout)
        try:
            connection.request(
                method,
                path,
                json.dumps(body) if body is not None else None,
                {"Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()
