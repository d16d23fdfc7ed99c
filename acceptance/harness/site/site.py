"""The edge as a whole: where it is, whom to trust, and who comes to it."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from urllib.parse import urlsplit

from acceptance.harness.site.token import Token
from acceptance.harness.site.transcript import Transcript
from acceptance.harness.site.user import User
from acceptance.harness.site.visitor import Visitor
from acceptance.harness.site.way_in import LoginForm, WayIn, way_of
from acceptance.harness.site.wire import CONNECT_WITHIN, Wire
from acceptance.harness.stopwatch import Span
from acceptance.harness.target import Target

# The hub binds an anonymous XSRF token to client address and User-Agent, so all our clients keep to one.
AGENT = "Mozilla/5.0 (X11; Linux x86_64) nbi-acceptance/1"


class Site:
    """The edge at `url` (https), and at `plain_url` (http) where it redirects; `ca` signs its certificate.

    `way_in` is how people come in, by the hub's own form where nothing else is said.
    """

    def __init__(
        self,
        url: str,
        ca: Path,
        recorder: Transcript | None = None,
        plain_url: str = "",
        way_in: WayIn | None = None,
    ) -> None:
        self.url, self.plain_url = url.rstrip("/"), plain_url.rstrip("/")
        self.ca, self.transcript = ca, recorder or Transcript()
        self.way_in = way_in or LoginForm()
        self.spawns: list[Span] = []  # of every server that was started, from asking to ready

    @classmethod
    def of(cls, target: Target) -> "Site":
        """The edge of a service that runs."""
        return cls(target.url, target.ca, plain_url=target.plain_url, way_in=way_of(target.accounts))

    def __repr__(self) -> str:
        return f"<Site {self.url}>"

    @property
    def own_address(self) -> IPv4Address | IPv6Address:
        """The address of this machine that it asks the edge from."""
        edge = urlsplit(self.url)
        with socket.create_connection((edge.hostname, edge.port or 443), CONNECT_WITHIN) as connection:
            return ip_address(connection.getsockname()[0])

    def wire(self) -> Wire:
        """A fresh client without cookies."""
        return Wire(self.ca, self.transcript, AGENT)

    def visitor(self, *, plain: bool = False, token: Token | None = None) -> Visitor:
        """Somebody whom the edge does not know: over plain http, or with an API token instead of cookies."""
        return Visitor(self.plain_url if plain else self.url, self.wire(), token.value if token else "")

    def user(self, name: str, password: str) -> User:
        """Somebody with an account, not signed in yet."""
        return User(self, name, password)
