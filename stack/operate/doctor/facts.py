"""What is asked of engine, swarm and hub: each thing once, and only when a look wants it."""

import json
from datetime import UTC, datetime
from functools import cached_property

import docker

from stack.operate import engine
from stack.operate.doctor import hub_database
from stack.operate.inventory import Inventory
from stack.operate.settings import Settings
from stack.operate.streams import CommandFailed, output_of


class Facts(Inventory):
    """The stack of these settings, as a manager's engine tells it now.

    Everything raises what the Docker SDK raises: an engine that cannot be asked has not said that all is well.
    """

    def __init__(self, client: docker.DockerClient, settings: Settings):
        super().__init__(client, settings)
        self.asked = datetime.now(UTC)

    @cached_property
    def edge(self) -> str:
        """The address at which the edge answers: this engine's, or in a larger swarm that of the node that runs nginx."""
        addresses = {node["ID"]: node["Status"].get("Addr") for node in self.nodes}
        at = [addresses.get(task["NodeID"]) for service in self.services if service.name == f"{self.settings.stack}_nginx"
              for task in self.tasks_of(service) if task["Status"]["State"] == task["DesiredState"] == "running"]
        return at[0] if len(addresses) > 1 and at and at[0] else engine.edge_host(self.client)

    @cached_property
    def hub(self):
        """The hub's running container, if it is on this engine; else None."""
        name = f"com.docker.swarm.service.name={self.settings.stack}_hub"
        return next(iter(self.client.containers.list(filters={"label": name, "status": "running"})), None)

    def in_hub(self, *command: str) -> str | None:
        """What a command in the hub's container prints; None if it fails, or the container is not on this engine."""
        if self.hub is None:
            return None
        try:
            return output_of(self.client, self.hub.id, list(command), user="1000")
        except CommandFailed:
            return None

    @cached_property
    def known(self) -> hub_database.Known | None:
        """Users and running servers in the hub's database; None where it cannot be read from here."""
        said = self.in_hub("python", "-c", hub_database.ASK)
        return hub_database.read(json.loads(said.splitlines()[-1])) if said else None
