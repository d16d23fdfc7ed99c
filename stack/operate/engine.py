"""The Docker engine that the operator's own `docker` client talks to."""

import json
import subprocess
from urllib.parse import urlparse

import docker
import requests

from stack.operate.client import Client
from stack.operate.settings import Refused, environment


def connect() -> docker.DockerClient:
    """A client for DOCKER_HOST, else for the current Docker context. Raises Refused if no engine answers there."""
    host = endpoint()
    try:
        client = Client({**environment(), "DOCKER_HOST": host})
        client.ping()
    except (docker.errors.DockerException, requests.RequestException) as error:
        raise Refused([f"No Docker engine answers at {host} ({root_cause(error)}). Start one, point DOCKER_HOST at one,"
                       " or let `make deploy` start a private one (root is needed)."]) from error
    return client


def manager() -> docker.DockerClient:
    """connect(), to an engine through which services can be made. Raises Refused also where it is no swarm manager."""
    client = connect()
    swarm = client.info()["Swarm"]
    if not swarm.get("ControlAvailable"):
        raise Refused([f"The engine at {endpoint()} is no swarm manager (swarm: {swarm['LocalNodeState']}). Services are made"
                       " by managers only: `docker swarm init`, or point DOCKER_HOST at a manager."])
    return client


def endpoint() -> str:
    """Where the docker command itself would go: DOCKER_HOST, else the current context's, else the usual socket."""
    if environment().get("DOCKER_HOST"):
        return environment()["DOCKER_HOST"]
    asked = ["docker", "context", "inspect", "--format", "{{json .Endpoints.docker.Host}}"]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unix:///var/run/docker.sock"
    return json.loads(found) or "unix:///var/run/docker.sock"


def edge_host(client: docker.DockerClient) -> str:
    """The address at which ports published by this engine answer.

    A sandbox's engine says so itself (daemon label nbi.edge); else the host of a tcp:// or ssh:// endpoint, else loopback.
    """
    labels = dict(label.partition("=")[::2] for label in client.info().get("Labels") or [])
    return labels.get("nbi.edge") or urlparse(endpoint()).hostname or "127.0.0.1"


def edge_url(client: docker.DockerClient, https_port: str) -> str:
    """What a user types to get there."""
    return f"https://{edge_host(client)}{'' if https_port == '443' else ':' + https_port}/"


def is_on_this_host(client: docker.DockerClient) -> bool:
    """Whether the engine's ports are this host's own ports: reached by a socket, and not a sandbox's."""
    return endpoint().startswith("unix:") and edge_host(client) == "127.0.0.1"


def is_single_node(client: docker.DockerClient) -> bool:
    """Whether every task lands on this very engine, whose images can then be named by their ids."""
    return client.info()["Swarm"].get("Nodes") == 1


def absence(client: docker.DockerClient, image: str) -> str:
    """Why an image cannot be had, in the engine's words; empty if it can."""
    try:
        client.images.get(image)
    except docker.errors.ImageNotFound:
        try:
            client.images.get_registry_data(image)
        except docker.errors.APIError as error:
            return error.explanation or str(error)
    return ""


def root_cause(error: BaseException) -> str:
    """What the operating system said at the bottom of a chain of errors: the layers above it are for programmers."""
    while below := error.__cause__ or error.__context__:
        error = below
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
