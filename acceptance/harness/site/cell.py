"""One execution of code: what it printed so far, whether it still runs, and how it ended."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from acceptance.harness.errors import StackError
from acceptance.harness.site.protocol import Message

if TYPE_CHECKING:
    from acceptance.harness.site.kernel import Kernel


class KernelError(StackError):
    """The code raised in the kernel: `ename`, `evalue` and the traceback's lines, as the kernel told them."""

    def __init__(self, code: str, ename: str, evalue: str, traceback: list[str]) -> None:
        super().__init__(f"the kernel answered {code[:80]!r} with {ename}: {evalue}")
        self.ename, self.evalue, self.traceback = ename, evalue, traceback


@dataclass(frozen=True)
class Reply:
    """How an execution ended. `text` is stdout, `errors` stderr, `result` the last expression's text."""

    status: str
    text: str
    errors: str = ""
    result: str = ""
    ename: str = ""
    evalue: str = ""
    traceback: list[str] = field(default_factory=list)


class Cell:
    """An execution that was asked for; it is over when the kernel replied *and* said that it is idle again.

    The two come on different channels in either order, so each alone proves nothing.
    """

    def __init__(self, kernel: "Kernel", code: str) -> None:
        self.code, self._kernel = code, kernel
        self.messages: list[Message] = []
        self._answer: dict[str, Any] | None = None
        self._idle = False

    def note(self, message: Message) -> None:
        """Takes one of the kernel's messages about this execution."""
        self.messages.append(message)
        if message.kind == "execute_reply":
            self._answer = message.content
        if message.kind == "status":
            self._idle = message.content.get("execution_state") == "idle"

    @property
    def output(self) -> str:
        """What it printed to stdout, as far as it has arrived."""
        return self._stream("stdout")

    @property
    def buffers(self) -> list[bytes]:
        """The binary buffers that came with its messages."""
        return [buffer for message in self.messages for buffer in message.buffers]

    def is_running(self) -> bool:
        """Asks now: takes in what has arrived, waits for nothing."""
        self._kernel.take_in()
        return not self.is_over

    @property
    def is_over(self) -> bool:
        """Both the reply and the idle status of this execution have arrived."""
        return self._idle and self._answer is not None

    def wait_until_output(self, text: str, deadline: float = 10) -> None:
        """Returns when stdout holds this text. Raises StackError when it does not come in time, or at all."""
        self._kernel.listen(
            f"{text!r} in the output of {self.code[:80]!r}",
            lambda: text in self.output or self.is_over,
            deadline,
        )
        if text not in self.output:
            raise StackError(
                f"{self.code[:80]!r} ended without {text!r} in its output: {self.output!r}, {self.reply(0)!r}"
            )

    def reply(self, deadline: float = 30) -> Reply:
        """Waits for the end and tells how it was. Raises StackError when there is none in time."""
        self._kernel.listen(
            f"the end of {self.code[:80]!r}",
            lambda: self.is_over,
            deadline,
            hint=lambda: (
                f"so far it printed {self.output[-200:]!r} and sent {[m.kind for m in self.messages]}"
            ),
        )
        told = self._answer or {}
        return Reply(
            told.get("status", ""),
            self.output,
            self._stream("stderr"),
            self._result(),
            told.get("ename", ""),
            told.get("evalue", ""),
            told.get("traceback", []),
        )

    def _stream(self, name: str) -> str:
        return "".join(
            m.content["text"] for m in self.messages if m.kind == "stream" and m.content["name"] == name
        )

    def _result(self) -> str:
        shown = [m.content["data"].get("text/plain", "") for m in self.messages if m.kind == "execute_result"]
        return "\n".join(shown)
