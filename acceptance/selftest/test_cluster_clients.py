"""Whose address it is that stands in a log."""

import json
from types import SimpleNamespace

import pytest

from acceptance.harness.cluster.clients import Clients
from acceptance.harness.errors import StackError

HUB = b"""[I 2026-11-24 09:14:20.123 JupyterHub log:192] 200 GET /hub/login (@10.0.7.3) 3.11ms
[W 2026-11-24 09:14:21.456 JupyterHub log:192] 404 GET /hub/5f0c?x=1 (ann@::ffff:198.18.4.1) 9.87ms
"""
EDGE = json.dumps({"path": "/hub/5f0c", "client": "198.18.4.1"}).encode() + b"\n"
NETWORKS = [
    {"Name": "nbi-1_default", "IPAM": {"Config": [{"Subnet": "10.0.7.0/24"}]}},
    {"Name": "docker_gwbridge", "IPAM": {"Config": [{"Subnet": "172.18.0.0/16", "Gateway": "172.18.0.1"}]}},
    {"Name": "host", "IPAM": {"Config": None}},
]


def service(name, log, address):
    container = SimpleNamespace(docker=SimpleNamespace(logs=lambda **_: log), addresses={"nbi-1_default": address})
    return SimpleNamespace(name=f"nbi-1_{name}", container=lambda: container)


@pytest.fixture
def clients():
    known = {"nginx": service("nginx", EDGE, "10.0.7.3"), "hub": service("hub", HUB, "10.0.7.5")}
    engine = SimpleNamespace(client=SimpleNamespace(api=SimpleNamespace(networks=lambda: NETWORKS)))
    return Clients(SimpleNamespace(name="nbi-1", engine=engine, services=lambda: [*known.values()], service=known.__getitem__))


def test_the_address_is_that_of_the_very_request(clients):
    assert (clients.seen_by_edge("5f0c"), clients.seen_by_hub("5f0c")) == ("198.18.4.1", "198.18.4.1")


def test_a_request_that_nobody_wrote_down_is_told(clients, monkeypatch):
    monkeypatch.setattr("acceptance.harness.wait.time.sleep", lambda _: None)
    monkeypatch.setattr("acceptance.harness.wait.time.monotonic", iter(range(0, 1000, 20)).__next__)
    with pytest.raises(StackError, match="for beef in the hub's log"):
        clients.seen_by_hub("beef")


@pytest.mark.parametrize(
    ("address", "owner"),
    [("10.0.7.3", "nginx"), ("10.0.7.77", "nbi-1_default"), ("172.18.0.1", "docker_gwbridge"), ("198.18.4.1", "")],
)
def test_an_address_of_the_swarm_is_known_as_one(clients, address, owner):
    assert clients.owner_of(address) == owner
