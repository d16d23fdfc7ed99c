"""nginx's log of requests, read from its container as any log tool would."""

import json
from typing import Any

from acceptance.harness.cluster.secrecy import Place
from acceptance.harness.cluster.service import Service
from acceptance.harness.errors import StackError
from acceptance.harness.wait import wait_until

SHOWN = 200  # characters of a line in a message


class AccessLog:
    """What the running task of nginx has written so far: asked anew each time."""

    def __init__(self, nginx: Service):
        self.nginx = nginx

    def requests(self, part: str) -> list[dict[str, Any]]:
        """The requests whose path holds `part`, as they ended. Raises StackError for any line that is not JSON."""
        return [entry for entry in map(_parsed, self._text(stderr=False).splitlines()) if part in entry.get("path", "")]

    def wait_for(self, part: str, count: int) -> list[dict[str, Any]]:
        """requests(), as soon as there are `count` of them. Raises StackError if there are not after 10 s."""
        return wait_until(f"{count} requests for {part} in the access log",
                          lambda: found if len(found := self.requests(part)) >= count else [], deadline=10)

    def held(self, values: dict[str, bytes]) -> list[str]:
        """Which of these stand anywhere in what nginx writes, its errors included: 'NAME stands in the log of …'."""
        place = Place("logs", f"log of {self.nginx.name}", lambda: iter([self._text(stderr=True).encode()]))
        return [f"{name} stands in the {place.name}" for name in place.held(values)]

    def _text(self, stderr: bool) -> str:
        return self.nginx.container().docker.logs(stdout=True, stderr=stderr).decode(errors="replace")


def _parsed(line: str) -> dict[str, Any]:
    try:
        return json.loads(line)
    except ValueError:
        raise StackError(f"a line of nginx's access log is not JSON: {line[:SHOWN]}") from None
