"""A user's volume lies where the operator said, is that user's own, and goes only if it is ours."""

import asyncio

import pytest
from docker.errors import NotFound
from user_volume import UserVolume, driver_of

OURS = {"nbi.stack": "lab", "nbi.user": "alice", "nbi.server": "", "more": "x"}


class Engine:
    """An engine with one volume."""

    def __init__(self, labels):
        self.volumes = {"v": {"Labels": labels}}

    async def ask(self, method, name):
        """What `docker.APIClient.<method>` would answer."""
        if name not in self.volumes:
            raise NotFound("no such volume")
        return self.volumes.pop(name) if method == "remove_volume" else self.volumes[name]


def deleted(engine, name="v"):
    """What is told of a deletion."""
    return asyncio.run(UserVolume(engine.ask, name, "lab", "alice").delete())


def test_a_volume_of_ours_goes():
    engine = Engine(OURS)

    assert deleted(engine) == "volume v is deleted"
    assert engine.volumes == {}


@pytest.mark.parametrize("labels", [None, {}, OURS | {"nbi.stack": "theirs"}, OURS | {"nbi.user": "bob"}])
def test_anybody_elses_volume_stays(labels):
    engine = Engine(labels)

    assert "so it stays" in deleted(engine)
    assert "v" in engine.volumes


def test_a_volume_on_another_node_is_told():
    assert "this node has no volume w" in deleted(Engine(OURS), "w")


def test_without_a_driver_the_node_decides():
    assert driver_of("v", "", {}) is None


def test_options_alone_are_for_the_nodes_own_driver_and_lead_to_the_users_own_place():
    driver = driver_of("lab-alice-x", "", {"type": "nfs", "device": ":/home/{volume}"})

    assert driver == {"Name": "local", "Options": {"type": "nfs", "device": ":/home/lab-alice-x"}}
    assert driver_of("v", "ceph", {}) == {"Name": "ceph"}
