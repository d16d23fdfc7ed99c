"""One websocket through the edge, opened as a browser opens it. The only module that meets `websocket`."""

import json
from pathlib import Path
from typing import Any

import websocket

from acceptance.harness.errors import StackError
from acceptance.harness.site.answer import SHOWN, Refused
from acceptance.harness.site.pages import words_on
from acceptance.harness.site.transcript import Transcript

UPGRADED = 101
OPEN_WITHIN = 30.0  # seconds; a kernel's socket opens when the kernel answers


class Channel:
    """An open websocket; not for several threads at once. Every failure of the other side is a StackError."""

    def __init__(self, url: str, socket: websocket.WebSocket, transcript: Transcript) -> None:
        self.url, self._socket, self._transcript = url, socket, transcript

    @classmethod
    def open(
        cls, url: str, *, origin: str, headers: dict[str, str], ca: Path, transcript: Transcript
    ) -> "Channel":
        """Upgrades. Raises Refused with the status when the edge answers something else, StackError when nothing."""
        path = url.split("?")[0]
        try:
            socket = websocket.create_connection(
                url,
                timeout=OPEN_WITHIN,
                origin=origin,
                header=headers,
                sslopt={"ca_certs": str(ca)},
                http_no_proxy=["*"],  # a proxy setting of the machine is not the way to the edge
                redirect_limit=0,  # a redirect is an answer to be judged, and a browser follows none either
            )
        except websocket.WebSocketBadStatusException as error:
            said = words_on((error.resp_body or b"").decode("utf-8", "replace"))
            transcript.remark(f"websocket {path} refused: {error.status_code}")
            raise Refused(
                f"websocket {path} (Origin {origin}) was answered {error.status_code} and not upgraded; "
                f"it says: {said[:SHOWN] or 'nothing'}",
                error.status_code,
                said,
            ) from error
        except (websocket.WebSocketException, OSError) as error:
            transcript.remark(f"websocket {path} failed: {error!r}")
            raise StackError(
                f"websocket {path} could not be opened: {type(error).__name__}: {error}"
            ) from error
        if socket.getstatus() != UPGRADED:
            socket.shutdown()
            raise Refused(
                f"websocket {path} (Origin {origin}) was redirected to {socket.getheaders().get('location')}",
                socket.getstatus(),
                "",
            )
        transcript.remark(f"websocket {path} opened")
        return cls(path, socket, transcript)

    def send(self, message: Any) -> None:
        """Sends one message: bytes as they are, anything else as JSON. Raises StackError when the socket is closed."""
        try:
            if isinstance(message, bytes):
                self._socket.send_binary(message)
            else:
                self._socket.send(json.dumps(message))
        except (websocket.WebSocketException, OSError) as error:
            raise self._closed(error) from error

    def receive(self, within: float) -> str | bytes | None:
        """The next message, or None when `within` seconds brought none. Raises StackError when the socket is closed."""
        self._socket.settimeout(max(within, 0.001))
        try:
            code, data = self._socket.recv_data()
        except websocket.WebSocketTimeoutException:
            return None
        except (websocket.WebSocketException, OSError) as error:
            raise self._closed(error) from error
        if code == websocket.ABNF.OPCODE_CLOSE:
            raise self._closed(f"the other side closed it with {_close_reason(data)}")
        return data.decode() if code == websocket.ABNF.OPCODE_TEXT else data

    def close(self) -> None:
        """Closes it, politely if the other side still listens."""
        self._socket.close(timeout=1)
        self._transcript.remark(f"websocket {self.url} closed by us")

    def _closed(self, why: object) -> StackError:
        self._transcript.remark(f"websocket {self.url} lost: {why}")
        return StackError(
            f"websocket {self.url} is closed: {why or 'no reason given'}; the proxy or the server behind it went away"
        )


def _close_reason(frame: bytes) -> str:
    """A close frame in words: its code and what the other side gave as the reason."""
    if len(frame) < 2:
        return "no code"
    return f"code {int.from_bytes(frame[:2], 'big')} {frame[2:].decode('utf-8', 'replace')}".strip()
