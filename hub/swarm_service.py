"""One service of the swarm, as its spawner deals with it: order it, look at its tasks, remove it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException
from spawn_failure import SpawnFailure
from task_state import TaskState, read_tasks

# Whatever may come of asking the engine: its own refusals, a socket that is gone, an answer that never came.
ENGINE_ERRORS = (DockerException, RequestException, OSError)
TICK = 0.2  # seconds between two looks at something that is going away
LAST_LINES = 20
READ_WITHIN = 5  # seconds; a node that is away may keep the swarm from ending the answer


class SwarmService:
    """The service `name`. It is ours if it carries `labels`; another's is never touched.

    `ask(method, …)` calls that method of `docker.APIClient`. Every method here raises one of ENGINE_ERRORS
    when the engine does not answer: an error is not absence.
    """

    def __init__(self, ask: Callable[..., Awaitable], name: str, labels: dict[str, str]):
        self._ask = ask
        self.name = name
        self.labels = labels

    async def create(self, order: dict) -> str:
        """Gives the order (arguments of `create_service`) and returns the new service's id.

        Raises SpawnFailure with the engine's words if it refuses.
        """
        try:
            return (await self._ask("create_service", **order))["ID"]
        except APIError as error:
            raise SpawnFailure(
                f"The swarm refused the order: {error.explanation}", reason="refused"
            ) from error

    async def state(self, network: str = "") -> TaskState | None:
        """What its tasks say; None where there is no such service."""
        try:
            return read_tasks(await self._ask("tasks", filters={"service": self.name}), network)
        except NotFound:
            return None

    async def last_words(self) -> str:
        """The last lines that its tasks wrote, wherever they ran; they go with the service.

        What keeps them from being read (a log driver that cannot, an engine that is away) stands in their place.
        """
        try:
            async with asyncio.timeout(READ_WITHIN):
                asked = {"stdout": True, "stderr": True, "tail": LAST_LINES, "is_tty": False}
                pieces = await self._ask("service_logs", self.name, **asked)
                return (await asyncio.to_thread(b"".join, pieces)).decode(errors="replace").strip()
        except ENGINE_ERRORS as error:  # a TimeoutError is an OSError
            return f"(they cannot be read: {error or 'no answer in time'})"

    async def remove(self, within: float) -> None:
        """Removes it if it is there, and waits until its tasks and, on this node, its containers are gone.

        Raises SpawnFailure if the service of that name is not ours, TimeoutError if something of it lives on
        after `within` s.
        """
        try:
            service = await self._ask("inspect_service", self.name)
        except NotFound:
            return
        self._refuse_a_stranger(service)
        tasks = await self._ask("tasks", filters={"service": self.name})
        await self._remove_if_there(service["ID"])
        deadline = time.monotonic() + within
        while left := await self._left_of(service["ID"], tasks):
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"service {self.name} was removed, but after {within:.0f} s there is still {left}"
                )
            await asyncio.sleep(TICK)

    def _refuse_a_stranger(self, service: dict) -> None:
        theirs = service["Spec"].get("Labels") or {}
        if any(theirs.get(key) != value for key, value in self.labels.items()):
            raise SpawnFailure(
                f"Service {self.name} exists, and this hub has not made it: an administrator must remove it.",
                reason="name-taken",
            )

    async def _remove_if_there(self, service_id: str) -> None:
        with suppress(NotFound):  # somebody was faster: what we wanted
            await self._ask("remove_service", service_id)

    async def _left_of(self, service_id: str, tasks: list[dict]) -> str:
        for task in tasks:
            if await self._is_there("inspect_task", task["ID"]):
                return f"task {task['ID']}"
        # Only this node's engine can be asked; elsewhere a task leaves the swarm's list when its container
        # has ended.
        here = await self._ask(
            "containers", all=True, filters={"label": f"com.docker.swarm.service.id={service_id}"}
        )
        return f"container {here[0]['Id'][:12]}" if here else ""

    async def _is_there(self, method: str, object_id: str) -> bool:
        try:
            await self._ask(method, object_id)
        except NotFound:
            return False
        return True
