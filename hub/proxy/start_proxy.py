"""Starts the proxy as a service of its own (stack/proxy.yml): its token from the secret, its API away from notebooks.

Notebooks share a network with the proxy, which has to lead to them. So the API listens at one address only: on
the network that is not theirs.
"""

import ipaddress
import os
import socket
import struct
from ipaddress import IPv4Network
from pathlib import Path

ROUTES = Path("/proc/net/route")  # one a line: interface, destination, gateway, …, mask; hex, in this machine's byte order
TOKEN = Path("/run/secrets/proxy_token")
HUB = "http://hub:8081"


def main() -> None:
    """Becomes the proxy. Exits with a sentence where the API's network cannot be told from the others."""
    notebooks = ipaddress.ip_network(os.environ["NOTEBOOK_SUBNET"])
    others = [network for network in networks(ROUTES.read_text()) if not network.overlaps(notebooks)]
    if len(others) != 1:
        raise SystemExit(
            f"The proxy's API needs the one network that is not the notebooks' ({notebooks}), and there are"
            f" {list(map(str, others))}. Let the service be on `default` and `notebooks` only."
        )
    environment = {**os.environ, "CONFIGPROXY_AUTH_TOKEN": TOKEN.read_text().strip()}
    line = command(api=own_address(others[0]))
    os.execvpe(line[0], line, environment)


def networks(routes: str) -> list[IPv4Network]:
    """The overlay networks that this container is on: all but the one of the default route, which is the node's bridge."""
    lines = [line.split() for line in routes.splitlines()[1:]]
    outward = {line[0] for line in lines if int(line[7], 16) == 0}
    return [
        IPv4Network((address(line[1]), address(line[7])))
        for line in lines
        if line[0] not in outward and int(line[2], 16) == 0
    ]


def address(field: str) -> str:
    """One address of the kernel's table, as people write it."""
    return socket.inet_ntoa(struct.pack("=I", int(field, 16)))


def own_address(network: IPv4Network) -> str:
    """The address of this container on a network. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((str(network[1]), 9))
        return probe.getsockname()[0]


def command(api: str) -> list[str]:
    """The proxy's command. What has no route is the hub's, also before the hub has said so."""
    listen = ["--ip", "0.0.0.0", "--port", "8000", "--api-ip", api, "--api-port", "8001"]
    return ["configurable-http-proxy", *listen, "--default-target", HUB, "--error-target", f"{HUB}/hub/error"]


if __name__ == "__main__":
    main()
