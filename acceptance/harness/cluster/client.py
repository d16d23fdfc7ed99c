"""The Docker SDK's client, which believes the CA that DOCKER_CERT_PATH names, and no other."""

from collections.abc import Mapping
from typing import Any

import docker


class Api(docker.APIClient):
    """Where REQUESTS_CA_BUNDLE is set, `requests` lets it win over a session's own CA (psf/requests#3829)."""

    def merge_environment_settings(self, *given: Any) -> dict[str, Any]:
        """As `requests` has it, but for whom to believe."""
        return {**super().merge_environment_settings(*given), "verify": self.verify}


class Client(docker.DockerClient):
    """Of the engine to which these variables lead. Raises DockerException where nothing answers."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.api = Api(**docker.utils.kwargs_from_env(environment=environment), timeout=120)
