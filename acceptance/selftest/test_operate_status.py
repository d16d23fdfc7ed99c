"""`make status` in words: what runs and since when, what does not and why, who has servers and where."""

import sys
from types import SimpleNamespace

import pytest

from acceptance.selftest.operate_engine import Docker
from stack.operate import engine, status

SHA = "sha256:1"
PUSHED = "far.example:5000/nbi/hub:abc"


def task(service, state="running", err="", node="n1", stamp="2026-11-24T06:31:02.123Z", desired="running"):
    """A task as the API tells it."""
    return {"ServiceID": service.id, "NodeID": node, "CreatedAt": stamp, "DesiredState": desired,
            "Status": {"State": state, "Timestamp": stamp, "Err": err, "ContainerStatus": {"ContainerID": f"c-{service.name}"}}}


@pytest.fixture
def client(monkeypatch):
    """An engine with a stack of one service, which runs, and its container."""
    found = Docker()
    image = SimpleNamespace(tags=["nbi/hub:latest", "nbi/hub:abc"], labels={"org.opencontainers.image.version": "6.1.1"})
    found.images = SimpleNamespace(get=lambda name: image)
    found.api.nodes = lambda: [{"ID": "n1", "Description": {"Hostname": "one"}}, {"ID": "n2", "Description": {"Hostname": "two"}}]
    found.notebooks = []
    found.services.list = lambda filters: [*found.all_services, *([] if "label" in filters else found.notebooks)]
    found.api.containers = lambda **_: [{"Id": "c-s_hub", "Labels": {}, "Status": "Up 2 minutes (healthy)"}]
    info = found.info()
    found.info = lambda: info | {"ServerVersion": "20.10.24", "Name": "one"}
    hub = found.add_service("s_hub")
    hub.attrs["Spec"]["TaskTemplate"] = {"ContainerSpec": {"Image": SHA}}
    found.all_tasks = [task(hub)]
    found.api.tasks = lambda **_: found.all_tasks
    monkeypatch.setattr(engine, "manager", lambda: found)
    monkeypatch.setattr(sys, "argv", ["make status"])
    return found


def notebook(client, user, network="", **attrs):
    """A server of a user, and its task."""
    template = {"ContainerSpec": {"Env": ["LANG=C", f"JUPYTERHUB_USER={user}", "JUPYTERHUB_SERVER_NAME="]}}
    spec = {"Labels": {} if network else {"nbi.stack": "nbi-jupyter-service"}, "TaskTemplate": template}
    template["Networks"] = [{"Target": f"id-{network}"}]
    made = SimpleNamespace(id=f"id-{user}", name=f"s-{user}", attrs={"Spec": spec})
    client.notebooks.append(made)
    client.all_tasks.append(task(made, **attrs))


def test_what_runs_is_said_with_its_health_and_image(client, capsys):
    assert status.main() == 0
    assert capsys.readouterr().out.splitlines() == [
        "s_hub: running since 2026-11-24 06:31:02 UTC, healthy, image nbi/hub:abc (version 6.1.1)",
        "users' servers: none running", "last error: none that the swarm remembers",
        "engine: 20.10.24 on one; disk: no container here to ask",
    ]


@pytest.mark.parametrize(("named", "told"), [(SHA, "nbi/hub:abc"), (PUSHED, PUSHED)])
def test_an_image_that_was_pushed_once_keeps_the_name_that_the_service_has(client, capsys, named, told):
    client.images.get("").tags[:0] = [PUSHED]
    client.all_services[0].attrs["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"] = named
    assert status.main() == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(f"healthy, image {told} (version 6.1.1)")


def test_what_does_not_run_is_said_in_the_swarms_words(client, capsys):
    client.all_tasks = [task(client.all_services[0], "rejected", "No such image: nope:1", desired="shutdown")]
    assert status.main() == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "s_hub: 0 of 1 running; newest task: rejected. No such image: nope:1"
    assert said[2] == "last error: 2026-11-24 06:31:02 UTC, s_hub: No such image: nope:1"


def test_servers_are_counted_by_node_and_the_oldest_is_named(client, capsys):
    notebook(client, "ann", stamp="2026-11-24T05:00:00Z", node="n2")
    notebook(client, "bo")
    notebook(client, "cy")
    assert status.main() == 0
    assert ("users' servers: 3 running (2 on one, 1 on two); the oldest is ann's, since 2026-11-24 05:00:00 UTC"
            in capsys.readouterr().out.splitlines())


def test_servers_of_another_spawner_are_known_by_the_network_that_they_are_on(client, capsys):
    for name in ("nbi-jupyter-service_notebooks", "elsewhere_notebooks"):
        client.add_network(name, "10.96.0.0/20")
    notebook(client, "ann", network="nbi-jupyter-service_notebooks")
    notebook(client, "bo", network="elsewhere_notebooks")
    assert status.main() == 0
    assert "users' servers: 1 running (1 on one); the oldest is ann's, since 2026-11-24 06:31:02 UTC" in capsys.readouterr().out


def test_a_server_that_does_not_run_is_a_line_and_an_exit_code(client, capsys):
    notebook(client, "ann", state="pending", err="no suitable node (insufficient resources on 1 node)")
    assert status.main() == 1
    assert "server of ann: not running; newest task: pending. no suitable node" in capsys.readouterr().out


def test_the_newest_error_is_the_last(client, capsys):
    hub = client.all_services[0]
    client.all_tasks += [task(hub, "failed", "older", stamp="2026-11-24T01:00:00Z", desired="shutdown"),
                         task(hub, "failed", "newer", stamp="2026-11-24T02:00:00Z", desired="shutdown")]
    assert status.main() == 0
    assert "last error: 2026-11-24 02:00:00 UTC, s_hub: newer" in capsys.readouterr().out


def test_it_asks_few_questions_however_many_servers_run(client):
    asked = []
    tasks = client.api.tasks
    client.api.tasks = lambda **_: asked.append(1) or tasks()
    for number in range(50):
        notebook(client, f"user{number}")
    status.main()
    assert len(asked) == 1
