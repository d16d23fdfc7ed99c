"""An intruder's doors: which there are, and which of them are told open."""

import json
from types import SimpleNamespace

from acceptance.harness.cluster.doors import Doors


def stack(**environment):
    """A stack whose hub has this environment, on a swarm of one node."""
    hub = SimpleNamespace(environment=environment)
    return SimpleNamespace(service=lambda name: hub, engine=SimpleNamespace(node_addresses=lambda: ["198.18.0.11"]))


def seen_by(doors, **opened):
    """What the program prints to whom these kinds open at their first door."""
    first = {kind: doors.kinds[kind][0] for kind in opened}
    return json.dumps({door: [door in first.values(), "said"] for each in doors.kinds.values() for door in each})


def test_both_ports_of_each_node_are_tried_and_the_socket():
    engine = Doors(stack()).kinds["engine"]
    assert engine == ["unix:///var/run/docker.sock", "http://gateway:2375/version", "http://198.18.0.11:2375/version",
                      "https://gateway:2376/version", "https://198.18.0.11:2376/version"]


def test_the_address_that_the_hub_uses_is_tried():
    assert "https://manager:4243/version" in Doors(stack(DOCKER_HOST="tcp://manager:4243")).kinds["engine"]


def test_only_what_opened_is_told_by_its_kind():
    doors = Doors(stack())
    assert doors.opened(seen_by(doors)) == {}
    assert doors.opened(seen_by(doors, proxy=True)) == {"proxy": {"http://hub:8001/api/routes": "said"}}
