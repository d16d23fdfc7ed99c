"""What belongs to one stack in the swarm: by stack deploy's own label, and by ours for the notebooks."""

import docker

from stack.operate import stack_files
from stack.operate.settings import Settings

NAMESPACE = "com.docker.stack.namespace"      # set by `docker stack deploy`; notebooks never have it, or --prune would take them
NOTEBOOK = "nbi.stack"                        # set by the spawner on each notebook's service, container and volume


def services_of(client: docker.DockerClient, settings: Settings) -> list:
    """The stack's own services (nginx, hub, overlays)."""
    return client.services.list(filters={"label": f"{NAMESPACE}={settings.stack}"})


def notebooks_of(client: docker.DockerClient, settings: Settings) -> list:
    """The services that this stack's hub made, one a running server."""
    return client.services.list(filters={"label": f"{NOTEBOOK}={settings.stack}"})


def networks_of(settings: Settings) -> set[str]:
    """The names of the stack's networks."""
    return {stack_files.expanded(entry.get("name", f"{settings.stack}_{name}"), settings)
            for name, entry in stack_files.declared(settings, "networks").items()}


def wanted_of(service) -> int:
    """How many tasks the service asks for."""
    return service.attrs["Spec"]["Mode"].get("Replicated", {}).get("Replicas", 1)


def tasks_of(client: docker.DockerClient, service) -> list[dict]:
    """The tasks of a service, newest first, as the API tells them."""
    tasks = client.api.tasks(filters={"service": service.id})
    return sorted(tasks, key=lambda task: task["CreatedAt"], reverse=True)
