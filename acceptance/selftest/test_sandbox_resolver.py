"""Where no name server answers, it is noticed within moments, and an engine is not left to wait for it."""

import socket
import threading
from ipaddress import IPv4Address

from acceptance.sandbox import resolver

HOME = IPv4Address("127.0.0.1")


def test_only_servers_that_a_node_can_reach_count():
    servers = ["127.0.0.53", "192.0.2.53", "2001:db8::1"]
    text = "# nameserver 192.0.2.1\nsearch lan\n" + "".join(f"nameserver {each}\n" for each in servers)
    assert resolver.servers_in(text) == [IPv4Address("192.0.2.53")]


def test_a_server_that_says_anything_at_all_answers():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((str(HOME), 0))
        threading.Thread(
            target=lambda: server.sendto(b"refused", server.recvfrom(512)[1]), daemon=True
        ).start()
        assert resolver.answers([HOME], server.getsockname()[1])


def test_a_closed_port_is_no_answer():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((str(HOME), 0))
        port = server.getsockname()[1]
    assert not resolver.answers([HOME], port)


def test_silence_is_no_answer(monkeypatch):
    monkeypatch.setattr(resolver, "PATIENCE", (0.05,))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((str(HOME), 0))
        assert not resolver.answers([HOME], server.getsockname()[1])


def test_nobody_named_means_nobody_answers():
    assert not resolver.answers([])
