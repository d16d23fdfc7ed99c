"""One Docker engine that is a swarm manager, and the address at which its published ports answer."""

from urllib.parse import urlparse

import docker
import requests

from acceptance.harness.cluster.client import Client
from acceptance.harness.errors import EngineError


class Engine:
    """The engine at `docker_host`; `client` is the Docker SDK's. Raises EngineError where nothing answers."""

    def __init__(self, docker_host: str, environment: dict[str, str] | None = None):
        self.docker_host = docker_host
        try:
            self.client = Client({**(environment or {}), "DOCKER_HOST": docker_host})
            self.info = self.client.info()
        except (docker.errors.DockerException, requests.RequestException) as error:
            raise EngineError(f"No Docker engine answers at {docker_host} ({root_cause(error)}). Start one, point"
                              " DOCKER_HOST at one, or have a private one with ENGINE=sandbox (root is needed).") from error

    def __repr__(self) -> str:
        return f"<Engine {self.version} at {self.docker_host}>"

    @property
    def version(self) -> str:
        """The engine's own version, like 20.10.24."""
        return self.info["ServerVersion"]

    @property
    def edge_host(self) -> str:
        """Where published ports answer: what a sandbox's engine says of itself, else the endpoint's host, else loopback."""
        labels = dict(label.partition("=")[::2] for label in self.info.get("Labels") or [])
        return labels.get("nbi.edge") or urlparse(self.docker_host).hostname or "127.0.0.1"

    def absence(self) -> str:
        """Why the engine does not answer, asked now; empty if it does."""
        try:
            self.client.ping()
        except (docker.errors.DockerException, requests.RequestException) as error:
            return f"the engine at {self.docker_host} no longer answers ({error})"
        return ""

    @property
    def is_manager(self) -> bool:
        """Whether services can be made through this engine, asked now."""
        return bool(self.client.info()["Swarm"].get("ControlAvailable"))

    @property
    def swarm_id(self) -> str:
        """The id that all nodes of this engine's swarm have in common, asked now; a manager knows it."""
        return self.client.info()["Swarm"]["Cluster"]["ID"]

    @property
    def is_in_swarm(self) -> bool:
        """Whether the engine is part of any swarm, asked now."""
        return self.client.info()["Swarm"]["LocalNodeState"] not in ("inactive", "")

    def node_addresses(self) -> list[str]:
        """The addresses by which the swarm knows its nodes."""
        known = {node.attrs["Status"].get("Addr", "") for node in self.client.nodes.list()}
        return sorted({*known, self.info["Swarm"].get("NodeAddr", "")} - {"", "0.0.0.0", "127.0.0.1"})

    def image_id(self, name: str) -> str:
        """The id of an image that this engine has. Raises EngineError if it has none of that name."""
        try:
            return self.client.images.get(name).id
        except docker.errors.ImageNotFound as error:
            raise EngineError(f"The engine has no image {name}. Was it built?") from error

    def has_image(self, name: str) -> bool:
        """Whether this engine has an image of that name, asked now."""
        try:
            self.client.images.get(name)
        except docker.errors.ImageNotFound:
            return False
        return True


def root_cause(error: BaseException) -> str:
    """What the operating system said at the bottom of a chain of errors: the layers above it are for programmers."""
    while below := error.__cause__ or error.__context__:
        error = below
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
