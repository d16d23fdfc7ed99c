"""One swarm of all nodes of a sandbox."""

from acceptance.sandbox import addresses
from acceptance.sandbox.node import Node

LISTEN = "0.0.0.0:2377"


def make(nodes: list[Node]) -> None:
    """Make the first of `nodes` the manager of a new swarm and the others its workers."""
    manager, *workers = nodes
    pool = addresses.free_overlay_pool(addresses.taken_networks())
    wishes = {"DefaultAddrPool": [str(pool)], "SubnetSize": 24}
    manager.api.post("/swarm/init", {"ListenAddr": LISTEN, "AdvertiseAddr": manager.address} | wishes)
    token = manager.api.get("/swarm")["JoinTokens"]["Worker"]
    for worker in workers:
        _join(worker, manager.address, token)


def _join(worker: Node, manager: str, token: str) -> None:
    wishes = {"RemoteAddrs": [f"{manager}:2377"], "JoinToken": token}
    worker.api.post("/swarm/join", {"ListenAddr": LISTEN, "AdvertiseAddr": worker.address} | wishes)
