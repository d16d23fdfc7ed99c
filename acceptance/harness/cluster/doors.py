"""Where an intruder in a notebook would knock: the ways to an engine, to the proxy's API, and to the hub's secrets."""

import shlex
from urllib.parse import urlsplit

from acceptance.harness import knock
from acceptance.harness.cluster.stack import Stack

# As the hub's entry point becomes its user: with the group of the socket.
AS_THE_HUB = 'setpriv --reuid 1000 --regid 1000 --groups "$(stat -c %g /var/run/docker.sock)" --'


class Doors:
    """The doors of one stack, by kind: engine, proxy, secrets. All that open to anybody open to the hub."""

    def __init__(self, stack: Stack):
        self._hub = stack.service("hub")
        by_tls = urlsplit(self._hub.environment.get("DOCKER_HOST", "")).netloc
        nodes = ["gateway", *stack.engine.node_addresses()]
        self.kinds = {
            "engine": ["unix:///var/run/docker.sock", *([f"https://{by_tls}/version"] if by_tls else []),
                       *(f"http://{node}:2375/version" for node in nodes), *(f"https://{node}:2376/version" for node in nodes)],
            "proxy": [f"http://{host}:8001/api/routes" for host in ("hub", "proxy", "proxy-api")],
            "secrets": ["/run/secrets", "/srv/jupyterhub/state"],
        }
        self.program = knock.program(dict.fromkeys(door for doors in self.kinds.values() for door in doors))

    def opened_to_the_hub(self) -> dict[str, dict[str, str]]:
        """opened() for the hub's own container and user."""
        return self.opened(self._hub.container().run(f"{AS_THE_HUB} python3 -c {shlex.quote(self.program)}"))

    def opened(self, printed: str) -> dict[str, dict[str, str]]:
        """Kind -> door -> what was seen, of the doors that opened to whoever ran the program; without kinds that have none."""
        seen = knock.read(printed)
        opened = {kind: {door: seen[door][1] for door in doors if seen[door][0]} for kind, doors in self.kinds.items()}
        return {kind: doors for kind, doors in opened.items() if doors}
