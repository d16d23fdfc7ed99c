"""A person with an account: signs in, starts and stops servers, and reads what the hub says."""

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from acceptance.harness.site.answer import Answer
from acceptance.harness.site.progress import Event
from acceptance.harness.site.server import Server
from acceptance.harness.site.spawn import Spawn
from acceptance.harness.site.token import Token
from acceptance.harness.site.visitor import Visitor
from acceptance.harness.stopwatch import Stopwatch
from acceptance.harness.wait import wait_until

if TYPE_CHECKING:
    from acceptance.harness.site.site import Site

HOME = "/hub/home"  # a page of the hub that starts nothing


class User(Visitor):
    """A client that can sign in: `typed` goes into the login form, `name` is what the hub makes of it."""

    def __init__(self, site: "Site", typed: str, password: str) -> None:
        super().__init__(site.way_in.door or site.url, site.wire())
        self._way_in = site.way_in
        self.wire.transcript.hide(password)
        self.typed, self.password, self._spawns = typed, password, site.spawns
        self.name = typed.lower()  # JupyterHub's own normalisation, until the hub is asked at sign-in

    def __repr__(self) -> str:
        return f"<User {self.name!r}>"

    @property
    def escaped_name(self) -> str:
        """The name as it stands in the hub's addresses (jupyterhub.utils.url_escape_path)."""
        return escape(self.name)

    def sign_in(self, next: str = HOME) -> Answer:
        """Signs in the way that people come in here, and returns the page that it leads to.

        Without `next` that is the hub's home, which starts no server. Raises Refused with the page's words.
        """
        landing = self._way_in.enter(self, next)
        if landing.location:  # a token opens no page of the hub, so it is led to none
            landing = self.get(landing.location, follow=True)
            self.get(HOME).expect(200)  # which hands out the new XSRF token: the login changed it
        self.name = self.api("GET", "/hub/api/user").expect(200).json()["name"]
        return landing

    def sign_out(self) -> Answer:
        """Signs out by the hub's menu and returns the page that follows: the login."""
        return self.get("/hub/logout", follow=True).expect(200)

    def start_server(
        self, options: dict[str, Any] | None = None, server: str = "", deadline: float = 180
    ) -> Server:
        """Asks for the server, waits until it is ready, opens it, and returns it.

        Raises SpawnFailed with the hub's words when it did not start, Refused when the hub would not try,
        StackError when `deadline` seconds were not enough.
        """
        with Stopwatch() as watch:
            self.request_server(options, server)
            self.wait_until_started(server, deadline)
        self._spawns.append(watch.span("/".join(filter(None, (self.name, server)))))
        started = self.server(server)
        started.open()
        return started

    def open_server(self) -> Server:
        """The user's first server, started unless it runs already. Raises like `start_server`."""
        if not self.is_running():
            return self.start_server()
        running = self.server()
        running.open()
        return running

    def request_server(self, options: dict[str, Any] | None = None, server: str = "") -> None:
        """Only asks: by the spawn page as a person does, by the hub's API where there are `options`, or only a token.

        Raises like `start_server` what the hub knows at once.
        """
        spawn = self._spawn(server)
        spawn.by_page() if options is None and not self.bears_token else spawn.by_api(options or {})

    @contextmanager
    def starting(self) -> Iterator[Answer]:
        """Asks for the server in another tab, which the hub keeps waiting, and gives the pending page as soon as there is one."""
        tab = copy.copy(self)
        tab.wire = self.wire.copy()
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(tab.request_server)
            wait_until(
                "the hub to begin",
                lambda: self._model("").get("pending") == "spawn",
                deadline=10, every=0.05,
                hopeless=lambda: repr(asked.exception()) if asked.done() and asked.exception() else None,
            )
            yield self.pending_page().expect(200)
            asked.result()

    def fill_in(self, fields: dict[str, str], server: str = "") -> Answer:
        """Opens the spawn page, fills in its form and sends it; returns the page as it was. Raises like `start_server`."""
        page = self.get(self._page("spawn", server)).expect(200)
        self._spawn(server).by_form(fields)
        return page

    def wait_until_started(self, server: str = "", deadline: float = 180) -> list[Event]:
        """Follows a start that was asked for, and returns what the hub told. Raises like `start_server`."""
        return self._spawn(server).wait(deadline)

    def events_on(self, page: Answer, server: str = "", deadline: float = 180) -> Iterator[Event]:
        """What a pending page shows, as it comes, by its own script. Raises StackError when it asks for nothing."""
        return self._spawn(server).events_on(page, deadline)

    def pending_page(self, server: str = "") -> Answer:
        """Opens the page of a spawn that is under way; after a failed one it tells why."""
        return self.get(self._page("spawn-pending", server))

    def stop_server(self, server: str = "", deadline: float = 60) -> None:
        """Stops it by the hub, and returns when the hub says that it is gone."""
        self.request_stop(server)
        wait_until(
            f"the hub to have stopped the server of {self.name!r}",
            lambda: not self._model(server),
            deadline=deadline,
        )

    def request_stop(self, server: str = "") -> None:
        """Only asks the hub to stop it."""
        self.api("DELETE", self._hub_path(server)).expect(202, 204)

    def is_running(self, server: str = "") -> bool:
        """Asks the hub now whether the server is up and ready."""
        return bool(self._model(server).get("ready"))

    def state_of_server(self, server: str = "") -> str:
        """Asks the hub now: `ready`, what is pending (`spawn`, `stop`), or empty where there is none."""
        model = self._model(server)
        return model.get("pending") or ("ready" if model.get("ready") else "")

    def servers(self) -> list[str]:
        """The names of this user's servers that run, asked now; '' is the first."""
        known = self.api("GET", f"/hub/api/users/{self.escaped_name}").expect(200).json()["servers"]
        return [name for name, model in known.items() if model["ready"]]

    def delete(self, other: "User") -> None:
        """Deletes another user, as an admin may, and returns when the hub has done so."""
        wait_until(
            f"the hub to have deleted {other.name!r}",
            # 400 where its server is still stopping
            lambda: self.api("DELETE", f"/hub/api/users/{other.escaped_name}").expect(204, 400).status == 204,
            deadline=60,
            every=1,
        )

    def server(self, server: str = "") -> Server:
        """The server's address, running or not; asks nothing."""
        return Server(self, f"/user/{self.escaped_name}/" + (f"{escape(server)}/" if server else ""))

    def server_of(self, other: "User") -> Server:
        """Another user's server, asked with this user's cookies: every request to it is to be refused."""
        return Server(self, other.server().path)

    def new_token(self, note: str = "acceptance", scopes: list[str] | None = None, seconds: int = 3600) -> Token:
        """Makes an API token for oneself, limited to `scopes` and to so many seconds."""
        wish = {"note": note, "expires_in": seconds, **({"scopes": scopes} if scopes else {})}
        told = self.api("POST", f"/hub/api/users/{self.escaped_name}/tokens", wish).expect(201).json()
        self.wire.transcript.hide(told["token"])
        return Token(told["id"], told["token"])

    def revoke(self, token: Token) -> None:
        """Takes the token back."""
        self.api("DELETE", f"/hub/api/users/{self.escaped_name}/tokens/{token.ident}").expect(204)

    def _model(self, server: str) -> dict[str, Any]:
        """What the hub tells of one server; empty when there is none, running or pending."""
        known = self.api("GET", f"/hub/api/users/{self.escaped_name}").expect(200).json()
        return known["servers"].get(server, {})

    def _spawn(self, server: str) -> Spawn:
        what = f"the server {server!r} of {self.name!r}" if server else f"the server of {self.name!r}"
        return Spawn(self, what, self._page("spawn", server), self._hub_path(server))

    def _page(self, kind: str, server: str) -> str:
        return f"/hub/{kind}/{self.escaped_name}" + (f"/{escape(server)}" if server else "")

    def _hub_path(self, server: str) -> str:
        kind = f"servers/{escape(server)}" if server else "server"
        return f"/hub/api/users/{self.escaped_name}/{kind}"


def escape(name: str) -> str:
    """A name as JupyterHub writes it into addresses and cookie paths."""
    return quote(name, safe="@~")
