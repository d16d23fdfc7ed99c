"""A user's single-user server, as its user meets it."""

from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from acceptance.harness.site.answer import SHOWN, Answer, Refused
from acceptance.harness.site.files import Files
from acceptance.harness.site.kernel import Kernel
from acceptance.harness.site.terminal import Terminal
from acceptance.harness.site.visitor import Visitor


class Server:
    """The server at `path` (`/user/NAME/` or `/user/NAME/SERVER/`), asked with the cookies of `visitor`.

    The visitor need not be its owner: that is how a check proves that another is refused.
    """

    def __init__(self, visitor: Visitor, path: str) -> None:
        self._visitor, self.path = visitor, path

    def __repr__(self) -> str:
        return f"<Server {self.url}>"

    @property
    def url(self) -> str:
        """Its address in a browser."""
        return self._visitor.at(self.path)

    def open(self) -> Answer:
        """Opens its page through the hub's sign-in for servers, whose cookie all later requests need.

        Raises Refused unless it ends in a page of the server's own.
        """
        answer = self.page().expect(200)
        if not urlsplit(answer.url).path.startswith(self.path):
            raise Refused(
                f"{self.url} leads away, to {answer.url}: {answer.words[:SHOWN]}", answer.status, answer.words
            )
        return answer

    def page(self) -> Answer:
        """Opens its page, running or not, and reads where that leads: server, hub's words, or login."""
        return self._visitor.get(self.path, follow=True)

    def status(self) -> dict[str, Any]:
        """`started`, `last_activity`, `kernels`, `connections`: told to its user only."""
        return self._visitor.api("GET", f"{self.path}api/status").expect(200).json()

    def version(self) -> str:
        """The version of jupyter_server, told to anyone: a proof of life, never of authorisation."""
        return self._visitor.api("GET", f"{self.path}api").expect(200).json()["version"]

    @cached_property
    def files(self) -> Files:
        """The user's files."""
        return Files(self._visitor, self.path)

    def start_kernel(self) -> Kernel:
        """Starts a kernel of the default kind and returns when it answers through the websocket."""
        ident = self._visitor.api("POST", f"{self.path}api/kernels", {}).expect(201).json()["id"]
        return self.kernel(ident)

    def kernel(self, ident: str) -> Kernel:
        """Connects to a kernel that runs already."""
        return Kernel(self._visitor, self.path, ident)

    def kernels(self) -> list[str]:
        """The ids of the running kernels."""
        return [
            kernel["id"] for kernel in self._visitor.api("GET", f"{self.path}api/kernels").expect(200).json()
        ]

    def start_terminal(self) -> Terminal:
        """Opens a terminal."""
        return self.terminal(self._visitor.api("POST", f"{self.path}api/terminals", {}).expect(200).json()["name"])

    def terminal(self, name: str) -> Terminal:
        """Connects to a terminal that runs already; it shows again what it has shown."""
        return Terminal(self._visitor.channel(f"{self.path}terminals/websocket/{name}"), name)
