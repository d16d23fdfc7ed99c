"""Jupyter's messages as they travel over a kernel's websocket (default subprotocol). Pure: no socket here.

Source: jupyter-client's "Messaging in Jupyter" 5.4 and jupyter_server's websocket protocols. Text frames are
JSON; a message with binary buffers is a frame of big-endian 32-bit numbers (how many parts, and where each
begins), the JSON, and the buffers.
"""

import json
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from typing import Any
from uuid import uuid4

from acceptance.harness.errors import StackError


@dataclass(frozen=True)
class Message:
    """One message: `kind` is its msg_type, `parent` the id of the request that it belongs to."""

    kind: str
    content: dict[str, Any]
    parent: str = ""
    channel: str = ""
    buffers: list[bytes] = field(default_factory=list)


def request(
    kind: str, content: dict[str, Any], *, session: str, channel: str = "shell"
) -> tuple[str, dict[str, Any]]:
    """A request to a kernel, and its id, by which the answers are known."""
    ident = uuid4().hex
    header = {
        "msg_id": ident,
        "msg_type": kind,
        "username": "",
        "session": session,
        "version": "5.4",
        "date": datetime.now(UTC).isoformat(),
    }
    return ident, {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": channel,
        "buffers": [],
    }


def message_in(frame: str | bytes) -> Message:
    """Reads one frame. Raises StackError when it is not a Jupyter message."""
    try:
        text, buffers = (frame, []) if isinstance(frame, str) else _parts(frame)
        told = json.loads(text)
        parent = (told.get("parent_header") or {}).get("msg_id", "")
        kind = told.get("msg_type") or told["header"]["msg_type"]
        return Message(kind, told["content"], parent, told.get("channel") or "", buffers)
    except (ValueError, KeyError, AttributeError, TypeError, struct.error) as error:
        raise StackError(
            f"a kernel's websocket brought what is no Jupyter message ({error!r}): {frame[:200]!r}"
        ) from error


def frame_of(message: dict[str, Any], buffers: list[bytes]) -> bytes:
    """The binary frame in which a page sends a message with buffers."""
    parts = [json.dumps(message).encode(), *buffers]
    starts = accumulate(map(len, parts[:-1]), initial=4 * (len(parts) + 1))
    return struct.pack(f"!{len(parts) + 1}I", len(parts), *starts) + b"".join(parts)


def _parts(frame: bytes) -> tuple[bytes, list[bytes]]:
    """Cuts a binary frame at its offsets: the JSON and the buffers."""
    (count,) = struct.unpack_from("!I", frame)
    bounds = [*struct.unpack_from(f"!{count}I", frame, 4), len(frame)]
    parts = [frame[start:end] for start, end in pairwise(bounds)]
    return parts[0], parts[1:]
