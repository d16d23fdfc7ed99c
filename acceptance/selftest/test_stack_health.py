"""The health checks of the stack, run as they stand in its file: only a service that answers well is healthy."""

import re
import socket
import subprocess

import pytest
import yaml

from acceptance.document import ROOT
from acceptance.selftest.loopback import Edge

SERVICES = yaml.safe_load((ROOT / "stack" / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
PATHS = {"nginx": "/", "hub": "/hub/health"}
WITHIN = 2  # seconds; the engine has a limit of its own, and a check that runs into it has failed


def is_healthy(service, port):
    """Whether the service's own command ends with 0, with the port that it asks replaced."""
    test = [word.replace("$$", "$") for word in SERVICES[service]["healthcheck"]["test"]]
    command = [re.sub(r"(127\.0\.0\.1)/(8080|\$HEALTH_PORT)", rf"\1/{port}", word) for word in test[1:]]
    assert test[0] == "CMD" and str(port) in command[-1]
    try:
        return subprocess.run(command, capture_output=True, timeout=WITHIN, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


@pytest.mark.parametrize("service", PATHS)
@pytest.mark.parametrize(("status", "healthy"), [(200, True), (404, False), (500, False), (502, False), (503, False)])
def test_only_a_good_answer_is_healthy(service, status, healthy):
    with Edge() as edge:
        edge.say(f"GET {PATHS[service]}", status, "ok")
        assert is_healthy(service, edge.url.rpartition(":")[2]) == healthy


@pytest.mark.parametrize("service", PATHS)
def test_a_closed_port_is_not_healthy(service):
    with socket.socket() as bound:  # taken, and nobody listens
        bound.bind(("127.0.0.1", 0))
        assert not is_healthy(service, bound.getsockname()[1])


@pytest.mark.parametrize("service", PATHS)
def test_a_port_that_takes_and_says_nothing_is_not_healthy(service):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not is_healthy(service, silent.getsockname()[1])
