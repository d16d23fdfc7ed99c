"""Networks that collide with nobody's: chosen among those that the machine has no route into."""

import json
from collections.abc import Iterable
from ipaddress import IPv4Network, ip_network

from acceptance.harness.errors import EngineError
from acceptance.sandbox import resolver
from acceptance.sandbox.command import output_of

# RFC 2544: set aside for benchmarks between two devices, so that no LAN and no company uses it.
NODES = IPv4Network("198.18.0.0/15")
# Docker's own default for overlay networks.
OVERLAYS = IPv4Network("10.0.0.0/8")


def free_node_network(taken: Iterable[IPv4Network]) -> IPv4Network:
    """A /24 for the bridge of a sandbox; raises EngineError if all are `taken`."""
    return _first_free(NODES.subnets(new_prefix=24), list(taken), f"/24 in {NODES}")


def free_overlay_pool(taken: Iterable[IPv4Network]) -> IPv4Network:
    """A /16 for the swarm's overlay networks: 10.0.0.0/16 as Docker would, unless that is `taken`."""
    return _first_free(OVERLAYS.subnets(new_prefix=16), list(taken), f"/16 in {OVERLAYS}")


def taken_networks() -> list[IPv4Network]:
    """What this machine reaches by more than its default route, and its name servers."""
    routes = json.loads(output_of("ip", "-json", "-4", "route", "show", "table", "all"))
    return networks_in(routes) + [IPv4Network(server) for server in resolver.servers_in(resolver.conf())]


def networks_in(routes: list[dict]) -> list[IPv4Network]:
    """The destinations of `ip -json route`'s `routes`, without the default."""
    return [ip_network(route["dst"], strict=False) for route in routes if route["dst"] != "default"]


def _first_free(candidates: Iterable[IPv4Network], taken: list[IPv4Network], what: str) -> IPv4Network:
    for candidate in candidates:
        if not any(candidate.overlaps(other) for other in taken):
            return candidate
    raise EngineError(
        f"no free {what}: this machine has a route into each of them (`ip route`): "
        "end sandboxes that are not needed (`python -m acceptance.sandbox status`)"
    )
