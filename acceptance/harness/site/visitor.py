"""A browser without a screen: it keeps cookies, sends Origin, and is nobody until somebody signs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests

from acceptance.harness.errors import StackError
from acceptance.harness.site.answer import Answer
from acceptance.harness.site.channel import Channel
from acceptance.harness.site.wire import ANSWER_WITHIN, Wire

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
HOPS = 20  # redirects in a row; the sign-in to a server takes five
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {"http": 80, "https": 443}
# What a browser says of itself: the hub checks the XSRF token of a script's request also on GET, and only a
# navigation may set the token's cookie.
NAVIGATION = {
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Site": "same-origin",
    "Accept": "text/html",
}
SCRIPT = {
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Site": "same-origin",
    "Accept": "application/json, */*",
}


class Visitor:
    """A client of the edge at `url`; paths are given as they stand in the address bar, already escaped.

    Every method raises StackError when the edge does not answer. Redirects are followed only when asked, and
    never to another site.
    """

    def __init__(self, url: str, wire: Wire, token: str = "") -> None:
        self.url, self.wire = url.rstrip("/"), wire
        self.bears_token, self._carried = False, {}
        if token:
            self.bear(token)

    def bear(self, token: str) -> None:
        """From now on an API token says who this is, in place of cookies."""
        self.wire.transcript.hide(token)
        self.bears_token = True
        self.carry({"Authorization": f"token {token}"})

    def carry(self, headers: dict[str, str]) -> None:
        """From now on each request, a websocket's too, has these headers: what a proxy in front adds."""
        self._carried = {**self._carried, **headers}

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser sends it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def get(self, path: str, *, follow: bool = False, headers: dict[str, str] | None = None) -> Answer:
        """Opens a page. `follow` goes along redirects within this site."""
        return self._navigate("GET", path, follow, headers=headers)

    def post(
        self, path: str, form: dict[str, str], *, follow: bool = False, headers: dict[str, str] | None = None
    ) -> Answer:
        """Submits a form. The XSRF token is one of its fields, or is missing: nothing is added."""
        return self._navigate("POST", path, follow, headers=headers, data=form)

    def api(self, method: str, path: str, body: Any = None, *, within: float = ANSWER_WITHIN) -> Answer:
        """What a page's script asks: JSON both ways, with the XSRF token that belongs to the path."""
        headers = self._script_headers(method, path)
        return self.wire.ask(
            method, self.at(path), within=within, headers=headers, **({} if body is None else {"json": body})
        )

    @contextmanager
    def stream(self, path: str, *, within: float = ANSWER_WITHIN) -> Iterator[requests.Response]:
        """A script's GET whose answer is read while it comes; raises Refused unless it begins with 200."""
        with self.wire.stream(
            self.at(path), within=within, headers=self._script_headers("GET", path)
        ) as response:
            yield response

    def channel(self, path: str, *, origin: str = "") -> Channel:
        """Opens a websocket as a page does: with cookies and Origin (this site's, unless another is given).

        Raises Refused with the status when it is not upgraded, StackError when nothing answers.
        """
        url = "ws" + self.at(path).removeprefix("http")
        sent = {"Cookie": self.wire.cookie_header(url), "User-Agent": self.wire.agent, **self._carried}
        return Channel.open(
            url, origin=origin or self.origin, headers=sent, ca=self.wire.ca, transcript=self.wire.transcript
        )

    def submit_login(self, name: str, password: str, *, next: str = "", token: str | None = None) -> Answer:
        """Opens the login page, fills in its form and sends it; returns the bare answer, whatever it is.

        `token` replaces the XSRF token that the page gave; an empty one leaves the field out.
        """
        self.wire.transcript.hide(password)
        path = f"/hub/login?next={quote(next, safe='')}" if next else "/hub/login"
        page = self.get(path).expect(200)
        form = {
            "_xsrf": page.fields.get("_xsrf", "") if token is None else token,
            "username": name,
            "password": password,
        }
        return self.post(path, {field: value for field, value in form.items() if value or field != "_xsrf"})

    def submit_sign_up(self, name: str, password: str) -> Answer:
        """Opens the sign-up page, fills in its form and sends it; returns the bare answer, whatever it is."""
        self.wire.transcript.hide(password)
        page = self.get("/hub/signup").expect(200)
        form = {"_xsrf": page.fields.get("_xsrf", ""), "username": name}
        return self.post("/hub/signup", {**form, "password": password, "again": password})

    def is_signed_in(self) -> bool:
        """Asks now whether the hub knows this client: its home page opens, or leads to the login. (No token opens a page.)"""
        if self.bears_token:
            return self.api("GET", "/hub/api/user").expect(200, 403).status == 200
        return self.get("/hub/home").expect(200, 302).status == 200

    def at(self, path: str) -> str:
        """The whole address of a path; a whole address stays as it is."""
        return path if "://" in path else self.url + path

    def _script_headers(self, method: str, path: str) -> dict[str, str]:
        xsrf = self.wire.cookie("_xsrf", urlsplit(self.at(path)).path)
        token = {"X-XSRFToken": xsrf} if xsrf and not self.bears_token else {}
        return {**SCRIPT, **self._origin_of(method), **token, **self._carried}

    def _origin_of(self, method: str) -> dict[str, str]:
        return {"Origin": self.origin} if method in UNSAFE else {}

    def _navigate(
        self, method: str, path: str, follow: bool, *, headers: dict[str, str] | None, **request: Any
    ) -> Answer:
        sent = {**NAVIGATION, **self._origin_of(method), **self._carried, **(headers or {})}
        answer = self.wire.ask(method, self.at(path), headers=sent, **request)
        trail = [answer]
        while follow and answer.status in REDIRECTS and self._stays(answer):
            if len(trail) > HOPS:
                raise StackError(
                    f"{method} {self.at(path)} is redirected without end: …{trail[-2]!r} {answer!r}"
                )
            answer = self.wire.ask(
                "GET", urljoin(answer.url, answer.location), headers={**NAVIGATION, **self._carried}
            )
            trail.append(answer)
        return answer

    def _stays(self, answer: Answer) -> bool:
        """A redirect to another site is an answer to be judged, never an order to call strangers."""
        try:
            return origin_of(urljoin(answer.url, answer.location)) == origin_of(self.origin)
        except ValueError:      # no address at all
            return False


def origin_of(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port as clients compare them (RFC 6454): `https://Hub:443` is where `https://hub` is."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
