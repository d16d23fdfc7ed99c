"""A server starts, fails in words, and is not taken for dead while the engine is away. The swarm is fake."""

import asyncio
from types import SimpleNamespace

import pytest
from names import volume_name
from spawn_failure import SpawnFailure
from swarm_spawner import NotebookSpawner

from acceptance.selftest.hub_swarm import Swarm, on, user

OURS = {"nbi.stack": "lab", "nbi.user": "alice", "nbi.server": ""}


def test_a_server_starts_from_the_image_that_is_here(spawner):
    swarm = Swarm(states=("new", "pending", "assigned", "preparing", "ready", "starting", "running"))

    host, port = asyncio.run(on(swarm, spawner).start())

    assert (host, port) == (swarm.orders[0]["name"], 8888)
    assert swarm.orders[0]["task_template"]["ContainerSpec"]["Image"] == "sha256:image"


def test_several_nodes_are_told_the_images_name(spawner):
    asyncio.run(on(swarm := Swarm(nodes=3), spawner).start())

    assert swarm.orders[0]["task_template"]["ContainerSpec"]["Image"] == "image"


def test_a_rejected_task_fails_at_once_in_the_swarms_words_and_leaves_nothing(spawner):
    swarm = Swarm(states=("new", "rejected"), err="No such image: x", images=())
    swarm.log = AssertionError("a task that never had a container was asked for its last words")

    with pytest.raises(SpawnFailure, match="No such image: x") as failure:
        asyncio.run(on(swarm, spawner).start())
    assert failure.value.jupyterhub_message == failure.value.log_message
    assert swarm.services == {}


def test_a_task_without_a_node_fails_after_the_grace(spawner):
    spawner.placement_grace = 0.2

    with pytest.raises(SpawnFailure, match="The swarm says: no suitable node"):
        asyncio.run(on(Swarm(states=("pending",), err="no suitable node"), spawner).start())


def test_a_silent_server_fails_with_what_was_last_seen(spawner):
    spawner.ready_timeout = 0.2

    with pytest.raises(SpawnFailure, match="Last seen: The node is fetching the image"):
        asyncio.run(on(swarm := Swarm(states=("preparing",)), spawner).start())
    assert swarm.services == {}


def test_a_start_that_the_hub_cancels_leaves_nothing(spawner):
    async def cancelled():
        await asyncio.wait_for(spawner.start(), 0.2)

    on(swarm := Swarm(states=("preparing",)), spawner)
    with pytest.raises(TimeoutError):
        asyncio.run(cancelled())
    assert len(swarm.orders) == 1 and swarm.services == {}


def test_a_leftover_of_ours_is_replaced(spawner):
    swarm = Swarm()
    swarm.add(spawner.object_name, OURS)

    asyncio.run(on(swarm, spawner).start())

    assert len(swarm.orders) == 1


def test_somebody_elses_service_of_that_name_is_not_touched(spawner):
    swarm = Swarm()
    swarm.add(spawner.object_name, OURS | {"nbi.stack": "theirs"})

    with pytest.raises(SpawnFailure, match="this hub has not made it"):
        asyncio.run(on(swarm, spawner).start())
    assert swarm.orders == [] and len(swarm.services) == 1


def test_guarantees_and_storage_reach_the_order(spawner):
    spawner.mem_guarantee, spawner.cpu_guarantee, spawner.volume_driver_options = "64M", 0.25, {"device": ":/{volume}"}

    asyncio.run(on(swarm := Swarm(), spawner).start())

    task = swarm.orders[0]["task_template"]
    (mount,) = task["ContainerSpec"]["Mounts"]
    assert task["Resources"]["Reservations"] == {"MemoryBytes": 64 << 20, "NanoCPUs": 250_000_000}
    assert mount["VolumeOptions"]["DriverConfig"] == {"Name": "local", "Options": {"device": f":/{mount['Source']}"}}


@pytest.mark.parametrize(("wanted", "server", "left"), [(False, "", 1), (True, "", 0), (True, "b", 1)])
def test_a_deleted_users_volume_goes_only_where_that_is_wanted(spawner, wanted, server, left):
    """A named server that is deleted is no deleted user: the other servers still have the files."""
    spawner.delete_volume, spawner.orm_spawner.name = wanted, server
    swarm = Swarm()
    swarm.volumes = {volume_name("lab", "alice"): {"Labels": OURS}}

    asyncio.run(on(swarm, spawner).delete_forever())

    assert len(swarm.volumes) == left


def test_a_named_server_has_a_login_of_its_own(spawner):
    named = NotebookSpawner(
        user=user("a"), orm_spawner=SimpleNamespace(name="b", server=None, user_options={}), oauth_client_id="jupyterhub-user-a-b"
    )

    assert named.oauth_client_id == "jupyterhub-user-a!b"


@pytest.mark.parametrize("state", ["new", "assigned", "accepted", "ready", "running"])
def test_a_server_on_its_way_or_running_is_not_dead(spawner, state):
    swarm = Swarm(states=(state,))
    swarm.add(spawner.object_name, OURS)

    assert asyncio.run(on(swarm, spawner).poll()) is None


def test_an_engine_that_is_away_is_no_dead_server(spawner):
    swarm = Swarm()
    swarm.broken = True

    assert asyncio.run(on(swarm, spawner).poll()) is None


def test_a_server_that_ended_is_dead_and_its_service_goes(spawner):
    swarm = Swarm(states=("failed",))
    swarm.add(spawner.object_name, OURS)

    assert asyncio.run(on(swarm, spawner).poll()) == 0
    assert swarm.services == {}


def test_stopping_an_engine_that_is_away_is_no_success(spawner):
    swarm = Swarm()
    swarm.broken = True

    with pytest.raises(Exception, match="the engine is away"):
        asyncio.run(on(swarm, spawner).stop())
