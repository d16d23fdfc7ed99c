"""One websocket through the edge, opened as a browser opens it. The only module that meets `websocket`."""

import json
import time
from pathlib import Path
from typing import Any, Self

import websocket

from acceptance.harness.errors import StackError
from acceptance.harness.site.answer import SHOWN, Refused
from acceptance.harness.site.pages import words_on
from acceptance.harness.site.transcript import Transcript

OPEN_WITHIN = 30.0  # seconds; a kernel's socket opens when the kernel answers
SENT_WITHIN = 30.0  # seconds in which the other side has to take what is sent


class Channel:
    """An open websocket; not for several threads at once. Every failure of the other side is a StackError."""

    def __init__(self, url: str, socket: websocket.WebSocket, transcript: Transcript) -> None:
        self.url, self._socket, self._transcript = url, socket, transcript

    @classmethod
    def open(
        cls, url: str, *, origin: str, headers: dict[str, str], ca: Path, transcript: Transcript
    ) -> Self:
        """Upgrades. Raises Refused when the edge answers something else, StackError when nothing."""
        path = url.split("?")[0]
        socket = websocket.WebSocket(sslopt={"ca_certs": str(ca)})
        try:
            # A proxy of the machine's is not the way to the edge, and a browser follows no redirect here.
            socket.connect(
                url, timeout=OPEN_WITHIN, origin=origin, header=headers, http_no_proxy=["*"], redirect_limit=0
            )
        except (websocket.WebSocketException, OSError) as error:
            transcript.remark(f"websocket {path} did not open: {error!r}")
            raise _unopened(f"websocket {path} (Origin {origin})", error, socket) from error
        transcript.remark(f"websocket {path} opened")
        return cls(path, socket, transcript)

    def send(self, message: Any) -> None:
        """Sends bytes as they are, anything else as JSON. Raises StackError when the socket is closed."""
        try:
            self._socket.settimeout(SENT_WITHIN)  # or the rest of the last wait would count, for megabytes too
            if isinstance(message, bytes):
                self._socket.send_binary(message)
            else:
                self._socket.send(json.dumps(message))
        except (websocket.WebSocketException, OSError) as error:
            raise self._closed(error) from error

    def receive(self, within: float) -> str | bytes | None:
        """The next message, or None when `within` seconds bring none. Raises StackError when closed."""
        end = time.monotonic() + within
        while True:
            try:
                self._socket.settimeout(max(end - time.monotonic(), 0.001))
                # Pings are handed over too: taken silently, each would begin the wait anew, and it would never end.
                code, data = self._socket.recv_data(control_frame=True)
            except websocket.WebSocketTimeoutException:
                return None
            except (websocket.WebSocketException, OSError) as error:
                raise self._closed(error) from error
            if code == websocket.ABNF.OPCODE_CLOSE:
                raise self._closed(f"the other side closed it with {_close_reason(data)}")
            if code in (websocket.ABNF.OPCODE_TEXT, websocket.ABNF.OPCODE_BINARY):
                return data.decode() if code == websocket.ABNF.OPCODE_TEXT else data

    def close(self) -> None:
        """Closes it, politely if the other side still listens."""
        self._socket.close(timeout=1)
        self._transcript.remark(f"websocket {self.url} closed by us")

    def _closed(self, why: object) -> StackError:
        self._transcript.remark(f"websocket {self.url} lost: {why}")
        return StackError(
            f"websocket {self.url} is closed: {why or 'no reason given'}; what stood behind it went away"
        )


def _unopened(what: str, error: Exception, socket: websocket.WebSocket) -> StackError:
    """What came instead of an open websocket: another answer, or none."""
    if isinstance(error, websocket.WebSocketBadStatusException):
        said = words_on((error.resp_body or b"").decode("utf-8", "replace"))
        fact = (
            f"{what} was answered {error.status_code} and not upgraded; it says: {said[:SHOWN] or 'nothing'}"
        )
        return Refused(fact, error.status_code, said)
    if socket.handshake_response:
        status, where = socket.getstatus(), socket.getheaders().get("location")
        return Refused(f"{what} was answered {status} and sent to {where}", status, "")
    return StackError(f"{what} could not be opened: {type(error).__name__}: {error}")


def _close_reason(frame: bytes) -> str:
    """A close frame in words: its code and what the other side gave as the reason."""
    if len(frame) < 2:
        return "no code"
    return f"code {int.from_bytes(frame[:2], 'big')} {frame[2:].decode('utf-8', 'replace')}".strip()
