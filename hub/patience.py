"""How long a starting server is waited for, and what its user is told when it is over."""

from dataclasses import dataclass

import aiohttp
from spawn_failure import SpawnFailure
from task_state import TaskState

ANSWER_WITHIN = aiohttp.ClientTimeout(total=2)  # a look at the task comes between two such questions


@dataclass(frozen=True)
class Patience:
    """`grace` seconds for a node with room, `timeout` seconds for an answer; `choice` is what the user chose."""

    grace: float
    timeout: float
    choice: str = ""

    def raise_if_over(self, state: TaskState, waited: float) -> None:
        """Raises SpawnFailure where waiting on cannot help, or has been long enough."""
        if state.has_ended:
            raise SpawnFailure(f"Your server could not be started. {state.words}", reason=state.name)
        if state.is_unplaceable and waited > self.grace:
            raise SpawnFailure(self._unplaced(state), reason="no-node", status_code=503)
        if waited > self.timeout:
            raise SpawnFailure(
                f"Your server did not answer within {self.timeout:.0f} s. Last seen: {state.words}",
                reason="silent",
            )

    def _unplaced(self, state: TaskState) -> str:
        said = f"for {self.grace:.0f} s. The swarm says: {state.reason}"
        if not self.choice:
            return f"No node took your server {said}"
        return f"No node took your server with {self.choice} {said}. With another choice it may find one."


async def answers(url: str) -> bool:
    """Whether a server answers there, asked now."""
    try:
        async with aiohttp.request("GET", url, timeout=ANSWER_WITHIN, allow_redirects=False) as response:
            return response.status < 500
    except (aiohttp.ClientError, TimeoutError):
        return False
