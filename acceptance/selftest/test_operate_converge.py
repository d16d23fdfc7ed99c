"""A stack has converged when its newest tasks run; what cannot get better is told at once, in swarm's own words."""

from datetime import UTC, datetime

import pytest

from acceptance.selftest.operate_engine import Docker
from stack.operate import converge, remove
from stack.operate import settings as operate
from stack.operate.wait import RanOut, wait_until

LAB = operate.Settings({**operate.read(operate.STACK_FILE.with_name("stack.env")), "STACK_NAME": "lab"})
SINCE = datetime(2026, 11, 23, 12, tzinfo=UTC)
AFTER, BEFORE = "2026-11-23T12:00:05.123456789Z", "2026-11-23T11:00:00Z"


def task(state, err="", created=AFTER, desired="running", spec=None):
    """A task as the API tells it; swarm wants those that ended to be shut down."""
    desired = "shutdown" if state in converge.ENDED else desired
    return {"Status": {"State": state, "Err": err}, "CreatedAt": created, "DesiredState": desired, "Spec": spec or {}}


def look(*tasks, **attrs):
    """What lack() says of a service of one replica with these tasks, newest first."""
    client = Docker()
    service = client.add_service("lab_hub", **attrs)
    # The API tells them in no order; the moment of their making decides.
    client.all_tasks = [{**each, "CreatedAt": each["CreatedAt"].replace("05.", f"{50 - at:02}.")}
                        for at, each in enumerate(tasks)][::-1]
    return converge.lack(client, service, SINCE)


def test_a_running_task_of_the_present_spec_is_all_it_takes():
    assert look(task("running")) == ""
    assert look(task("running"), task("failed", "task: non-zero exit (1)", created=BEFORE)) == ""


@pytest.mark.parametrize("state", ["pending", "preparing", "starting"])
def test_a_task_on_its_way_is_waited_for(state):
    assert look(task(state)) == f"lab_hub 0/1 ({state})"


def test_a_task_that_cannot_be_placed_is_waited_for_with_the_reason():
    said = look(task("pending", "no suitable node (insufficient resources on 1 node)"))
    assert said == "lab_hub 0/1 (pending, no suitable node (insufficient resources on 1 node))"


def test_no_task_yet_is_waited_for():
    assert look() == "lab_hub 0/1 (no task yet)"


def test_a_task_of_a_former_spec_does_not_count():
    assert look(task("running", spec={"ForceUpdate": 1})).startswith("lab_hub 0/1")
    assert look(task("running", desired="shutdown")).startswith("lab_hub 0/1")


@pytest.mark.parametrize("state", ["updating", "rollback_started"])
def test_an_update_under_way_is_waited_for(state):
    assert look(task("running"), UpdateStatus={"State": state, "StartedAt": BEFORE}).startswith("lab_hub 1/1")


def test_a_rejected_task_is_hopeless_at_once():
    with pytest.raises(RanOut, match=r"^lab_hub does not start: No such image: nope:1$"):
        look(task("rejected", "No such image: nope:1"))


def test_one_failure_is_a_stumble_and_three_are_a_loop():
    ended = task("failed", "task: non-zero exit (1)")
    assert look(task("ready"), ended, ended).startswith("lab_hub 0/1 (ready")
    with pytest.raises(RanOut, match=r"lab_hub does not start: task: non-zero exit \(1\)"):
        look(task("ready"), ended, ended, ended)


def test_a_container_that_never_gets_healthy_is_a_failure_though_swarm_calls_it_complete():
    with pytest.raises(RanOut, match="does not start"):
        look(task("starting"), *[task("complete")] * converge.HOPELESS)


def test_what_ended_before_this_deploy_is_history():
    assert look(task("running"), *[task("rejected", "old", created=BEFORE)] * 5) == ""


def test_an_update_that_swarm_took_back_is_told_with_its_cause():
    update = {"State": "rollback_completed", "StartedAt": AFTER, "Message": "rollback completed"}
    with pytest.raises(RanOut, match=r"lab_hub was rolled back to what ran before: rollback completed; .*exit \(2\)"):
        look(task("running"), task("failed", "task: non-zero exit (2)"), UpdateStatus=update)


def test_a_rollback_of_an_earlier_deploy_is_history():
    assert look(task("running"), UpdateStatus={"State": "rollback_completed", "StartedAt": BEFORE}) == ""


def test_all_services_are_waited_for_together_and_named():
    client = Docker()
    client.add_service("lab_nginx")
    client.add_service("lab_hub")
    with pytest.raises(RanOut, match=r"for stack lab to converge; last seen: lab_nginx 0/1 .*; lab_hub 0/1"):
        converge.wait_until_converged(client, LAB, SINCE, deadline=0)


def test_a_wait_ends_as_soon_as_nothing_is_left():
    answers = ["two", "one", ""]
    wait_until("things to go", lambda: answers.pop(0), deadline=5, every=0)
    assert answers == []


def test_what_a_removal_has_left_is_named_one_by_one():
    client = Docker()
    client.add_service("lab_hub")
    client.add_container("lab_hub.1.x", 8000)
    client.add_network("lab_default", "10.0.1.0/24")
    client.add_network("office", "10.9.0.0/24")
    assert "office" not in remove.left(client, LAB)
    assert set(remove.left(client, LAB).split(", ")) == {
        "service lab_hub", "container lab_hub.1.x", "network lab_default"}


def test_a_removed_stack_has_nothing_left():
    assert remove.left(Docker(), LAB) == ""
