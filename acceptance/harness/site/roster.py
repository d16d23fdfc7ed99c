"""Whose servers run, as the hub tells an admin; where its proxy leads; and who answers."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from acceptance.harness.errors import StackError
from acceptance.harness.site.site import Site
from acceptance.harness.site.user import escape
from acceptance.harness.site.visitor import Visitor

Server = tuple[str, str]  # user, server
SCOPES = ["list:users", "read:servers", "proxy"]
PAGE = 200  # the most users that JupyterHub tells of at once
WITHIN = 5.0  # seconds for an answer
NO_SOONER = 20.0  # seconds between two attempts to sign in: what is wrong stays so for a while, and guesses are counted
LASTING = 24 * 3600  # seconds that a token is good for
KNOWN, STRANGER = 200, (401, 403)


class Roster:
    """Asks with an API token of an admin's, made when it is needed: another database does not know the last one.

    `hide` is told each token. Every question raises StackError where the hub does not answer it.
    """

    def __init__(self, site: Site, name: str, password: str, hide: Callable[[str], None]) -> None:
        self._site, self._name, self._password, self._hide = site, name, password, hide
        self._admin: Visitor | None = None
        self._stranger, self._tried = site.visitor(), -NO_SOONER

    def servers(self) -> dict[Server, bool]:
        """The servers that the hub has, each with whether it is being started or stopped."""
        users = self._ask(f"/hub/api/users?state=active&limit={PAGE}")
        if len(users) >= PAGE:
            raise StackError(f"{PAGE} users or more have servers, and only the first {PAGE} were asked for")
        return {(user["name"], name): is_moving(model) for user in users for name, model in user["servers"].items()}

    def routes(self) -> Counter[Server]:
        """How many routes of the hub's proxy lead to each server."""
        routes = self._ask("/hub/api/proxy?limit=1000")
        return Counter(filter(None, map(server_at, routes)))

    def answers(self, server: Server) -> bool:
        """Whether a server answers at the edge, which it does to anybody who asks for its version."""
        path = "/".join(escape(part) for part in server if part)
        try:
            answer = self._stranger.api("GET", f"/user/{path}/api", within=WITHIN)
            return answer.status == KNOWN and "version" in answer.json()
        except StackError:
            return False

    def _ask(self, path: str) -> Any:
        answer = self._known_admin().api("GET", path, within=WITHIN)
        if answer.status in STRANGER:
            self._admin = None
        return answer.expect(KNOWN).json()

    def _known_admin(self) -> Visitor:
        if self._admin is None:
            if (ago := time.monotonic() - self._tried) < NO_SOONER:
                raise StackError(f"the hub knew neither token nor password of {self._name!r} {ago:.0f} s ago")
            self._tried = time.monotonic()
            user = self._site.user(self._name, self._password)
            user.sign_in()
            token = user.new_token("auditor", SCOPES, LASTING)
            self._hide(token.value)
            self._admin = self._site.visitor(token=token)
        return self._admin


def is_moving(model: Mapping[str, Any]) -> bool:
    """Whether the hub is starting or stopping a server, or looks whether it is still there."""
    return bool(model["pending"]) or not model["ready"]


def server_at(routespec: str) -> Server | None:
    """Whose server is at a route of the proxy, by its path; None for a route to anything else."""
    match routespec.strip("/").split("/"):
        case ["user", user]:
            return unquote(user), ""
        case ["user", user, server]:
            return unquote(user), unquote(server)
    return None
