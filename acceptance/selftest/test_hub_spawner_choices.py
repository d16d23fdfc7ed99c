"""What users choose reaches their servers, and nothing else that they send. The swarm is fake."""

import asyncio

import pytest
from jupyterhub.orm import Spawner, User, new_session_factory
from spawn_failure import SpawnFailure

from acceptance.selftest.hub_swarm import Swarm, on


def test_options_that_are_not_offered_reach_no_order_and_are_forgotten(spawner):
    """For good: where a request ends JupyterHub rolls back what is not committed, and all requests have one session."""
    session = new_session_factory("sqlite://")()
    asked = {"image": "evil"}
    spawner.user_options, spawner.orm_spawner = asked, Spawner(name="", user=User(name="alice"), user_options=asked)
    session.add(spawner.orm_spawner)
    session.commit()

    with pytest.raises(SpawnFailure, match="no option 'image'"):
        asyncio.run(on(swarm := Swarm(), spawner).start())
    session.rollback()
    assert swarm.orders == [] and spawner.orm_spawner.user_options == {}


def test_a_choice_ends_with_its_server(spawner):
    """A spawner may live on after a failed start; what was chosen then must not be left on it."""
    spawner.choices = {"profile": {"usual": {}, "large": {"mem_limit": "8G", "image": "other"}}}
    spawner.mem_limit = "1G"
    swarm = Swarm(images=("image", "other"))
    for profile in ("large", "usual"):
        spawner.user_options = {"profile": profile}
        asyncio.run(on(swarm, spawner).start())

    tasks = [order["task_template"] for order in swarm.orders]
    assert [task["Resources"]["Limits"]["MemoryBytes"] for task in tasks] == [8 << 30, 1 << 30]
    assert [task["ContainerSpec"]["Image"] for task in tasks] == ["sha256:other", "sha256:image"]


def test_a_choice_that_no_node_can_take_is_named(spawner):
    spawner.choices = {"profile": {"gpu": {"extra_placement_spec": {"constraints": ["node.labels.gpu == yes"]}}}}
    spawner.placement_grace = 0.2

    with pytest.raises(SpawnFailure, match=r"with profile gpu for 0 s\. The swarm says: no .*With another choice"):
        asyncio.run(on(swarm := Swarm(states=("pending",), err="no suitable node"), spawner).start())
    assert swarm.orders[0]["task_template"]["Placement"]["Constraints"] == ["node.labels.gpu == yes"]
