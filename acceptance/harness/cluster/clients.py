"""Whom the stack takes its clients for: the addresses that nginx and the hub write down."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from acceptance.harness.cluster.access_log import AccessLog
from acceptance.harness.cluster.stack import Stack
from acceptance.harness.wait import wait_until


class Clients:
    """What the logs of one stack say of who asked for a path; `part` is a piece of it that stands there once."""

    def __init__(self, stack: Stack):
        self._stack = stack

    def seen_by_edge(self, part: str) -> str:
        """The address that nginx was asked from."""
        return AccessLog(self._stack.service("nginx")).wait_for(part, 1)[0]["client"]

    def seen_by_hub(self, part: str) -> str:
        """The address that the hub believes to be asked from; JupyterHub's log has it behind the user and an @.

        CHP writes an IPv4 address as an IPv6 socket has it.
        """
        line = re.compile(rf"\S*{part}\S* \(\S*@(\S+)\)")
        log = self._stack.service("hub").container().docker.logs
        found = wait_until(f"{part} in the hub's log", lambda: line.search(log().decode(errors="replace")), deadline=10)
        return found[1].removeprefix("::ffff:")

    def owner_of(self, address: str) -> str:
        """What in the swarm has this address: a service of the stack, or a network that it lies in; empty if nothing."""
        for service in self._stack.services():
            if address in service.container().addresses.values():
                return service.name.removeprefix(f"{self._stack.name}_")
        return next((name for name, subnet in self._subnets() if ip_address(address) in subnet), "")

    def _subnets(self) -> list[tuple[str, IPv4Network | IPv6Network]]:
        """The subnets of the engine's networks, each with the network's name."""
        networks = self._stack.engine.client.api.networks()
        return [(network["Name"], ip_network(part["Subnet"]))
                for network in networks for part in network["IPAM"].get("Config") or [] if part.get("Subnet")]
