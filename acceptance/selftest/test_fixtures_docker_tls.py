"""A run finds the engine's TLS way where the caller or the sandbox offers one, and gives the hub its files only when asked."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from acceptance.fixtures import docker_tls

OVERLAID = {"OVERLAYS": "stack/other.yml stack/docker-tls.yml"}


@pytest.fixture
def engine(tmp_path):
    """A sandbox's engine, whose certificates may lie beside its socket."""
    return SimpleNamespace(docker_host=f"unix://{tmp_path}/node-1/docker.sock", edge_host="198.18.0.11")


@pytest.fixture
def secrets(tmp_path):
    """The secrets of a deployment."""
    (tmp_path / "secrets").mkdir()
    return tmp_path / "secrets"


def files_in(folder):
    """The hub's three files in a folder."""
    folder.mkdir(parents=True)
    for name in docker_tls.FILES:
        (folder / name).write_text(name)
    return folder


def settings(**environment):
    """What a caller set."""
    return SimpleNamespace(hub_config="stack", source=Path("/tree"), environment=environment)


def test_an_engine_without_files_has_no_way(engine):
    assert docker_tls.way_of(engine, settings()) is None


def test_the_sandbox_s_files_lie_beside_its_socket(engine, tmp_path):
    folder = files_in(tmp_path / "node-1" / "tls")
    assert docker_tls.way_of(engine, settings()) == docker_tls.Way("tcp://198.18.0.11:2376", folder)


def test_the_caller_s_own_way_comes_first(engine, tmp_path):
    files_in(tmp_path / "node-1" / "tls")
    asked = settings(DOCKER_TLS_HOST="tcp://manager:2376")
    assert docker_tls.way_of(engine, asked) == docker_tls.Way("tcp://manager:2376", Path("/tree/stack/secrets"))


def test_a_run_with_the_overlay_gets_address_and_files(engine, tmp_path, secrets):
    files_in(tmp_path / "node-1" / "tls")
    assert docker_tls.given(engine, settings(**OVERLAID), secrets) == {"DOCKER_TLS_HOST": "tcp://198.18.0.11:2376"}
    assert {path.name for path in secrets.iterdir()} == {*docker_tls.FILES}


def test_a_run_without_it_goes_by_the_socket(engine, tmp_path, secrets):
    files_in(tmp_path / "node-1" / "tls")
    assert docker_tls.given(engine, settings(DOCKER_TLS_HOST="tcp://manager:2376"), secrets) == {"DOCKER_TLS_HOST": ""}
    assert [*secrets.iterdir()] == []


def test_an_overlay_that_the_engine_cannot_serve_is_left_for_the_deploy_to_refuse(engine, secrets):
    assert docker_tls.given(engine, settings(**OVERLAID), secrets) == {"DOCKER_TLS_HOST": ""}


def test_clients_find_the_files_under_their_own_names(tmp_path):
    keys = docker_tls.as_clients_look_for(files_in(tmp_path / "secrets"), tmp_path / "keys")
    assert {path.name: path.read_text() for path in keys.iterdir()} == {
        theirs: name for name, theirs in docker_tls.FILES.items()}
