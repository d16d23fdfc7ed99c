"""The swarm at one moment, asked in few questions so that `make status` stays quick however many servers run."""

import re
from contextlib import suppress
from functools import cached_property
from itertools import chain

import docker

from stack.operate.room import room_of
from stack.operate.settings import Settings
from stack.operate.stack_objects import notebooks_of, owner_of, services_of
from stack.operate.streams import CommandFailed, output_of

LABEL = "org.opencontainers.image."


class Inventory:
    """Tasks, nodes, containers and images of one stack. Raises what the Docker SDK raises."""

    def __init__(self, client: docker.DockerClient, settings: Settings):
        self.client, self.settings = client, settings

    @cached_property
    def info(self) -> dict:
        """The engine about itself."""
        return self.client.info()

    @cached_property
    def services(self) -> list:
        """The stack's own services by name; none where it is not deployed."""
        return sorted(services_of(self.client, self.settings), key=lambda service: service.name)

    @cached_property
    def notebooks(self) -> list:
        """The services that the hub made."""
        return notebooks_of(self.client, self.settings)

    @cached_property
    def _tasks(self) -> dict[str, list[dict]]:
        found: dict[str, list[dict]] = {}
        for task in sorted(self.client.api.tasks(), key=lambda task: task["CreatedAt"], reverse=True):
            found.setdefault(task["ServiceID"], []).append(task)
        return found

    @property
    def tasks(self) -> list[dict]:
        """All tasks of the swarm."""
        return [*chain.from_iterable(self._tasks.values())]

    def tasks_of(self, service) -> list[dict]:
        """The tasks of one service, newest first."""
        return self._tasks.get(service.id, [])

    @cached_property
    def nodes(self) -> list[dict]:
        """The swarm's nodes as the API tells them."""
        return self.client.api.nodes()

    @cached_property
    def node_names(self) -> dict[str, str]:
        """Host name by node's id."""
        return {node["ID"]: node["Description"]["Hostname"] for node in self.nodes}

    @cached_property
    def containers(self) -> dict[str, dict]:
        """The running containers of this engine by their ids."""
        return {container["Id"]: container for container in self.client.api.containers()}

    def health_of(self, task: dict) -> str:
        """'healthy' or what else the task's container says of itself; empty for one of another node, or without a check."""
        container = self.containers.get((task["Status"].get("ContainerStatus") or {}).get("ContainerID", ""), {})
        said = re.search(r"\((.*)\)", container.get("Status", ""))
        return said[1] if said else ""

    def image_of(self, service) -> str:
        """The image of a service as people call it, and the version of what is in it."""
        named = service.attrs["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"]
        try:
            image = self.client.images.get(named)
        except docker.errors.ImageNotFound:
            return f"image {named.partition('@')[0]}"
        # Of the repository that the service names, else the shortest: an image that was pushed to a registry once
        # keeps the name that it had there.
        repository = named.partition("@")[0].rpartition(":")[0]
        tag = min(image.tags, key=lambda tag: (tag.rpartition(":")[0] != repository, tag.endswith(":latest"), len(tag)),
                  default=named.partition("@")[0])
        version = image.labels.get(LABEL + "version")
        return f"image {tag}" + (f" (version {version})" if version else "")

    def user_of(self, service) -> str:
        """Whose server a service is: the user's name, and the server's where it has one."""
        return "/".join(filter(None, owner_of(service) or ("?",)))

    def engine_line(self) -> str:
        """The engine, and the room on its disk as a container of ours sees it."""
        inside = next((one for one in self.containers.values()
                       if one["Labels"].get("com.docker.stack.namespace") == self.settings.stack), None)
        room = None
        if inside:
            with suppress(CommandFailed):
                room = room_of(output_of(self.client, inside["Id"], ["df", "-Pk", "/"]))
        return f"engine: {self.info['ServerVersion']} on {self.info['Name']}; disk: {room or 'no container here to ask'}"
