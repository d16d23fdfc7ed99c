"""One HTTP request at a time, every silence of the edge told as a fact."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from requests.cookies import get_cookie_header

from acceptance.harness.errors import StackError
from acceptance.harness.site.answer import Answer, Cookie, answer_of
from acceptance.harness.site.transcript import Transcript

OK = 200
CONNECT_WITHIN = 10.0  # seconds
ANSWER_WITHIN = 60.0  # seconds between two bytes; the hub itself holds a spawn request for 10
# What requests raises when the other side is at fault; anything else is ours and passes through.
SILENCES = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class Wire:
    """A client's cookies and connections. Trusts the given CA and nothing else."""

    def __init__(self, ca: Path, transcript: Transcript, agent: str) -> None:
        self.ca, self.agent, self.transcript = ca, agent, transcript
        self._session = requests.Session()
        # Otherwise REQUESTS_CA_BUNDLE of the machine would replace our CA, and its proxy detour us.
        self._session.trust_env = False
        self._session.verify = str(ca)
        self._session.headers.update({"User-Agent": agent, "Accept-Language": "en"})

    def ask(self, method: str, url: str, *, within: float = ANSWER_WITHIN, **request: Any) -> Answer:
        """Sends one request, follows nothing, returns what came back. Raises StackError when nothing did."""
        with self._told(method, url):
            answer = answer_of(self._send(method, url, within, **request))
        self._note(answer)
        return answer

    @contextmanager
    def stream(
        self, url: str, *, within: float = ANSWER_WITHIN, **request: Any
    ) -> Iterator[requests.Response]:
        """A GET read while it comes. Raises Refused unless it is a 200, StackError when it breaks off."""
        with self._told("GET", url), self._send("GET", url, within, stream=True, **request) as response:
            if response.status_code != OK:
                self._note(refusal := answer_of(response))
                refusal.expect(OK)
            self.transcript.exchange(
                "GET", url, f"{OK} (streamed)", telling(response.headers), "", answered=True
            )
            yield response

    def cookies(self) -> list[Cookie]:
        """The cookies that this client holds."""
        return [
            Cookie(
                c.name,
                c.path,
                c.secure,
                c.has_nonstandard_attr("HttpOnly"),
                c.get_nonstandard_attr("SameSite") or "",
            )
            for c in self._session.cookies
        ]

    def cookie(self, name: str, path: str) -> str:
        """The value of the cookie of this name that is nearest to this path; empty if there is none."""
        fitting = [c for c in self._session.cookies if c.name == name and path.startswith(c.path)]
        return max(fitting, key=lambda c: len(c.path)).value or "" if fitting else ""

    def cookie_header(self, url: str) -> str:
        """What a browser would send as Cookie to this address (a websocket's too)."""
        request = requests.Request(
            "GET", url.replace("wss://", "https://").replace("ws://", "http://")
        ).prepare()
        return get_cookie_header(self._session.cookies, request) or ""

    def take_over(self, cookies: Iterable[Mapping[str, Any]]) -> None:
        """The cookies of a browser, as its DevTools tell them (Network.Cookie), become this client's."""
        for told in cookies:
            rest = {"SameSite": told.get("sameSite", ""), **({"HttpOnly": ""} if told["httpOnly"] else {})}
            # The cookie jar knows a host without a dot by this name (http.cookiejar.eff_request_host).
            domain = told["domain"] if "." in told["domain"] else f"{told['domain']}.local"
            self._session.cookies.set(told["name"], told["value"], domain=domain, path=told["path"], secure=told["secure"],
                                      rest=rest)
            self.transcript.hide(told["value"])

    def copy(self) -> "Wire":
        """Another client with the same cookies: a session of `requests` serves one thread only."""
        twin = Wire(self.ca, self.transcript, self.agent)
        twin._session.cookies.update(self._session.cookies)
        return twin

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def _send(self, method: str, url: str, within: float, **request: Any) -> requests.Response:
        return self._session.request(
            method, url, timeout=(CONNECT_WITHIN, within), allow_redirects=False, **request
        )

    @contextmanager
    def _told(self, method: str, url: str) -> Iterator[None]:
        """Turns a silence into a StackError in words, and notes it."""
        start = time.monotonic()
        try:
            yield
        except SILENCES as error:
            fact = silence(error)
            seconds = time.monotonic() - start
            self.transcript.exchange(method, url, f"{fact} ({seconds:.2f} s)", {}, "", answered=False)
            raise StackError(f"{method} {url} got no answer after {seconds:.1f} s: {fact}") from error

    def _note(self, answer: Answer) -> None:
        for cookie in self._session.cookies:
            self.transcript.hide(cookie.value or "")
        kind = answer.headers.get("Content-Type", "")
        readable = kind.startswith(("text/", "application/json"))
        body = answer.words if readable else f"({len(answer.body)} bytes of {kind})"
        set_cookies = "".join(
            f"sets {cookie}\n" for cookie in answer.cookies
        )  # names and attributes, no values
        outcome = f"{answer.status} ({answer.seconds:.2f} s)"
        self.transcript.exchange(
            answer.method, answer.url, outcome, telling(answer.headers), set_cookies + body, answered=True
        )


def silence(error: BaseException) -> str:
    """Why there was no answer, from the bottom of the pile of errors that urllib3 and requests make."""
    if isinstance(error, requests.exceptions.SSLError):
        return f"TLS failed: {_root(error)}; did this CA sign the certificate, and is the host in it?"
    if isinstance(error, requests.ConnectTimeout):
        return (
            f"no TCP connection within {CONNECT_WITHIN:.0f} s; dropped on the way, or not the edge's address"
        )
    if isinstance(error, requests.ReadTimeout):
        return f"connected, and then silence: {error}"
    root = _root(error)
    if isinstance(root, ConnectionRefusedError):
        return "connection refused: nothing listens there; is nginx running, and is this its published port?"
    return f"the connection broke: {type(root).__name__}: {root}"


def _root(error: BaseException) -> BaseException:
    """The deepest cause; urllib3 keeps it in `reason` or in `args` and not always in `__cause__`."""
    inner = [getattr(error, "reason", None), error.__cause__, error.__context__, *error.args]
    deeper = next((e for e in inner if isinstance(e, BaseException)), None)
    return _root(deeper) if deeper else error


def telling(headers: Mapping[str, str]) -> dict[str, str]:
    """The few headers that tell something to someone who reads evidence."""
    names = (
        "Location",
        "Content-Type",
        "Content-Length",
        "X-JupyterHub-Version",
        "Server",
        "Retry-After",
    )
    return {name: headers[name] for name in names if name in headers}
