"""What the edge answered to one request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin

import requests

from acceptance.harness.errors import StackError
from acceptance.harness.site.pages import fields_of, words_on
from acceptance.harness.site.transcript import redact

SHOWN = 300  # characters of an answer in a message; the whole of it stands in the transcript


class Refused(StackError):
    """The edge answered, and not as it was to: `status`, and the `words` that a person reads."""

    def __init__(self, message: str, status: int, words: str) -> None:
        super().__init__(message)
        self.status, self.words = status, words


@dataclass(frozen=True)
class Cookie:
    """One cookie as the edge set it."""

    name: str
    path: str
    secure: bool
    http_only: bool
    same_site: str


@dataclass(frozen=True, repr=False)
class Answer:
    """One answer: `status`, `headers` (any case), `body`; `url` is where it came from after redirects."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    cookies: list[Cookie] = field(default_factory=list)

    def __repr__(self) -> str:
        where = f" to {self.location}" if self.location else ""
        return f"<{self.method} {self.url} answered {self.status}{where}: {self.words[:SHOWN]!r}>"

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 in it is shown as such and never raises."""
        return self.body.decode("utf-8", "backslashreplace")

    @property
    def location(self) -> str:
        """Where a redirect points, as it was sent; empty if this is none."""
        return self.headers.get("Location", "")

    @property
    def leads_to(self) -> str:
        """The whole address of a redirect, as a browser reads it: for it a backslash is a slash. Empty if this is none."""
        return urljoin(self.url, self.location.replace("\\", "/")) if self.location else ""

    @property
    def words(self) -> str:
        """What a person reads: the text of a page, or the message of a JSON answer."""
        kind = self.headers.get("Content-Type", "")
        if "json" in kind:
            return _message_in(self.text)
        return words_on(self.text) if "html" in kind else self.text

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the form on this page."""
        return fields_of(self.text)

    def json(self) -> Any:
        """The body as JSON. Raises StackError when it is something else."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise StackError(f"{self!r} was to be JSON and is not: {error}") from error

    def expect(self, *statuses: int) -> "Answer":
        """Returns itself when the status is one of these, else raises Refused with the edge's own words."""
        if self.status in statuses:
            return self
        wanted = " or ".join(map(str, statuses))
        said = self.words.strip()[:SHOWN]
        told = f"leads to {self.location}" if self.location else f"says: {said or 'nothing'}"
        fact = f"{self.method} {self.url} answered {self.status} where {wanted} was due; it {told}"
        raise Refused(redact(fact, []), self.status, self.words)  # an address may carry an OAuth code


def _message_in(text: str) -> str:
    """The `message` of a JSON answer, or the answer itself: one that is broken is told as it is."""
    try:
        told = json.loads(text)
    except ValueError:
        return text
    return str(told.get("message") or text) if isinstance(told, dict) else text


def answer_of(response: requests.Response) -> Answer:
    """Reads a response to its end. The cookies are those of the last hop of a chain of redirects."""
    set_cookies = response.raw.headers.getlist("Set-Cookie")
    return Answer(
        method=response.request.method or "",
        url=response.url,
        status=response.status_code,
        headers=response.headers,
        body=response.content,
        seconds=response.elapsed.total_seconds(),
        cookies=[cookie for line in set_cookies for cookie in cookies_in(line)],
    )


def cookies_in(set_cookie: str) -> list[Cookie]:
    """Reads one Set-Cookie header."""
    return [
        Cookie(name, morsel["path"], bool(morsel["secure"]), bool(morsel["httponly"]), morsel["samesite"])
        for name, morsel in SimpleCookie(set_cookie).items()
    ]
