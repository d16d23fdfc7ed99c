"""What commands in containers print arrives whole, however the engine's answer is cut."""

import hashlib
import json
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import docker
import pytest
import urllib3
from docker.errors import APIError, DockerException

from acceptance.selftest.serving import serving
from stack.operate.streams import CommandFailed, exactly, output_of, write_output
from stack.operate.wait import RanOut


def frame(stream, data):
    return struct.pack(">B3xL", stream, len(data)) + data


class Engine(BaseHTTPRequestHandler):
    """Answers like dockerd to the three questions about a command; header and output of its start in one piece."""

    protocol_version = "HTTP/1.1"

    def say(self, words, status="200 OK"):
        text = json.dumps(words)
        self.wfile.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode())

    def do_GET(self):
        self.say({"Running": False, "ExitCode": self.server.code})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.endswith("/start"):
            self.say({"Id": "e1"}, "201 Created")
        elif self.server.gone:
            self.say({"message": "container is not running"}, "409 Conflict")
        else:
            raised = self.headers.get("Upgrade")
            status = "101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp" if raised else "200 OK"
            self.wfile.write(f"HTTP/1.1 {status}\r\n\r\n".encode() + self.server.prints)
            self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def engine():
    """An engine whose command `prints`, ends with `code`, and whose container may be `gone`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
    server.prints, server.code, server.gone = b"", 0, False
    with serving(server):
        yield server


@pytest.fixture
def client(engine):
    client = docker.DockerClient(base_url=f"tcp://127.0.0.1:{engine.server_address[1]}", version="1.41")
    yield client
    client.close()


def test_a_short_output_is_not_lost_with_the_header_that_brought_it(engine, client):
    engine.prints = frame(1, b"6.1.1\n")
    assert output_of(client, "c", ["version"]) == "6.1.1"


@pytest.mark.parametrize("size", [0, 1, 500, 8192, 10240, 300_000])
def test_a_file_is_what_was_printed_and_remarks_are_beside_it(engine, client, tmp_path, size):
    data = bytes(size // 2) + b"x" * (size - size // 2)
    pieces = [data[at:at + 32_768] for at in range(0, size, 32_768)]
    engine.prints = frame(2, b"a remark\n") + b"".join(frame(1, piece) for piece in pieces)
    written = write_output(client, "c", ["tar"], tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == data
    assert (written.bytes, written.sha256, written.remarks) == (size, hashlib.sha256(data).hexdigest(), ["a remark"])
    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cut", [1, 7, 8, 11])
def test_an_answer_that_breaks_off_is_no_end(engine, client, tmp_path, cut):
    engine.prints = frame(1, b"all of it") + frame(1, b"more")[:cut]
    with pytest.raises(DockerException, match="broke off"):
        write_output(client, "c", ["tar"], tmp_path / "f")


def test_a_connection_that_is_reset_is_the_engine_s_word_too():
    def read(_):
        raise urllib3.exceptions.ProtocolError("Connection reset by peer")

    with pytest.raises(DockerException, match="broke off: Connection reset by peer"):
        exactly(8, SimpleNamespace(raw=SimpleNamespace(read=read)))


def test_a_command_that_fails_tells_its_last_words(engine, client):
    engine.prints, engine.code = frame(1, b"half\n") + frame(2, b"no such file\n"), 2
    with pytest.raises(CommandFailed, match="tar ended with 2: no such file"):
        output_of(client, "c", ["tar"])


def test_a_command_that_the_engine_takes_to_run_on_has_failed(client, monkeypatch):
    def late(*_, **__):
        raise RanOut("waited 10 s for tar to end")

    monkeypatch.setattr("stack.operate.streams.wait_until", late)
    with pytest.raises(CommandFailed, match="waited 10 s for tar to end"):
        output_of(client, "c", ["tar"])


def test_a_container_that_is_gone_is_the_engine_s_word(engine, client):
    engine.gone = True
    with pytest.raises(APIError, match="container is not running"):
        output_of(client, "c", ["tar"])
