"""Which users' servers a swarm has: their services and running tasks, in two questions to the engine."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import docker
import requests

from acceptance.harness.cluster.engine import Engine, root_cause
from acceptance.harness.cluster.service import environment_in
from acceptance.harness.errors import EngineError

Server = tuple[str, str]  # user, server


def census(engine: Engine, label: str) -> tuple[Counter[Server], Counter[Server]]:
    """How many services of the run with this label, and how many running tasks of them, each user's server has.

    Raises EngineError where the engine cannot be asked.
    """
    try:
        services = servers_of_run(engine, label)
        tasks = engine.client.api.tasks(filters={"desired-state": "running"})
    except (docker.errors.DockerException, requests.RequestException) as error:
        told = f"the engine at {engine.docker_host} tells nothing of services and tasks: {root_cause(error)}"
        raise EngineError(told) from error
    owners = {service["ID"]: owner_of(service) for service in services}
    running = (task["ServiceID"] for task in tasks if task["Status"]["State"] == "running")
    return Counter(owners.values()), Counter(owners[ident] for ident in running if ident in owners)


def servers_of_run(engine: Engine, label: str) -> list[dict[str, Any]]:
    """The services of users' servers, as the API tells them, that the hub of the run with this label made.

    Not every spawner can be told to label them. But they are on a network of the run, or their hub could not reach them; one
    that carries the label and is on none counts, too.
    """
    networks = {network["Id"] for network in engine.client.api.networks(filters={"label": label})}
    return [service for service in engine.client.api.services() if owner_of(service)
            and (networks.intersection(attached_to(service)) or label in labels_of(service))]


def attached_to(service: Mapping[str, Any]) -> set[str]:
    """The networks that a service's spec puts it on; swarm keeps their ids, whatever they were asked for by."""
    spec = service["Spec"]
    return {entry["Target"] for entry in spec["TaskTemplate"].get("Networks") or spec.get("Networks") or []}


def labels_of(service: Mapping[str, Any]) -> set[str]:
    """A service's labels as `name=value`."""
    return {f"{name}={value}" for name, value in (service["Spec"].get("Labels") or {}).items()}


def owner_of(service: Mapping[str, Any]) -> Server | None:
    """Whose server a service is, by what every JupyterHub spawner sets and never by our names; None for any other."""
    told = environment_in(service["Spec"]["TaskTemplate"].get("ContainerSpec", {}))
    return (told["JUPYTERHUB_USER"], told.get("JUPYTERHUB_SERVER_NAME", "")) if "JUPYTERHUB_USER" in told else None
