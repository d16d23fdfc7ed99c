"""A running kernel, spoken to through the edge as a notebook page speaks to it."""

import time
from collections.abc import Callable
from uuid import uuid4

from acceptance.harness.errors import StackError
from acceptance.harness.site.cell import Cell, KernelError, Reply
from acceptance.harness.site.channel import Channel
from acceptance.harness.site.protocol import frame_of, message_in, request
from acceptance.harness.site.visitor import Visitor

__all__ = ["Cell", "Kernel", "KernelDied", "KernelError", "Reply"]
LOST = {"dead", "restarting"}  # `restarting` is the server's own doing after a death: every variable is gone
READY_WITHIN = (
    60.0  # seconds from the socket's opening to the first answer; a cold import of IPython takes some
)


class KernelDied(StackError):
    """The kernel's process is gone; its server said so."""


class Kernel:
    """The kernel `ident` of the server at `path`, with one websocket to it; not for several threads."""

    def __init__(self, visitor: Visitor, path: str, ident: str) -> None:
        self._visitor, self.ident = visitor, ident
        self.path = f"{path}api/kernels/{ident}"
        self._session = uuid4().hex  # the same after a reconnect: then the server hands over what was missed
        self._cells: dict[str, Cell] = {}
        self._died = ""
        self._channel = self._open()
        self._wait_until_answers()

    def run(self, code: str, deadline: float = 30) -> str:
        """Runs code and returns what it printed to stdout.

        Raises KernelError (`ename`, `evalue`) when the code raised, KernelDied when the kernel did not
        survive it, StackError when the websocket closed or `deadline` seconds were not enough.
        """
        reply = self.execute(code, deadline)
        if reply.status != "ok":
            raise KernelError(code, reply.ename or reply.status, reply.evalue, reply.traceback)
        return reply.text

    def execute(self, code: str, deadline: float = 30) -> Reply:
        """Runs code and returns how it ended, an error of the code included; otherwise raises like `run`."""
        return self.start(code).reply(deadline)

    def start(self, code: str) -> Cell:
        """Sends code and does not wait for its end."""
        cell = Cell(self, code)
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        self._ask("execute_request", content, cell)
        return cell

    def exchange(self, target: str, data: bytes, deadline: float = 30) -> bytes:
        """Opens a comm with a binary buffer, as a widget does, and returns the first buffer that comes back on it.

        Raises StackError when none does in time, or when the websocket closes over it.
        """
        content = {"comm_id": uuid4().hex, "target_name": target, "data": {}}
        ident, message = request("comm_open", content, session=self._session)
        opened = self._cells[ident] = Cell(self, f"comm_open {target}")
        self._channel.send(frame_of(message, [data]))
        self.listen(f"what the kernel sends back on {target!r}", lambda: bool(opened.buffers), deadline)
        return opened.buffers[0]

    def stay_silent(self, seconds: float) -> list[str]:
        """Says nothing for so long, as a page that nobody touches, and returns the kinds of messages that came.

        Raises StackError with how long it lasted when the websocket is closed meanwhile.
        """
        start, heard = time.monotonic(), []
        while (passed := time.monotonic() - start) < seconds:
            try:
                frame = self._channel.receive(seconds - passed)
            except StackError as error:
                silent = time.monotonic() - start
                raise StackError(f"the kernel's websocket was cut off after {silent:.0f} s of silence: {error}") from error
            heard += [message_in(frame).kind] if frame is not None else []
        return heard

    def interrupt(self) -> None:
        """Interrupts what runs, as the stop button does."""
        self._visitor.api("POST", f"{self.path}/interrupt", {}).expect(204)

    def restart(self) -> None:
        """Restarts the process as the button does; returns when it answers again, all variables gone."""
        self._visitor.api("POST", f"{self.path}/restart", {}).expect(200)
        self.reconnect()

    def reconnect(self) -> None:
        """Opens the websocket anew, as a page does that lost it, and returns when the kernel answers; cells go on."""
        self.reopen()
        self._wait_until_answers()

    def reopen(self) -> None:
        """Opens the websocket anew under the same session, and waits for nothing: who computes answers nobody."""
        self.close()
        self._died = ""
        self._channel = self._open()

    def shut_down(self) -> None:
        """Ends the process, as the menu of running kernels does."""
        self.close()
        self._visitor.api("DELETE", self.path).expect(204)

    def state(self) -> str:
        """What the server says of it: idle, busy, starting, dead. Raises Refused (404) when it knows none."""
        return self._visitor.api("GET", self.path).expect(200).json()["execution_state"]

    def close(self) -> None:
        """Closes the websocket; the kernel runs on."""
        self._channel.close()

    def take_in(self) -> None:
        """Takes in what has arrived, and waits for nothing."""
        while self._hear(0):
            pass

    def listen(
        self, what: str, until: Callable[[], bool], deadline: float, hint: Callable[[], str] = lambda: ""
    ) -> None:
        """Takes in messages until `until()` is true.

        Raises KernelDied when the kernel is told dead, StackError after `deadline` seconds or when cut off.
        """
        start = time.monotonic()
        while not until():
            if self._died:
                raise KernelDied(f"the kernel died ({self._died}) while waiting for {what}; {hint()}")
            left = start + deadline - time.monotonic()
            if left <= 0:
                raise StackError(f"waited {deadline:.1f} s for {what}; {hint() or 'nothing of it came'}")
            self._hear(left)

    def _hear(self, within: float) -> bool:
        """One message, given to the cell that it belongs to. False when none came."""
        frame = self._channel.receive(within)
        if frame is None:
            return False
        message = message_in(frame)
        if message.kind == "status" and message.content.get("execution_state") in LOST:
            self._died = message.content["execution_state"]
        if message.parent in self._cells:
            self._cells[message.parent].note(message)
        return True

    def _open(self) -> Channel:
        return self._visitor.channel(f"{self.path}/channels?session_id={self._session}")

    def _wait_until_answers(self) -> None:
        hello = Cell(self, "kernel_info_request")
        self._ask("kernel_info_request", {}, hello)
        self.listen(
            f"the kernel {self.ident} to answer its first request",
            lambda: any(m.kind == "kernel_info_reply" for m in hello.messages),
            READY_WITHIN,
        )

    def _ask(self, kind: str, content: dict, cell: Cell) -> None:
        ident, message = request(kind, content, session=self._session)
        self._cells[ident] = cell
        self._channel.send(message)
