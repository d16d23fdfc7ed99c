"""Users' servers are counted from what the engine tells, and an engine that tells nothing is not an empty one."""

from types import SimpleNamespace

import pytest
import requests

from acceptance.harness.cluster.census import census
from acceptance.harness.errors import EngineError


def service(ident, *env, label="x", network="n-other"):
    template = {"ContainerSpec": {"Env": list(env)}, "Networks": [{"Target": network}]}
    return {"ID": ident, "Spec": {"Labels": {"nbi.run": label}, "TaskTemplate": template}}


def task(ident, state):
    return {"ServiceID": ident, "Status": {"State": state}}


def engine(services=(), tasks=(), error=None):
    """An engine that has these; or raises an error when it is asked for tasks."""

    def told(filters):
        if error:
            raise error
        return [*tasks]

    networks = [{"Id": "n-run"}]
    api = SimpleNamespace(services=lambda: [*services], tasks=told, networks=lambda filters: networks)
    return SimpleNamespace(client=SimpleNamespace(api=api), docker_host="unix:///here")


def test_services_and_running_tasks_are_counted_by_their_owner():
    made = [service("1", "JUPYTERHUB_USER=ann", "JUPYTERHUB_SERVER_NAME="), service("2", "JUPYTERHUB_USER=ann"),
            service("3", "JUPYTERHUB_USER=bob", "JUPYTERHUB_SERVER_NAME=b"), service("4", "PATH=/bin"), {"ID": "5", "Spec": {
                "TaskTemplate": {}}}]
    tasks = [task("1", "running"), task("2", "starting"), task("3", "running"), task("4", "running"), task("9", "running")]
    services, running = census(engine(made, tasks), "nbi.run=x")
    assert services == {("ann", ""): 2, ("bob", "b"): 1}
    assert running == {("ann", ""): 1, ("bob", "b"): 1}


def test_a_server_is_the_runs_by_its_network_where_its_spawner_knows_no_label():
    made = [service("1", "JUPYTERHUB_USER=ann", label="", network="n-run"), service("2", "JUPYTERHUB_USER=bob", label=""),
            service("3", "PATH=/bin", label="", network="n-run")]
    assert census(engine(made, [task("1", "running"), task("2", "running")]), "nbi.run=x") == ({("ann", ""): 1}, {("ann", ""): 1})


def test_an_engine_that_does_not_answer_is_no_empty_swarm():
    with pytest.raises(EngineError, match="unix:///here tells nothing of services and tasks: reset"):
        census(engine([service("1")], error=requests.ConnectionError("reset")), "nbi.run=x")
