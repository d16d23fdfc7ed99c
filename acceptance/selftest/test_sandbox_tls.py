"""The sandbox's engine listens by TLS as an operator is told to have his listen."""

from pathlib import Path

import pytest

from acceptance.harness.errors import EngineError
from acceptance.sandbox import tls

ROOT = Path(__file__).parents[2]


def test_the_options_are_those_of_make_with_our_folder(tmp_path):
    options = tls.options(ROOT, "198.18.0.11", tmp_path / "tls")
    assert options == ["--host=tcp://198.18.0.11:2376", "--tlsverify", "--tlscacert=/run/nbi/tls/docker_ca",
                       "--tlscert=/run/nbi/tls/docker_server_cert", "--tlskey=/run/nbi/tls/docker_server_key"]
    assert {Path(option).name for option in options[2:]} < {path.name for path in (tmp_path / "tls").iterdir()}


def test_a_tree_that_tells_nothing_is_an_error():
    with pytest.raises(EngineError, match="tells no options of dockerd, but: made all"):
        tls.told("made all\n")


def test_the_client_finds_its_files_beside_the_socket():
    assert tls.folder_beside("unix:///run/nbi-1234-1/node-1/docker.sock") == Path("/run/nbi-1234-1/node-1/tls")
