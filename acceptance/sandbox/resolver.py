"""The name servers that a node is given: the machine's own, where a node can reach them."""

import socket
from ipaddress import IPv4Address
from pathlib import Path

# Who serves the root? Whoever resolves names has an answer to that or a refusal, and no name need be chosen.
QUESTION = bytes.fromhex("4e42010000010000000000000000020001")
PORT = 53
PATIENCE = (1.0, 1.0)  # seconds for each try: an answer takes milliseconds, and packets get lost
# Nobody listens there, so a question is refused at once.
DEAF = "nameserver 127.0.0.1\n"


def conf() -> str:
    """The text of resolv.conf with the real servers: a node cannot reach systemd's stub on loopback."""
    real = Path("/run/systemd/resolve/resolv.conf")
    return (real if real.exists() else Path("/etc/resolv.conf")).read_text()


def servers_in(text: str) -> list[IPv4Address]:
    """The name servers of the resolv.conf `text` that a node could reach: IPv4, and not on loopback."""
    lines = [line.split() for line in text.splitlines()]
    named = [words[1] for words in lines if words[:1] == ["nameserver"] and ":" not in words[1]]
    return [address for address in map(IPv4Address, named) if not address.is_loopback]


def answers(servers: list[IPv4Address], port: int = PORT) -> bool:
    """Does one of `servers` answer a question now? Nobody else is waited for."""
    return any(_answers(server, port, patience) for patience in PATIENCE for server in servers)


def _answers(server: IPv4Address, port: int, patience: float) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(patience)
        try:
            line.connect((str(server), port))
            line.send(QUESTION)
            return bool(line.recv(512))
        except OSError:
            return False
