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
    """The services that this stack's hub made, one a running server.

    Our spawner labels them. Another spawner's are known by what every JupyterHub sets, and by being on this stack's networks.
    """
    ids = {network["Id"] for network in client.api.networks() if network["Name"] in networks_of(settings)}
    return [service for service in client.services.list(filters={})
            if service.attrs["Spec"].get("Labels", {}).get(NOTEBOOK) == settings.stack
            or owner_of(service) and ids.intersection(attached_to(service))]


def owner_of(service) -> tuple[str, str] | None:
    """User and server of a service that a JupyterHub made, by what every spawner sets; None for any other service."""
    container = service.attrs["Spec"]["TaskTemplate"].get("ContainerSpec", {})
    told = dict(entry.partition("=")[::2] for entry in container.get("Env") or [])
    return (told["JUPYTERHUB_USER"], told.get("JUPYTERHUB_SERVER_NAME", "")) if "JUPYTERHUB_USER" in told else None


def attached_to(service) -> set[str]:
    """The networks of a service; swarm keeps their ids, whatever they were asked for by."""
    spec = service.attrs["Spec"]
    return {entry["Target"] for entry in spec["TaskTemplate"].get("Networks") or spec.get("Networks") or []}


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


def service_of(client: docker.DockerClient, settings: Settings, name: str):
    """One of the stack's own services, as the stack file calls it; None where there is none."""
    return next((each for each in services_of(client, settings) if each.name == f"{settings.stack}_{name}"), None)


def running_container(client: docker.DockerClient, settings: Settings, name: str) -> str | None:
    """The id of the container in which a service of the stack runs on this engine; None where it does not run, or elsewhere."""
    service = service_of(client, settings, name)
    running = [task["Status"]["ContainerStatus"]["ContainerID"] for task in tasks_of(client, service)
               if task["Status"]["State"] == task["DesiredState"] == "running"] if service else []
    here = {container["Id"] for container in client.api.containers()}
    return next((each for each in running if each in here), None)


def port_of(service, inside: int) -> str:
    """Where a service's port is published on its node, as it was deployed; empty where it is not."""
    ports = service.attrs["Spec"].get("EndpointSpec", {}).get("Ports") or []
    return next((str(port["PublishedPort"]) for port in ports if port["TargetPort"] == inside), "")
