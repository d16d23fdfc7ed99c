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
    """How many services with this label, and how many running tasks of them, each user's server has.

    Raises EngineError where the engine cannot be asked.
    """
    try:
        services = engine.client.api.services(filters={"label": label})
        tasks = engine.client.api.tasks(filters={"desired-state": "running"})
    except (docker.errors.DockerException, requests.RequestException) as error:
        told = f"the engine at {engine.docker_host} tells nothing of services and tasks: {root_cause(error)}"
        raise EngineError(told) from error
    owners = {service["ID"]: owner for service in services if (owner := owner_of(service))}
    running = (task["ServiceID"] for task in tasks if task["Status"]["State"] == "running")
    return Counter(owners.values()), Counter(owners[ident] for ident in running if ident in owners)


def owner_of(service: Mapping[str, Any]) -> Server | None:
    """Whose server a service is, by what every JupyterHub spawner sets and never by our names; None for any other."""
    told = environment_in(service["Spec"]["TaskTemplate"].get("ContainerSpec", {}))
    return (told["JUPYTERHUB_USER"], told.get("JUPYTERHUB_SERVER_NAME", "")) if "JUPYTERHUB_USER" in told else None
