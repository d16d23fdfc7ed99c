"""A terminal in a user's server."""

import json
import time

from acceptance.harness.errors import StackError
from acceptance.harness.site.channel import Channel


class Terminal:
    """An open terminal: type into it, and wait for what it shows. `screen` is all it has shown so far."""

    def __init__(self, channel: Channel, name: str) -> None:
        self._channel, self.name = channel, name
        self.screen = ""

    def type(self, line: str) -> None:
        """Types a line and presses Enter."""
        self._channel.send(["stdin", f"{line}\r"])

    def wait_until_shows(self, text: str, deadline: float = 20) -> None:
        """Returns when the text is on the screen. Raises StackError when it does not come in time, or at all.

        What is typed is echoed: wait for what only the command's run can show.
        """
        start = time.monotonic()
        while text not in self.screen:
            left = start + deadline - time.monotonic()
            if left <= 0:
                fact = f"waited {deadline:.1f} s for {text!r} on terminal {self.name}"
                raise StackError(f"{fact}; it shows {self.screen[-300:]!r}")
            self._take(self._channel.receive(left))

    def close(self) -> None:
        """Closes the websocket."""
        self._channel.close()

    def _take(self, frame: str | bytes | None) -> None:
        if frame is None:
            return
        kind, *rest = json.loads(frame)
        if kind == "disconnect":
            raise StackError(f"terminal {self.name} ended by itself; it showed {self.screen[-300:]!r}")
        if kind == "stdout":
            self.screen += rest[0]
