"""What would make a deploy fail is said before anything is made, all of it together, each with a way on."""

import socket
from pathlib import Path

import pytest

from acceptance.selftest.operate_engine import Docker
from stack.operate import certificate, engine, preflight
from stack.operate import settings as operate

ROOT = Path(__file__).parents[2]


@pytest.fixture
def given(tmp_path, monkeypatch):
    """Settings with which nothing is wrong, and some values changed."""
    for variable in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(variable, raising=False)
    values = {**operate.read(ROOT / "stack" / "stack.env"), "SECRETS_DIR": str(tmp_path)}
    return lambda **changes: operate.Settings({**values, **changes})


@pytest.fixture
def pair(tmp_path):
    """A certificate and its key as files."""
    _, leaf = certificate.make(["hub.example"])
    (tmp_path / "cert.pem").write_bytes(leaf.certificate)
    (tmp_path / "key.pem").write_bytes(leaf.key)
    return {"TLS_CERT": str(tmp_path / "cert.pem"), "TLS_KEY": str(tmp_path / "key.pem")}


def test_nothing_is_wrong_with_the_defaults(given, pair):
    assert preflight.complaints(Docker(), given()) == []
    assert preflight.complaints(Docker(), given(**pair)) == []


def test_all_complaints_come_together(given):
    client = Docker()
    client.add_network("office", "10.96.8.0/24")
    client.add_service("other_nginx", 443)
    wrong = given(CULL_AFTER="1h", NOTEBOOK_MEMORY="much", TLS_CERT="no.pem", TLS_KEY="no.key", HUB_IMAGE="nope:1",
                  OVERLAYS="stack/none.yml", EXTRA_CA="/no/ca.pem")
    said = "\n".join(preflight.complaints(client, wrong))
    for fact in ("CULL_AFTER=1h", "NOTEBOOK_MEMORY=much", "no.pem", "no.key", "HUB_IMAGE=nope:1", "none.yml", "/no/ca.pem",
                 "Port 443", "10.96.8.0/24"):
        assert fact in said


@pytest.mark.parametrize(("name", "value"), [
    ("HTTP_PORT", "x"), ("HTTPS_PORT", "0"), ("HTTPS_PORT", "65536"), ("NOTEBOOK_CPUS", "two"), ("NOTEBOOK_PIDS", "-1"),
    ("NOTEBOOK_MEMORY", "1GiB"), ("STACK_NAME", "My Stack"), ("STACK_NAME", "x" * 33), ("START_TIMEOUT", ""),
    ("SIGN_UP", "yes"), ("HUB_PLACEMENT", ""), ("EDGE_PLACEMENT", "node2"), ("NOTEBOOK_PLACEMENT", "role==worker"),
])
def test_a_value_that_is_no_such_thing_is_named_with_it(given, name, value):
    (complaint,) = preflight.complaints(Docker(), given(**{name: value}))
    assert complaint.startswith(f"{name}={value} is ")


@pytest.mark.parametrize("value", ["", "192.0.2.7", "192.0.2.0/24, 2001:db8::/32", "10.0.0.0/8,192.0.2.7"])
def test_addresses_that_may_read_metrics_are_taken(given, value):
    assert preflight.complaints(Docker(), given(METRICS_FROM=value)) == []


def test_what_is_no_address_is_named(given):
    (complaint,) = preflight.complaints(Docker(), given(METRICS_FROM="192.0.2.7, prometheus"))
    assert complaint.startswith("METRICS_FROM holds prometheus, which is no address and no network")


def test_one_port_cannot_be_both(given):
    (complaint,) = preflight.complaints(Docker(), given(HTTP_PORT="443"))
    assert complaint.startswith("HTTP_PORT and HTTPS_PORT are both 443")


def test_a_port_of_another_stack_or_container_is_taken(given):
    client = Docker()
    client.add_service("shop_nginx", 80)
    client.add_container("registry", 443)
    http, https = preflight.complaints(client, given())
    assert http == "Port 80 (HTTP_PORT) is taken by service shop_nginx: publish elsewhere with HTTP_PORT=…, or stop that one."
    assert https.startswith("Port 443 (HTTPS_PORT) is taken by container registry")


def test_our_own_ports_are_not_in_our_way(given):
    client = Docker()
    client.add_service("nbi-jupyter-service_nginx", 443)
    client.add_container("nbi-jupyter-service_nginx.1.x", 443, **{"com.docker.swarm.service.name": "nbi-jupyter-service_nginx"})
    assert preflight.complaints(client, given()) == []


def test_a_port_of_a_process_is_taken_where_the_engine_is_this_host(given):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        (complaint,) = preflight.complaints(Docker(labels=()), given(HTTPS_PORT=port))
        assert complaint.startswith(f"Port {port} (HTTPS_PORT) is taken by a process on the engine's host (127.0.0.1)")
        assert preflight.complaints(Docker(), given(HTTPS_PORT=port)) == []      # a sandbox has ports of its own


def test_a_port_that_answers_at_the_edge_of_another_host_is_taken(given):
    with socket.create_server(("127.0.0.9", 0)) as listener:
        port = str(listener.getsockname()[1])
        (complaint,) = preflight.complaints(Docker(), given(HTTPS_PORT=port))
        assert complaint.startswith(f"Port {port} (HTTPS_PORT) is taken by a process on the engine's host (127.0.0.9)")


@pytest.mark.parametrize(("subnet", "words"), [
    ("10.96.0.0/20", ""), ("10.96.0.0", "has 1 addresses"), ("fd00::/64", "is no subnet"),
    ("10.96.0.0/33", "is no subnet"), ("10.96.0.1/20", "is no subnet"), ("here", "is no subnet"),
    ("10.0.0.0/8", "overlaps with the network ingress (10.0.0.0/24)"), ("192.0.0.0/16", "this node's own address 192.0.2.7"),
])
def test_a_subnet_must_be_one_and_free(given, subnet, words):
    client = Docker()
    client.add_network("ingress", "10.0.0.0/24")
    client.add_network("nbi-jupyter-service_notebooks", "10.96.0.0/20")     # our own is in nobody's way
    said = preflight.complaints(client, given(NOTEBOOK_SUBNET=subnet))
    assert len(said) == bool(words)
    assert words in "".join(said)


def test_logins_and_the_file_system_are_said_in_words_that_mean_something(given):
    said = preflight.numbers(given(LOGINS_AT_ONCE="0", LOGINS_PER_MINUTE="many", NOTEBOOK_READ_ONLY="yes"))
    for fact in ("LOGINS_AT_ONCE=0 would let nobody in", "LOGINS_PER_MINUTE=many", "NOTEBOOK_READ_ONLY=yes"):
        assert fact in "\n".join(said)


def test_a_certificate_needs_its_key(given, pair):
    (complaint,) = preflight.complaints(Docker(), given(**{**pair, "TLS_KEY": ""}))
    assert complaint.startswith("TLS_CERT and TLS_KEY belong together")


def test_a_secret_that_others_can_read_is_named_with_its_mode(given, tmp_path):
    (tmp_path / "crypt_key").write_text("x")
    (tmp_path / "crypt_key").chmod(0o640)
    (complaint,) = preflight.complaints(Docker(), given())
    assert "crypt_key can be read by others (mode -rw-r-----): chmod 600" in complaint


def test_an_image_that_is_nowhere_is_named_in_the_engines_words(given):
    here = Docker(images=("mine:1",))
    assert preflight.complaints(here, given(HUB_IMAGE="mine:1")) == []
    (complaint,) = preflight.complaints(here, given(HUB_IMAGE="nope:1"))
    assert complaint.startswith("HUB_IMAGE=nope:1: no such image on this engine, nor in a registry")
    assert "no such host" in complaint


@pytest.mark.parametrize("state", ["inactive", "active"])
def test_an_engine_that_cannot_make_services_is_refused(monkeypatch, state):
    monkeypatch.setattr(engine, "connect", lambda: Docker(swarm={"LocalNodeState": state, "ControlAvailable": False}))
    monkeypatch.setenv("DOCKER_HOST", "tcp://node-2:2376")
    with pytest.raises(operate.Refused, match=rf"tcp://node-2:2376 is no swarm manager \(swarm: {state}\).*`docker swarm init`"):
        engine.manager()


def test_an_engine_that_does_not_answer_is_refused_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    with pytest.raises(operate.Refused, match=r"docker\.sock \(No such file or directory\)\. Start one") as refusal:
        engine.connect()
    assert len(refusal.value.complaints) == 1
