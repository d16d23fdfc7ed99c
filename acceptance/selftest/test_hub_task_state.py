"""What the spawner reads from the swarm's tasks."""

import pytest
from task_state import read_tasks


def task(state="running", desired="running", err="", created="2026-11-23T10:00:00Z", **more):
    """A task as `GET /tasks` tells it."""
    return {"CreatedAt": created, "DesiredState": desired, "Status": {"State": state, "Err": err}, **more}


@pytest.mark.parametrize(
    "state", ["new", "pending", "assigned", "accepted", "preparing", "ready", "starting", "running"]
)
def test_a_task_on_its_way_is_alive(state):
    assert read_tasks([task(state)]).is_alive


@pytest.mark.parametrize("state", ["complete", "shutdown", "failed", "rejected", "remove", "orphaned"])
def test_a_task_that_ended_has_ended(state):
    told = read_tasks([task(state, desired="shutdown", err="why it ended")])

    assert told.has_ended and not told.is_alive
    assert "why it ended" in told.words


def test_a_rejected_task_has_ended_before_the_swarm_gives_it_up():
    assert read_tasks([task("rejected", desired="running", err="No such image: x")]).has_ended


def test_a_server_that_was_moved_is_alive():
    old = task("shutdown", desired="shutdown", created="2026-11-23T10:00:00Z")
    new = task("preparing", desired="running", created="2026-11-23T10:05:00Z")

    assert read_tasks([old, new]).is_alive
    assert read_tasks([new, old]).is_alive


def test_of_several_ended_tasks_the_newest_speaks():
    first = task("failed", desired="shutdown", err="first", created="2026-11-23T10:00:00Z")
    second = task("failed", desired="shutdown", err="second", created="2026-11-23T10:05:00Z")

    assert read_tasks([second, first]).reason == "second"


def test_a_task_that_is_being_stopped_is_not_alive():
    assert not read_tasks([task("running", desired="shutdown")]).is_alive


def test_a_new_service_without_tasks_is_neither_alive_nor_ended():
    assert not read_tasks([]).is_alive and not read_tasks([]).has_ended


def test_only_a_pending_task_with_a_reason_is_unplaceable():
    assert read_tasks([task("pending", err="no suitable node")]).is_unplaceable
    assert not read_tasks([task("pending")]).is_unplaceable


def test_the_address_is_that_of_the_network_asked_for():
    networks = [
        {"Network": {"ID": "1", "Spec": {"Name": "other"}}, "Addresses": ["10.0.0.9/24"]},
        {"Network": {"ID": "2", "Spec": {"Name": "notebooks"}}, "Addresses": ["10.96.0.7/20"]},
    ]
    assert read_tasks([task(NetworksAttachments=networks)], "notebooks").address == "10.96.0.7"


def test_a_server_that_ended_by_itself_tells_its_exit_code():
    ended = task("failed", desired="shutdown")
    ended["Status"]["ContainerStatus"] = {"ExitCode": 137}

    assert read_tasks([ended]).exit_code == 137
    assert "137" in read_tasks([ended]).words
