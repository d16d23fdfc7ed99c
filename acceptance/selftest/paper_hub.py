"""A hub made of paper: it knows one user and its server, as far as a journey through a service asks for them."""

import json
import re

from acceptance.selftest.loopback import Edge
from acceptance.selftest.test_site_kernel import IDLE, OK, Paper, said

FORM = '<form><input type="hidden" name="_xsrf" value="t"><input name="username"><input name="password"></form>'
READY = [{"message": "The container runs"}, {"message": "ready", "ready": True, "url": "/user/ann/"}]
JSON = [("Content-Type", "application/json")]


class PaperHub(Edge):
    """`server` is the state of ann's: '', 'ready', 'spawn' or 'stop'. `told` is what its start will tell; `prints` its kernel."""

    def __init__(self) -> None:
        super().__init__()
        self.server, self.told, self.prints, self.password = "", READY, "42\n", "ann's own"
        self.say("GET /hub/api", 200, '{"version": "6.1.1"}', "application/json")
        self.say("GET /hub/login?next=%2Fhub%2Fhome", 200, FORM)
        for page in ("/hub/home", "/user/ann/", "/hub/spawn-pending/ann"):
            self.say(f"GET {page}", 200, "a page")
        self.say("GET /hub/api/user", 200, '{"name": "ann"}', "application/json")
        self.say("POST /user/ann/api/kernels", 201, '{"id": "k1"}', "application/json")
        self.say("DELETE /user/ann/api/kernels/k1", 204, "")

    @property
    def lines(self) -> list[str]:
        """What was asked, in order."""
        return [heard.line for heard in self.heard]

    def answer(self, line: str, body: str) -> tuple[int, str, list[tuple[str, str]]]:
        """As `say` was told, and what depends on the server's state."""
        if line in self.script:
            return self.script[line]
        if line == "POST /hub/login?next=%2Fhub%2Fhome":
            return (302, "", [("Location", "/hub/home")]) if "password=ann%27s+own" in body else (403, "Invalid password", [])
        if line == "GET /hub/spawn/ann":
            self.server = "spawn"
            return 302, "", [("Location", "/hub/spawn-pending/ann")]
        if re.fullmatch("(GET|DELETE) /hub/api/users/ann.*", line):
            return self.of_user(line)
        return super().answer(line, body)

    def of_user(self, line: str) -> tuple[int, str, list[tuple[str, str]]]:
        """The user's model, the progress of the server's start, and its end."""
        if line.endswith("/progress"):
            self.server = "ready" if self.told[-1].get("ready") else ""
            return 200, "".join(f"data: {json.dumps(event)}\n\n" for event in self.told), [("Content-Type", "text/event-stream")]
        if line.startswith("DELETE"):
            self.server = ""
            return 204, "", []
        model = {"ready": self.server == "ready", "pending": self.server if self.server in ("spawn", "stop") else None}
        return 200, json.dumps({"servers": {"": model} if self.server else {}}), JSON

    def channel(self, *_: object, **__: object) -> Paper:
        """In place of Visitor.channel: a kernel that prints, once."""
        return Paper([said(self.prints), OK, IDLE])
