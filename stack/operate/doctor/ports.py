"""Whether users can reach the ports that they are told, and nobody else holds them."""

import socket

from stack.operate import preflight
from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok

NAME = "ports"
PORTS = ("HTTP_PORT", "HTTPS_PORT")


def look(facts: Facts) -> list[Finding]:
    """Both ports as the deploy's own preflight sees them, and whether they answer."""
    taken = preflight.ports(facts.client, facts.settings)
    ports = {name: int(facts.settings[name]) for name in PORTS if facts.settings[name].isdecimal()}
    answering = {port for port in ports.values() if is_answered(facts.edge, port)}
    return judged(taken, facts.edge, list(ports.values()), answering, bool(facts.services))


def is_answered(host: str, port: int) -> bool:
    """Whether something accepts a connection there now."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, port)) == 0


def judged(taken: list[str], host: str, ports: list[int], answering: set[int], deployed: bool) -> list[Finding]:
    """`taken`: preflight's complaints; `answering`: the ports where something accepts a connection."""
    found = [Finding("bad", complaint) for complaint in taken]
    silent = [port for port in ports if port not in answering]
    if deployed and silent and not found:
        found.append(bad(f"nothing answers at port {' and '.join(map(str, silent))} of {host}, though the stack is deployed.",
                         "nginx does not run on this node, or a firewall stands before it.",
                         "`make status` tells whether it runs, and where."))
    words = " and ".join(map(str, ports))
    return found or ok(f"{words} of {host} {'answer' if deployed else 'are free'}")
