"""A server a user, as a swarm service: upstream's SwarmSpawner with its names, states, mounts and waits
mended.

Works around dockerspawner#536 (mounts) and #250 (services left behind), and what has no issue there yet:
states that `poll` takes for stopped, a rejected task that nobody is told of, names too long for the swarm.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import aiohttp
from docker.errors import ImageNotFound
from dockerspawner import SwarmSpawner
from traitlets import Dict, Float, Integer, Unicode, default

from names import service_name, volume_name
from service_spec import ServiceSpec
from spawn_failure import SpawnFailure
from swarm_service import ENGINE_ERRORS, SwarmService
from task_state import TaskState
from user_options import settings_of

TICK = 0.15  # seconds between two looks at a starting server; a look costs the engine some milliseconds


class NotebookSpawner(SwarmSpawner):
    """Starts, watches and removes the service of one server. Source: `jupyterhub.spawner.Spawner`."""

    stack = Unicode("nbi-jupyter-service", help="The stack; part of every name made here.").tag(config=True)
    extra_labels = Dict(help="Labels of service, container and volume besides ours.").tag(config=True)
    choices = Dict(help="What users may choose: option -> choice -> traits that it sets.").tag(config=True)
    home = Unicode("/home/jovyan", help="Where the user's volume is mounted.").tag(config=True)
    pids_limit = Integer(0, help="Processes and threads a server may have; 0: no limit.").tag(config=True)
    placement_grace = Float(30, help="Seconds that a server may wait for a node with room.").tag(config=True)
    ready_timeout = Float(120, help="Seconds until an ordered server must answer.").tag(config=True)
    stop_grace = Integer(10, help="Seconds that a server gets to end by itself.").tag(config=True)

    # Upstream has one thread for the Docker calls of all users, so that one slow call would hold up
    # everybody's spawn.
    _executor = ThreadPoolExecutor(4, thread_name_prefix="docker")
    _told = TaskState().words

    @default("object_name")
    def _object_name_default(self):
        return service_name(self.stack, self.user.name, self.name)

    @cached_property
    def _service(self) -> SwarmService:
        return SwarmService(self.docker, self.object_name, self._own_labels())

    def _own_labels(self) -> dict[str, str]:
        return {"nbi.stack": self.stack, "nbi.user": self.user.name, "nbi.server": self.name}

    async def start(self):
        """Orders the service and returns (host, port) once the server answers there.

        Raises SpawnFailure, which the user reads; nothing of the service is left then.
        """
        self._apply_choices()
        try:
            await (
                self._remove_service()
            )  # a hub that died between order and commit left one that nobody knows
            self.object_id = await self._service.create((await self._spec()).as_create_kwargs())
            await self._wait_until_ready()
        except ENGINE_ERRORS as error:
            await self._clear_away()
            raise SpawnFailure(f"The Docker API failed: {error}", reason="engine") from error
        except BaseException:  # also CancelledError: the hub's own time-out, or its end
            await self._clear_away()
            raise
        return self.object_name, self.port

    async def stop(self, now=False):
        """Removes the service; returns when its task and container are gone."""
        await self._remove_service()

    async def poll(self):
        """None while the server lives, else its exit code. Source: `Spawner.poll`."""
        try:
            state = await self._service.state()
        except ENGINE_ERRORS as error:
            # An error is not absence. JupyterHub takes an exception here for a dead server and, when it
            # starts, stops it.
            self.log.warning("Cannot ask about %s, so it counts as running: %s", self._log_name, error)
            return None
        if state is not None and state.is_alive:
            return None
        if state is not None:
            self.log.warning("%s has ended. %s", self._log_name, state.words)
            await self._clear_away()  # for a server that ended by itself JupyterHub never calls stop()
        return state.exit_code if state is not None else 0

    async def progress(self):
        """What the swarm says, on the user's page, as it changes. Source: `Spawner.progress`."""
        shown = None
        while self._spawn_future and not self._spawn_future.done():
            if shown != self._told:
                shown = self._told
                yield {"message": shown}
            await asyncio.sleep(TICK)

    def _apply_choices(self) -> None:
        try:
            settings = settings_of(self.user_options, self.choices)
        except SpawnFailure:
            # JupyterHub keeps options for the next start that names none: a refused one would be refused for
            # ever.
            self.orm_spawner.user_options = {}
            raise
        for trait, value in settings.items():
            setattr(self, trait, value)

    async def _spec(self) -> ServiceSpec:
        return ServiceSpec(
            name=self.object_name,
            image=await self._image_here(),
            labels=self._own_labels() | self.extra_labels,
            env=self.get_env(),
            args=await self.get_command() if self.cmd or self.args else None,
            network=self.network_name,
            volume=volume_name(self.stack, self.user.name),
            volume_driver=self.mount_driver_config,
            home=self.home,
            memory=self.mem_limit,
            memory_reserved=self.mem_guarantee,
            cpus=self.cpu_limit,
            cpus_reserved=self.cpu_guarantee,
            pids=self.pids_limit,
            stop_grace=self.stop_grace,
            extra_container=self.extra_container_spec,
            extra_resources=self.extra_resources_spec,
            extra_placement=self.extra_placement_spec,
            extra_task=self.extra_task_spec,
        )

    async def _image_here(self) -> str:
        """The id of the image where the swarm is this one node and has it, else its name.

        An image by name is looked for in a registry at every start; where none answers, that costs 20 s a
        spawn. An id never is. With several nodes only the name leads all of them to the same image.
        """
        if (await self.docker("info"))["Swarm"].get("Nodes") != 1:
            return self.image
        try:
            return (await self.docker("inspect_image", self.image))["Id"]
        except ImageNotFound:
            return self.image  # the swarm may get it from its registry, or says why not

    async def _wait_until_ready(self) -> None:
        # Asked here, not by the hub's own wait after start(): that doubles its pauses and finds a server 0.8
        # s late, and it knows nothing of the task, so it would go on asking a server that has ended.
        begun = time.monotonic()
        while True:
            state = await self._service.state(self.network_name) or TaskState()
            self._told = state.words
            if state.is_running and await self._answers(state.address):
                return
            self._raise_if_hopeless(state, time.monotonic() - begun)
            await asyncio.sleep(TICK)

    def _raise_if_hopeless(self, state: TaskState, waited: float) -> None:
        if state.has_ended:
            raise SpawnFailure(f"Your server could not be started. {state.words}", reason=state.name)
        if state.is_unplaceable and waited > self.placement_grace:
            raise SpawnFailure(
                f"No node took your server for {self.placement_grace:.0f} s. The swarm says: {state.reason}",
                reason="no-node",
                status_code=503,
            )
        if waited > self.ready_timeout:
            raise SpawnFailure(
                f"Your server did not answer within {self.ready_timeout:.0f} s. Last seen: {state.words}",
                reason="silent",
            )

    async def _answers(self, address: str) -> bool:
        # By address: a name that the nodes have not yet told each other is asked of outside DNS, which may
        # hang.
        url = f"http://{address}:{self.port}{self.server.base_url}api"
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
                async with session.get(url, allow_redirects=False) as response:
                    return response.status < 500
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _remove_service(self) -> None:
        await self._service.remove(within=self.stop_grace + 20)
        self.object_id = ""  # or the hub would keep it in its database as a running server's

    async def _clear_away(self) -> None:
        try:
            await self._remove_service()
        except (*ENGINE_ERRORS, SpawnFailure, TimeoutError) as error:
            self.log.error("Service %s is left; the next start removes it: %s", self.object_name, error)
