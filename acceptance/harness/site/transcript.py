"""What was said between the harness and the edge, kept as evidence without any secret in it."""

import re
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from urllib.parse import quote, quote_plus, urlsplit

HIDDEN = "[redacted]"
SECRET_HEADERS = {"authorization", "cookie", "set-cookie", "x-xsrftoken", "proxy-authorization"}
# A secret that travels in a query, a form or a JSON body is told by its key.
SECRET_FIELDS = re.compile(
    r"(?P<key>[\"']?\b(?:_xsrf|password|token|code|state|access_token|client_secret)[\"']?\s*[=:]\s*[\"']?)"
    r"(?P<value>[^&\s\"'<>,}]+)"
)
SHORTEST_SECRET = 4  # a shorter value would black out half of any text and hide nothing


class Transcript:
    """The last `limit` exchanges of a run, safe to keep; may be written to from several threads.

    `sent` counts the requests of the whole run, `failed` those that got no answer at all. `hub_version` is what the hub said
    of itself first; empty until it did.
    """

    def __init__(self, limit: int = 2000, body_limit: int = 2000) -> None:
        self._lines: deque[str] = deque(maxlen=limit)
        self._body_limit = body_limit
        self._secrets: set[str] = set()
        self._lock = Lock()
        self.sent = self.failed = self.dropped = 0
        self.hub_version = ""

    def hide(self, secret: str) -> None:
        """This value is redacted wherever it stands, also percent-encoded, also in what was noted before."""
        if len(secret) < SHORTEST_SECRET:
            return
        with self._lock:
            self._secrets |= {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}

    def exchange(
        self, method: str, url: str, outcome: str, headers: Mapping[str, str], body: str, *, answered: bool
    ) -> None:
        """Notes one request: `outcome` is the status line and the seconds, or why there was no answer."""
        if urlsplit(url).path.startswith("/hub/"):  # users' servers send the header, too, and speak of themselves
            self.hub_version = self.hub_version or headers.get("X-JupyterHub-Version", "")
        shown = "".join(f"\n    {name}: {redact_header(name, value)}" for name, value in headers.items())
        cut = body[: self._body_limit]
        more = f"\n    … {len(body) - len(cut)} characters more" if len(cut) < len(body) else ""
        text = "\n    ".join(cut.splitlines())
        self._note(
            f"{method} {url} -> {outcome}{shown}" + (f"\n\n    {text}{more}" if text else ""), answered
        )

    def remark(self, text: str) -> None:
        """Notes what is not a request: a websocket opened, a kernel that answered, the start of a check."""
        with self._lock:
            self._append(text)

    def text(self) -> str:
        """The transcript as it may be shown to anyone."""
        with self._lock:
            whole = "\n".join(self._lines)
            secrets = sorted(self._secrets, key=len, reverse=True)  # longest first: one may contain another
        head = f"({self.dropped} earlier lines were dropped)\n" if self.dropped else ""
        return head + redact(whole, secrets)

    def write(self, path: Path) -> Path:
        """Writes `text()` to a file and returns its path."""
        path.write_text(self.text() + "\n", encoding="utf-8")
        return path

    def clear(self) -> None:
        """Forgets what was said: the next check's evidence is its own. Counts and secrets stay."""
        with self._lock:
            self._lines.clear()
            self.dropped = 0

    def _note(self, line: str, answered: bool) -> None:
        with self._lock:
            self.sent += 1
            self.failed += not answered
            self._append(line)

    def _append(self, line: str) -> None:
        self.dropped += len(self._lines) == self._lines.maxlen
        self._lines.append(f"{datetime.now(UTC):%H:%M:%S.%f} {line}")


def redact_header(name: str, value: str) -> str:
    """The header's value, or `HIDDEN` where the header is there to carry a secret."""
    return HIDDEN if name.lower() in SECRET_HEADERS else value


def redact(text: str, secrets: list[str]) -> str:
    """The text without those values, and without whatever stands behind the name of a secret field."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return SECRET_FIELDS.sub(rf"\g<key>{HIDDEN}", text)
