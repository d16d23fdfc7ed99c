"""A server a user, as a swarm service: upstream's SwarmSpawner, its names, states, mounts and waits mended.

Works around dockerspawner#536 (mounts) and #250 (services left behind), and what has no issue there yet:
states that `poll` takes for stopped, a rejected task that nobody is told of, names too long for the swarm.
And JupyterHub's client ids, which are the same for server `b` of `a` and for the server of `a-b` (user.py).
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from deaf_settings import deaf_settings
from dockerspawner import SwarmSpawner
from names import client_id, service_name, volume_name
from notebook_image import image_here
from patience import Patience, answers
from service_spec import ServiceSpec
from spawn_failure import SpawnFailure
from sqlalchemy.orm import object_session
from swarm_service import ENGINE_ERRORS, SwarmService
from task_state import TaskState
from traitlets import Bool, Dict, Float, Integer, Unicode, default
from user_options import chosen, options_in, settings_of, traits_in
from user_volume import UserVolume, driver_of

TICK = 0.15  # seconds between two looks at a starting server; a look costs the engine some milliseconds


class NotebookSpawner(SwarmSpawner):
    """Starts, watches and removes the service of one server. Source: `jupyterhub.spawner.Spawner`."""

    stack = Unicode("nbi-jupyter-service", help="The stack; part of every name made here.").tag(config=True)
    extra_labels = Dict(help="Labels of service, container and volume besides ours.").tag(config=True)
    choices = Dict(help="What users may choose: option -> choice -> traits that it sets.").tag(config=True)
    home = Unicode("/home/jovyan", help="Where the user's volume is mounted.").tag(config=True)
    pids_limit = Integer(0, help="Processes and threads a server may have; 0: no limit.").tag(config=True)
    read_only = Bool(False, help="Only the volume and /tmp (in memory) can be written.").tag(config=True)
    placement_grace = Float(30, help="Seconds that a server may wait for a node with room.").tag(config=True)
    ready_timeout = Float(120, help="Seconds until an ordered server must answer.").tag(config=True)
    stop_grace = Integer(10, help="Seconds that a server gets to end by itself.").tag(config=True)
    delete_volume = Bool(False, help="Whether a deleted user's volume is deleted too.").tag(config=True)

    # Upstream has one thread for the Docker calls of all users: a slow call holds up everybody's spawn.
    _executor = ThreadPoolExecutor(4, thread_name_prefix="docker")
    _told = TaskState().words
    _exit_code = 0

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if self.name:
            self.oauth_client_id = client_id(self.user.name, self.name)

    @default("options_from_form")
    def _options_from_form_default(self):
        return options_in

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
        choice = self._apply_choices()
        if deaf := deaf_settings(self):
            self.log.warning(deaf)
        try:
            # A hub that died between order and commit left a service that nobody knows.
            await self._remove_service()
            self.object_id = await self._service.create((await self._spec()).as_create_kwargs())
            await self._wait_until_ready(Patience(self.placement_grace, self.ready_timeout, choice))
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
            # An error is not absence; and an exception is a dead server to a hub that starts: it stops it.
            self.log.warning("Cannot ask about %s, so it counts as running: %s", self._log_name, error)
            return None
        if state is None:
            return self._exit_code
        if state.is_alive:
            return None
        self.log.warning("%s has ended. %s", self._log_name, state.words)
        self._exit_code = state.exit_code  # JupyterHub asks twice, and the service goes now:
        await self._clear_away()  # for a server that ended by itself, stop() is never called
        return self._exit_code

    async def delete_forever(self):
        """For a deleted user, also the volume where the operator wants that. Source: `Spawner.delete_forever`."""
        # It is called for a deleted named server too, whose user goes on using the volume.
        if self.delete_volume and not self.name:
            name = volume_name(self.stack, self.user.name)
            told = await UserVolume(self.docker, name, self.stack, self.user.name).delete()
            self.log.info("User %s was deleted; %s", self.user.name, told)

    async def progress(self):
        """What the swarm says, on the user's page, as it changes. Source: `Spawner.progress`."""
        shown = None
        while self._spawn_future and not self._spawn_future.done():
            if shown != self._told:
                shown = self._told
                yield {"message": shown}
            await asyncio.sleep(TICK)

    @cached_property
    def _configured(self) -> dict:
        """What the choosable traits were before anything was chosen."""
        return {trait: getattr(self, trait) for trait in traits_in(self.choices)}

    def _apply_choices(self) -> str:
        """Sets what was chosen, and only that: this spawner may have served another choice before."""
        try:
            choice = chosen(self.user_options, self.choices)
        except SpawnFailure:
            # JupyterHub keeps options for the next start that names none: it would be refused for ever.
            self.orm_spawner.user_options = {}
            object_session(self.orm_spawner).commit()  # the end of anybody's request rolls back what is not
            raise
        for trait, value in (self._configured | settings_of(choice, self.choices)).items():
            setattr(self, trait, value)
        return ", ".join(f"{option} {name}" for option, name in choice.items())

    async def _spec(self) -> ServiceSpec:
        volume = volume_name(self.stack, self.user.name)
        return ServiceSpec(
            name=self.object_name,
            image=await image_here(self.docker, self.image),
            labels=self._own_labels() | self.extra_labels,
            env=self.get_env(),
            args=await self.get_command() if self.cmd or self.args else None,
            network=self.network_name,
            volume=volume,
            volume_driver=driver_of(volume, self.volume_driver, self.volume_driver_options),
            home=self.home,
            read_only=self.read_only,
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

    async def _wait_until_ready(self, patience: Patience) -> None:
        # Asked here, not by the hub's own wait after start(): that doubles its pauses and finds a server 0.8
        # s late, and it knows nothing of the task, so it would go on asking a server that has ended.
        begun = time.monotonic()
        while True:
            state = await self._service.state(self.network_name)
            if state is None:
                raise SpawnFailure("Your server was stopped while it started.", reason="stopped")
            self._told = state.words
            if state.is_running and await self._answers(state.address):
                return
            if state.may_have_run and (words := await self._service.last_words()):
                self.log.warning("%s ended while it started. Its last words:\n%s", self._log_name, words)
            patience.raise_if_over(state, time.monotonic() - begun)
            await asyncio.sleep(TICK)

    async def _answers(self, address: str) -> bool:
        # By address: a name that the nodes have not told each other yet goes to outside DNS, which may hang.
        return await answers(f"http://{address}:{self.port}{self.server.base_url}api")

    async def _remove_service(self) -> None:
        await self._service.remove(within=self.stop_grace + 20)
        self.object_id = ""  # or the hub would keep it in its database as a running server's

    async def _clear_away(self) -> None:
        try:
            await self._remove_service()
        except (*ENGINE_ERRORS, SpawnFailure, TimeoutError) as error:
            self.log.error("Service %s is left; the next start removes it: %s", self.object_name, error)
