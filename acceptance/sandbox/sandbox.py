"""A private swarm of real engines on this machine, in namespaces of their own."""

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path

from acceptance.sandbox import (
    addresses,
    forwarding,
    image_store,
    leftovers,
    preflight,
    resolver,
    swarm,
    tls,
    tree,
)
from acceptance.sandbox import slot as slots
from acceptance.sandbox.network import Network
from acceptance.sandbox.node import Node
from acceptance.sandbox.slot import Slot

FIRST_NODE = 11  # the bridge is .1 of the /24; this much room is between them for a registry or the like


@dataclass
class Sandbox:
    """`len(nodes)` engines of `engine_version`, one swarm, in the slot `slot`; node 1 is its manager."""

    slot: Slot
    engine_version: str
    subnet: IPv4Network
    nodes: list[Node]
    keep: bool
    owner: int

    @classmethod
    def up(
        cls,
        nodes: int = 1,
        engine_version: str = "20.10",
        keep: bool = False,
        say=print,
        tls_of: Path | None = None,
    ) -> "Sandbox":
        """Start a swarm in the lowest free slot: ours until `down` or, unless `keep`, until we end.

        With `tls_of` its manager listens on port 2376 too, as `make docker-tls-certs` of that tree tells.
        Raises SettingsError or EngineError, and then leaves nothing behind.
        """
        cache = preflight.made_ready(engine_version, nodes, say)
        slot = slots.claim(cache, is_taken=_is_kept)
        try:
            return cls._up_in(slot, nodes, engine_version, keep, say, tls_of)
        except BaseException:
            leftovers.remove(slot)
            slot.release()
            raise

    @classmethod
    def kept(cls, engine_version: str | None = None, nodes: int = 1, tls: bool = False) -> "Sandbox | None":
        """The first sandbox that was started with `keep`, answers, and has what is asked for."""
        return next(
            (
                sandbox
                for sandbox in cls.all()
                if sandbox.is_kept()
                and engine_version in (None, sandbox.engine_version)
                and nodes <= len(sandbox.nodes)
                and (not tls or sandbox.listens_by_tls)
            ),
            None,
        )

    @classmethod
    def all(cls) -> "list[Sandbox]":
        """Every sandbox of this cache folder that has begun and was not taken down, dead or alive."""
        return [sandbox for slot in slots.known_slots(slots.cache_folder()) if (sandbox := cls.of(slot))]

    @classmethod
    def of(cls, slot: Slot) -> "Sandbox | None":
        """The sandbox in `slot`, from what it wrote down; None if there is none."""
        state = slot.read_state()
        if not state:
            return None
        subnet, version = IPv4Network(state["subnet"]), state["engine_version"]
        nodes = _nodes(slot, version, subnet, state["nodes"])
        return cls(slot, version, subnet, nodes, state["keep"], state["owner"])

    @property
    def docker_host(self) -> str:
        """The DOCKER_HOST of node 1."""
        return self.nodes[0].docker_host

    @property
    def address(self) -> str:
        """Where ports published by node 1 answer."""
        return self.nodes[0].address

    @property
    def listens_by_tls(self) -> bool:
        """Was it started with certificates for node 1?"""
        return self.nodes[0].tls.exists()

    def is_answering(self) -> bool:
        """Do all its engines answer now?"""
        return all(node.api.is_answering() for node in self.nodes)

    def is_kept(self) -> bool:
        """Does it outlive the process that started it, and does it answer now?"""
        return self.keep and self.is_answering()

    def down(self) -> None:
        """End it and everything in it but the image stores; raises EngineError with what would not go."""
        leftovers.remove(self.slot)
        self.slot.release()

    @classmethod
    def _up_in(cls, slot: Slot, count: int, version: str, keep: bool, say, tls_of: Path | None) -> "Sandbox":
        if leftovers.left_of(slot):
            with _timed(f"cleaned slot-{slot.number} of what a dead run left", say):
                leftovers.remove(slot)
        with _timed(f"engine {version} at hand", say):
            root = tree.ready_tree(slot.cache, version, say)
        with _timed(f"slot-{slot.number}: {count} x engine {version} up", say):
            sandbox = cls._plug_in(slot, count, version)
            sandbox._start_engines(root, _names(say), tls_of)
        image_store.thin_out([node.api for node in sandbox.nodes], say)
        with _timed("swarm made", say):
            swarm.make(sandbox.nodes)
        sandbox.keep = keep
        sandbox._write_state()
        if keep:
            slot.release()
        return sandbox

    @classmethod
    def _plug_in(cls, slot: Slot, count: int, version: str) -> "Sandbox":
        with slots.machine_lock():
            subnet = addresses.free_node_network(addresses.taken_networks())
            sandbox = cls(slot, version, subnet, _nodes(slot, version, subnet, count), False, os.getpid())
            sandbox._write_state()
            forwarding.switch_on()
            Network(slot.name).make(subnet)
        return sandbox

    def _start_engines(self, root: Path, resolv_conf: str, tls_of: Path | None) -> None:
        more = tls.options(tls_of, self.address, self.nodes[0].tls) if tls_of else []
        for node in self.nodes:
            node.start(root, str(self.subnet[1]), resolv_conf, more if node is self.nodes[0] else [])
        for node in self.nodes:
            node.wait_until_answering()

    def _write_state(self) -> None:
        self.slot.write_state(
            {
                "engine_version": self.engine_version,
                "subnet": str(self.subnet),
                "nodes": len(self.nodes),
                "keep": self.keep,
                "owner": self.owner,
            }
        )


def _nodes(slot: Slot, version: str, subnet: IPv4Network, count: int) -> list[Node]:
    return [
        Node(
            slot.name,
            number,
            str(subnet[FIRST_NODE + number - 1]),
            slot.run / f"node-{number}",
            slot.store(version, number),
        )
        for number in range(1, count + 1)
    ]


def _names(say) -> str:
    if resolver.answers(resolver.servers_in(resolver.conf())):
        return resolver.conf()
    # A task whose image no registry vouches for costs a failed pull: at once like this, 20 s otherwise.
    say("sandbox: no name server that a node can reach answers: builds find no names, and pulls fail at once")
    return resolver.DEAF


def _is_kept(slot: Slot) -> bool:
    sandbox = Sandbox.of(slot)
    return bool(sandbox and sandbox.is_kept())


@contextmanager
def _timed(what: str, say):
    start = time.monotonic()
    yield
    say(f"sandbox: {what} ({time.monotonic() - start:.1f} s)")
