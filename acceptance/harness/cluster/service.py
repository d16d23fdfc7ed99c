"""One swarm service: its spec, its tasks, and the container of the task that runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from acceptance.harness.cluster.container import Container
from acceptance.harness.cluster.engine import Engine
from acceptance.harness.wait import wait_until

LOOPING = 3      # so many tasks of the present spec ended: a restart loop, not a stumble


def environment_in(container_spec: Mapping[str, Any]) -> dict[str, str]:
    """The environment that a container's part of a spec gives it."""
    return dict(entry.partition("=")[::2] for entry in container_spec.get("Env") or [])


class Service:
    """A service as the swarm has it now: every property asks again."""

    def __init__(self, engine: Engine, service_id: str, name: str):
        self.engine, self.id, self.name = engine, service_id, name

    def __repr__(self) -> str:
        return f"<Service {self.name}>"

    @property
    def attrs(self) -> dict:
        """The whole service as the API tells it. Raises docker's NotFound when it is gone."""
        return self.engine.client.api.inspect_service(self.id)

    @property
    def spec(self) -> dict:
        """What was asked for: TaskTemplate, Mode, Networks, EndpointSpec, Labels."""
        return self.attrs["Spec"]

    @property
    def container_spec(self) -> dict:
        """The part of the spec that is about the container: Image, Env, Mounts, Labels."""
        return self.spec["TaskTemplate"]["ContainerSpec"]

    @property
    def environment(self) -> dict[str, str]:
        """The environment that the spec gives the container."""
        return environment_in(self.container_spec)

    def image_id(self) -> str:
        """The id of the image that the spec names, as this engine has it."""
        return self.engine.image_id(self.container_spec["Image"])

    def published_ports(self) -> list[dict]:
        """What the service publishes: PublishedPort, TargetPort, PublishMode."""
        return self.spec.get("EndpointSpec", {}).get("Ports") or []

    def tasks(self) -> list[dict]:
        """All tasks that the swarm remembers, newest first."""
        tasks = self.engine.client.api.tasks(filters={"service": self.id})
        return sorted(tasks, key=lambda task: task["CreatedAt"], reverse=True)

    def running_tasks(self) -> list[dict]:
        """Tasks that run (and are healthy: swarm calls them running only then), as the present spec wants them."""
        spec = self.spec["TaskTemplate"]
        return [task for task in self.tasks()
                if task["Status"]["State"] == task["DesiredState"] == "running"
                and all(task["Spec"].get(part) == spec.get(part) for part in ("ContainerSpec", "ForceUpdate", "Resources"))]

    def container(self) -> Container:
        """The container of the one running task. Raises StackError if none runs within 30 s."""
        task = wait_until(f"a running task of {self.name}", self.running_tasks, deadline=30, hint=self.last_error)[0]
        return Container(self.engine.client.containers.get(task["Status"]["ContainerStatus"]["ContainerID"]))

    def is_converged(self) -> bool:
        """Whether wanted tasks = running tasks, and no update is under way."""
        attrs = self.attrs
        wanted = attrs["Spec"]["Mode"].get("Replicated", {}).get("Replicas", 1)
        update = (attrs.get("UpdateStatus") or {}).get("State")
        return len(self.running_tasks()) == wanted and update in (None, "completed", "rollback_completed")

    def hopelessness(self) -> str:
        """Why this service cannot converge any more, in the swarm's words; empty while it can."""
        spec = self.spec["TaskTemplate"]["ContainerSpec"]
        ended = [task for task in self.tasks()
                 if task["Spec"].get("ContainerSpec") == spec and task["Status"]["State"] in ("failed", "rejected")]
        rejected = next((task for task in ended if task["Status"]["State"] == "rejected"), None)
        if rejected:
            return f"{self.name} task rejected: {rejected['Status'].get('Err')}"
        return f"{self.name} restarts in a loop: {self.last_error()}" if len(ended) >= LOOPING else ""

    def last_error(self) -> str:
        """The swarm's words on the newest task that has any; empty without."""
        return next((f"{self.name}: {task['Status']['Err']}" for task in self.tasks() if task["Status"].get("Err")), "")

    def kill_task(self, signal: str = "SIGKILL") -> None:
        """Kill the running task's container, and return when it no longer runs and the swarm has taken notice.

        Until then the swarm tells of a task that runs, and a look at once would find the service converged.
        """
        container = self.container().docker
        container.kill(signal=signal)
        wait_until(f"container {container.name} to end", lambda: is_ended(self.engine, container.id), deadline=30, every=0.05)
        wait_until(f"the swarm to notice the end of {container.name}", lambda: container.id not in self._running(), deadline=30,
                   every=0.05)

    def _running(self) -> set[str]:
        return {task["Status"]["ContainerStatus"]["ContainerID"] for task in self.running_tasks()}

    @contextmanager
    def away(self) -> Iterator[None]:
        """No task of it runs within the `with`; afterwards the swarm is asked for it again, and not waited for."""
        container = self.container().docker
        self._scale(0)
        try:
            wait_until(f"{self.name} to be away", lambda: is_ended(self.engine, container.id), deadline=60)
            yield
        finally:
            self._scale(1)

    def _scale(self, replicas: int) -> None:
        self.engine.client.services.get(self.id).scale(replicas)

    def replace_task(self) -> None:
        """Have the swarm replace the task, as any update does: SIGTERM to the old one, then a new one."""
        self.engine.client.services.get(self.id).force_update()


def is_ended(engine: Engine, container_id: str) -> bool:
    """Whether a container is gone or no longer runs. An API error passes through: it is not absence."""
    found = engine.client.api.containers(all=True, filters={"id": container_id})
    return not found or found[0]["State"] in ("exited", "dead", "removing")
