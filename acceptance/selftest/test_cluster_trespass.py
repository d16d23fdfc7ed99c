"""Somebody who knocks at a neighbour's notebook, against one made of paper: what lets in is seen, and what listens."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from acceptance.harness.cluster import trespass
from acceptance.harness.cluster.container import Container
from acceptance.selftest.serving import serving

HERE = SimpleNamespace(met_by=lambda other: ["127.0.0.1"])


class Notebook(BaseHTTPRequestHandler):
    """Its life is told to anybody, all else to its owner; one `asks` nobody for anything."""

    asks = True

    def do_GET(self):
        known = self.headers.get("Authorization") == "token owner" or not self.asks or self.path == "/user/a/api"
        yes = 101 if self.headers.get("Upgrade") else 200
        self.send_response(yes if known else 302 if self.path.endswith("lab") else 403)
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def knocked(monkeypatch):
    """What the program says of a notebook, run with a notebook's own token."""

    def knock(asks, own, **tokens):
        ways = trespass.Trespass(HERE, "/user/a/", "k1")
        with serving(ThreadingHTTPServer(("127.0.0.1", 0), type("Asked", (Notebook,), {"asks": asks}))) as server:
            monkeypatch.setattr(trespass, "PORT", server.server_port)
            said = subprocess.run([sys.executable, "-I", "-c", ways.program(HERE, **tokens)], capture_output=True, text=True,
                                  check=True, env={"JUPYTERHUB_API_TOKEN": own}).stdout
        return ways, ways.opened(said)

    return knock


def test_the_owner_gets_in_everywhere_and_nobody_else_anywhere(knocked):
    ways, opened = knocked(True, "owner")
    assert opened == {(ways.life, "nobody"), *((path, "a notebook") for path in (ways.life, *ways.paths))}


def test_another_sees_only_that_it_is_there(knocked):
    ways, opened = knocked(True, "other", another="else")
    assert opened == {(ways.life, who) for who in ("nobody", "a notebook", "another")}


def test_a_notebook_that_asks_nobody_is_seen(knocked):
    ways, opened = knocked(False, "other")
    assert {(path, "nobody") for path in ways.paths} <= opened


def test_nobody_at_home_is_no_refusal(knocked, monkeypatch):
    ways = trespass.Trespass(HERE, "/user/a/", "k1")
    monkeypatch.setattr(trespass, "PORT", 1)
    done = subprocess.run([sys.executable, "-I", "-c", ways.program(HERE)], capture_output=True, text=True, check=False,
                          env={"JUPYTERHUB_API_TOKEN": "x"})
    assert (done.returncode, "ConnectionRefusedError" in done.stderr) == (1, True)


def test_what_listens_for_others_is_read_from_the_kernels_tables():
    rows = {"/proc/net/tcp": ["0: 00000000:22B8 00000000:0000 0A", "1: 0100007F:1F90 00000000:0000 0A", "2: 0B00007F:0035 0:0 0A",
                              "3: 0500000A:1F91 0600000A:1111 01"],
            "/proc/net/tcp6": [f"0: {'0' * 32}:2328 0:0 0A", f"1: {'0' * 24}01000000:2329 0:0 0A"]}
    found = Container.__new__(Container)
    found.host = SimpleNamespace(file=lambda name: SimpleNamespace(content_string="\n".join(["sl local remote st", *rows[name]])))
    assert found.listening() == {8888, 9000}
