"""An edge made of paper, on the loopback: it says what it was told to say, and remembers what it heard."""

import base64
import hashlib
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from acceptance.harness.site import Site
from acceptance.selftest.serving import serving

WEBSOCKET_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3


@dataclass(frozen=True)
class Heard:
    """One request that came in."""

    line: str
    headers: Message
    body: str


class Edge:
    """Answers `METHOD /path` as told by `say`, anything else with 404. Use it in a `with`."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.script: dict[str, tuple[int, str, list[tuple[str, str]]]] = {}
        self.frames: dict[str, list[bytes]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._serving = serving(self._server)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._serving.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.__exit__(None, None, None)

    def say(
        self, line: str, status: int = 200, body: str = "", kind: str = "text/html", **headers: str
    ) -> None:
        """From now on, answer this line so; `set_cookie` in `headers` is Set-Cookie."""
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        self.script[line] = (status, body, [("Content-Type", kind), *named])

    def answer(self, line: str, body: str) -> tuple[int, str, list[tuple[str, str]]]:
        """Status, body and headers: what was said of this line, or a 404."""
        return self.script.get(line, (404, "no such page", [("Content-Type", "text/html")]))

    def site(self) -> Site:
        """This edge as the harness meets it (without TLS, so that no certificate is looked at)."""
        return Site(self.url, Path("no-ca.pem"))


def _handler_for(edge: Edge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            line = f"{self.command} {self.path}"
            edge.heard.append(Heard(line, self.headers, self.rfile.read(length).decode()))
            if line in edge.frames:
                self._upgrade(edge.frames[line])
            else:
                self._answer(*edge.answer(line, edge.heard[-1].body))

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

        def _answer(self, status: int, body: str, headers: list[tuple[str, str]]) -> None:
            self.send_response(status)
            for name, value in (*headers, ("Content-Length", str(len(body.encode())))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def _upgrade(self, frames: list[bytes]) -> None:
            key = self.headers["Sec-WebSocket-Key"].encode() + WEBSOCKET_MAGIC
            accept = base64.b64encode(hashlib.sha1(key).digest()).decode()
            self.wfile.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            )
            self.wfile.write(f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode() + b"".join(frames))
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Says nothing on stderr."""

    return Handler


def frame(payload: bytes, opcode: int = 1) -> bytes:
    """One short websocket frame, as a server sends it: text (1), binary (2) or close (8)."""
    return bytes([0x80 | opcode, len(payload)]) + payload
