"""Which engine a run gets, what room it finds there, and who its users are."""

import ipaddress
import os
import socket
import stat
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import bcrypt
import pytest

from acceptance.fixtures import engine, room
from acceptance.fixtures.accounts import PECULIAR, Accounts
from acceptance.harness.errors import EngineError, SettingsError
from acceptance.harness.settings import gather
from acceptance.selftest.operate_engine import Docker

ROOT = Path(__file__).parents[2]


@pytest.fixture
def asked(monkeypatch):
    """asked(engine, answers): where a run that asked for this engine goes, if engines answer only at these places."""

    def reached(choice, answers, docker_host=""):
        def at(host, _environment):
            if host not in answers:
                raise EngineError(f"No Docker engine answers at {host}")
            return SimpleNamespace(docker_host=host)

        monkeypatch.setattr(engine, "Engine", at)
        monkeypatch.setattr(engine, "context_host", lambda: "unix:///context.sock")
        settings = gather({"engine": choice}, ROOT)
        return engine.reached(replace(settings, environment={"DOCKER_HOST": docker_host}))

    return reached


def test_auto_takes_the_engine_that_answers_and_a_sandbox_otherwise(asked):
    assert asked("auto", ["unix:///context.sock"]) == "unix:///context.sock"
    assert asked("auto", []) is None


def test_docker_host_is_asked_before_the_context(asked):
    assert asked("auto", ["tcp://a:2376", "unix:///context.sock"], docker_host="tcp://a:2376") == "tcp://a:2376"


def test_current_never_becomes_a_sandbox(asked):
    with pytest.raises(EngineError, match=r"answers at tcp://a:2376"):
        asked("current", [], docker_host="tcp://a:2376")


def test_sandbox_leaves_the_engine_that_answers_alone(asked):
    assert asked("sandbox", ["unix:///context.sock"]) is None


@pytest.fixture
def node(monkeypatch):
    """An engine of a sandbox, as the fixtures know it. Nothing listens there, whatever this machine has on its loopback."""
    monkeypatch.setattr(room, "is_bound", lambda host, port: False)
    return SimpleNamespace(client=Docker(), edge_host="127.0.0.9", docker_host="unix:///node.sock")


@pytest.fixture
def here():
    """An engine whose ports are this host's."""
    return SimpleNamespace(client=Docker(labels=()), edge_host="127.0.0.1", docker_host="unix:///var/run/docker.sock")


def test_the_first_ports_are_taken_if_they_are_free(node):
    assert room.free_ports(node, (None, None)) == (18080, 18443)
    assert room.free_ports(node, (8080, 8443)) == (8080, 8443)


def test_wanted_ports_that_are_taken_are_refused_together(node):
    node.client.add_service("other_nginx", 8080)
    node.client.add_container("registry", 8443)
    with pytest.raises(SettingsError) as refusal:
        room.free_ports(node, (8080, 8443))
    assert [each[:21] for each in refusal.value.complaints] == ["Port 8080 is taken on", "Port 8443 is taken on"]


def test_ports_of_other_stacks_and_containers_are_left_alone(node):
    node.client.add_service("other_nginx", 18080)
    node.client.add_container("registry", 18081)
    assert room.free_ports(node, (None, None)) == (18082, 18443)


def test_one_port_is_never_both(node):
    assert room.free_ports(node, (18443, None)) == (18443, 18444)


def test_a_process_is_in_the_way_only_on_the_engines_own_host(here, node, monkeypatch):
    monkeypatch.setattr(room, "is_bound", lambda host, port: (host, port) == ("127.0.0.1", 18080))
    assert room.first_free(18080, set(), here) == 18081
    assert room.first_free(18080, set(), node) == 18080


def test_whoever_listens_is_seen():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert room.is_bound("127.0.0.1", port)
    assert not room.is_bound("127.0.0.1", port)


def test_an_engine_without_a_free_port_is_refused(node):
    with pytest.raises(SettingsError, match="No free port from 18080 to 18579"):
        room.first_free(18080, set(range(18080, 18580)), node)


def test_a_subnet_overlaps_with_nothing(node):
    first = ipaddress.ip_network(room.free_subnet(node))
    node.client.add_network("first", str(first))
    node.client.add_network("v6", "fd00::/64")
    second = ipaddress.ip_network(room.free_subnet(node))
    assert not first.overlaps(second)
    assert (first.prefixlen, second.prefixlen) == (23, 23)


def test_an_engine_without_a_free_subnet_is_refused(node):
    node.client.add_network("all", "10.0.0.0/8")
    with pytest.raises(SettingsError, match=r"Every /23 of 10\.97\.0\.0/16 overlaps"):
        room.free_subnet(node)


def test_two_runs_in_one_swarm_choose_one_after_the_other(monkeypatch):
    said, waits = [], []
    run, engine_ = SimpleNamespace(say=said.append), SimpleNamespace(swarm_id=f"selftest-{os.getpid()}")
    monkeypatch.setattr(room, "wait_until", lambda what, ask, deadline: waits.append(ask()) or first.end() or waits.append(ask()))
    first = room.Turn(engine_, run)
    assert said == []
    second = room.Turn(engine_, run)
    assert (said, waits) == (["another run is deploying in this swarm; this one waits for its turn"], [False, True])
    second.end()


def test_two_swarms_have_turns_of_their_own():
    turns = [room.Turn(SimpleNamespace(swarm_id=f"{name}-{os.getpid()}"), None) for name in "ab"]
    [turn.end() for turn in turns]


def test_no_two_checks_have_one_account():
    accounts = Accounts()
    names = [accounts.take().name, accounts.take().name, *(one.name for one in accounts.several(5))]
    assert len(set(names)) == 7
    assert not set(names) & set(PECULIAR)


def test_the_users_file_lets_everybody_in_by_the_name_that_jupyterhub_looks_up(tmp_path):
    accounts = Accounts()
    accounts.write(tmp_path / "users")
    lines = dict(line.partition(":")[::2] for line in (tmp_path / "users").read_text().splitlines())
    assert set(lines) == {name.lower() for name in accounts.all}
    assert bcrypt.checkpw(accounts.all["UpperCase"].password.encode(), lines["uppercase"].encode())
    assert stat.S_IMODE((tmp_path / "users").stat().st_mode) == 0o600


def test_two_runs_share_no_password():
    assert Accounts().take().password != Accounts().take().password
