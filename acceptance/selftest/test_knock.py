"""A door is called open only if it is, and open if it is: by folder, socket, http, and TLS with and without a certificate."""

import ssl
import subprocess
import sys
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingUnixStreamServer

import pytest

from acceptance.harness import knock
from acceptance.selftest.serving import serving
from stack.operate import certificate


class Engine(BaseHTTPRequestHandler):
    """Tells its version to everybody, and its routes to who has the token."""

    def do_GET(self):
        self.send_response(200 if self.path == "/version" or "Authorization" in self.headers else 403)
        self.end_headers()
        self.wfile.write(f"{self.path} {self.headers.get('Authorization', '')}".encode())

    def log_message(self, *_):
        """Says nothing."""

    def address_string(self):
        """A socket of the file system has no address."""
        return ""


@pytest.fixture
def served():
    """Serves with a server of socketserver until the test is over."""
    with ExitStack() as stack:
        yield lambda server: stack.enter_context(serving(server))


@pytest.fixture
def plain(served):
    """An engine by http."""
    return f"http://127.0.0.1:{served(ThreadingHTTPServer(('127.0.0.1', 0), Engine)).server_port}"


@pytest.fixture
def keys(tmp_path):
    """Folders with cert.pem and key.pem: of the engine, of its client, of a stranger."""
    ca, other = certificate.authority("ours"), certificate.authority("another")
    pairs = {"engine": ca.leaf("e", ["127.0.0.1"], certificate.SERVER), "client": ca.leaf("c", [], certificate.CLIENT),
             "stranger": other.leaf("c", [], certificate.CLIENT)}
    for name, pair in pairs.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "cert.pem").write_bytes(pair.certificate)
        (tmp_path / name / "key.pem").write_bytes(pair.key)
    (tmp_path / "ca.pem").write_bytes(ca.pem)
    return tmp_path


@pytest.fixture
def by_tls(served, keys):
    """Makes an engine that asks its clients for a certificate, or does not."""

    def make(asks):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(keys / "engine/cert.pem", keys / "engine/key.pem")
        context.load_verify_locations(keys / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED if asks else ssl.CERT_NONE
        server = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        return f"https://127.0.0.1:{served(server).server_port}/version"

    return make


def test_an_answer_opens_and_a_refusal_does_not(plain):
    assert knock.answers([f"{plain}/version", f"{plain}/routes"]) == {
        f"{plain}/version": [True, "200 /version"], f"{plain}/routes": [False, "403 /routes"]}


def test_the_token_that_lies_there_opens(plain, tmp_path, monkeypatch):
    (tmp_path / "proxy_token").write_text("abc\n")
    monkeypatch.setattr(knock, "PROXY_TOKEN", tmp_path / "proxy_token")
    assert knock.answer(f"{plain}/routes") == [True, "200 /routes token abc"]


def test_an_engine_that_asks_opens_to_its_client_alone(by_tls, keys, monkeypatch):
    door = by_tls(asks=True)
    assert [knock.answer(door, keys / who)[0] for who in ("client", "stranger")] == [True, False]
    assert not knock.answer(door)[0]
    monkeypatch.setattr(knock, "DOCKER_KEYS", keys / "client")
    assert knock.answer(door)[0]


def test_an_engine_that_does_not_ask_opens_to_all(by_tls, keys):
    door = by_tls(asks=False)
    assert [knock.answer(door, each)[0] for each in (keys / "client", keys / "stranger", None)] == [True] * 3


def test_http_does_not_open_a_tls_port(by_tls):
    assert not knock.answer(by_tls(asks=True).replace("https", "http"))[0]


def test_a_socket_opens_by_being_there(served, tmp_path):
    path = tmp_path / "docker.sock"
    assert knock.answer(f"unix://{path}") == [False, "no socket is there"]
    served(ThreadingUnixStreamServer(str(path), Engine))
    assert knock.answer(f"unix://{path}") == [True, "200 /version"]
    path.chmod(0)
    assert knock.answer(f"unix://{path}")[0]


def test_a_socket_that_nobody_listens_at_is_there_all_the_same(tmp_path):
    with ThreadingUnixStreamServer(str(tmp_path / "docker.sock"), Engine):
        pass
    opened, said = knock.answer(f"unix://{tmp_path}/docker.sock")
    assert (opened, said.startswith("a socket that says ")) == (True, True)


def test_a_folder_opens_with_its_names(tmp_path):
    (tmp_path / "cookie_secret").touch()
    assert knock.answer(str(tmp_path)) == [True, "cookie_secret"]
    assert not knock.answer(f"{tmp_path}/none")[0]


def test_what_is_not_there_is_shut():
    shut = knock.answers(["http://127.0.0.1:1/version", "https://127.0.0.1:1/version", "http://no-such-host.invalid:1/"])
    assert [opened for opened, _ in shut.values()] == [False] * 3


def test_the_program_says_the_same_from_wherever_it_runs(plain, tmp_path):
    doors = [f"{plain}/version", f"{plain}/routes", str(tmp_path)]
    done = subprocess.run([sys.executable, "-I", "-c", knock.program(doors)], capture_output=True, text=True, check=True)
    assert knock.read(done.stdout) == knock.answers(doors)
