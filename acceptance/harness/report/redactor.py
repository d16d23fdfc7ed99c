"""Takes secrets out of what is kept: by their values in every form that tools write them, and by what URLs call them."""

import base64
import html
import json
import re
from pathlib import Path
from urllib.parse import quote, quote_plus

SHORTEST = 6  # characters; a shorter secret would tear holes into innocent words
LONG_LINE = 20  # characters from which one line of a secret of many lines (a PEM key) tells something
MASK = b"[redacted]"
# What a login leaves in the addresses that servers log, whose values nobody registers: single-use codes, states, tokens.
# Also percent-encoded, as an address within an address is.
IN_AN_ADDRESS = re.compile(
    rb"((?:[?&;]|%(?:25)*(?:3F|26))(?:code|state|token|access_token|_xsrf)(?:=|%(?:25)*3D))"
    rb"(?:(?!%(?:25)*26)[^&\s\"'<>])+"
)
# A signed cookie's value as tornado writes it (create_signed_value, version 2): a failed assertion shows it. Its name stays.
SIGNED = re.compile(rb"(\b2\|\d+:\d+\|\d+:\d+\|\d+:[\w-]+\|)\d+:[\w+/=-]*\|[0-9a-f]{64}")
PICTURE = b"\x89PNG"  # a picture's bytes mean nothing as text; replaced bytes would break it


class Redactor:
    """The secrets of a run; safe to add to while a run goes on."""

    def __init__(self) -> None:
        self._forms: set[bytes] = set()

    def add(self, value: str) -> None:
        """Registers a secret; raises ValueError for one too short to be told from ordinary text."""
        if len(value.strip()) < SHORTEST:
            raise ValueError(f"{len(value)} characters cannot be redacted by value: use {SHORTEST} or more")
        lines = [line for line in value.splitlines() if len(line) >= LONG_LINE] if "\n" in value else []
        for each in (value.strip(), *lines):
            self._forms |= {form for form in _forms(each) if len(form) >= SHORTEST}

    def text(self, text: str) -> str:
        """The text without secrets."""
        return self.data(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def data(self, data: bytes) -> bytes:
        """The bytes without secrets; longer forms go first, so that no tail of one stays."""
        for form in sorted(self._forms, key=len, reverse=True):
            data = data.replace(form, MASK)
        return SIGNED.sub(rb"\g<1>" + MASK, IN_AN_ADDRESS.sub(rb"\g<1>" + MASK, data))

    def sweep(self, folder: Path) -> None:
        """Redacts every file below a folder in place, whoever wrote it."""
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                clean = data if data.startswith(PICTURE) else self.data(data)
                if clean != data:
                    path.write_bytes(clean)


def _forms(value: str) -> set[bytes]:
    """How a value may stand in a log, a URL, a header, a page or a JSON answer."""
    texts = {value, quote(value, safe=""), quote(value), quote_plus(value), html.escape(value)}
    texts |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    return {text.encode() for text in texts} | _base64_forms(value.encode())


def _base64_forms(value: bytes) -> set[bytes]:
    """What stays of a value in base64 at each of the three places in a group (as in `user:password`)."""
    found = set()
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + value).rstrip(b"=")
        # characters that also hold bits of the neighbours are not the value's own
        head, tail = (0, 2, 3)[before], 1 if (before + len(value)) % 3 else 0
        own = coded[head : len(coded) - tail]
        found |= {own, own.replace(b"+", b"-").replace(b"/", b"_")}
    return found
