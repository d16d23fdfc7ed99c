"""What a person is told of the sandboxes: one line a slot, and what the cache takes of the disk."""

from pathlib import Path

from acceptance.sandbox import leftovers, store
from acceptance.sandbox.sandbox import Sandbox
from acceptance.sandbox.slot import Slot, known_slots


def lines(cache: Path) -> list[str]:
    """The state of every slot under `cache`, in words."""
    engines = [
        f"{tree.name} ({store.megabytes_of(tree)} MB)"
        for tree in sorted(cache.glob("engines/*"))
        if tree.is_dir()
    ]
    slots = [line_of(slot) for slot in known_slots(cache)]
    return [
        f"cache {cache}: engines {', '.join(engines) or 'none yet'}",
        *(slots or ["no sandbox was ever up"]),
    ]


def line_of(slot: Slot) -> str:
    """One slot: what it is now, and how large its image stores are."""
    stores = [f"{root.name} {store.megabytes_of(root)} MB" for root in sorted(slot.folder.glob("*/"))]
    return f"slot-{slot.number}: {state_of(slot)}; images {', '.join(stores) or 'none'}"


def state_of(slot: Slot) -> str:
    """kept, in use, starting, left over or free, with what is in it."""
    in_use, sandbox = slot.is_in_use(), Sandbox.of(slot)
    if sandbox and (in_use or sandbox.keep) and sandbox.is_answering():
        return f"{f'in use by process {sandbox.owner}' if in_use else 'kept'}, {_what_it_is(sandbox)}"
    if in_use:
        return "in use, starting or ending"
    left = leftovers.left_of(slot)
    return (
        f"left over by a dead run ({len(left)} things: {left[0]}, …); `down` removes them" if left else "free"
    )


def _what_it_is(sandbox: Sandbox) -> str:
    running = sum(node.api.get("/info")["ContainersRunning"] for node in sandbox.nodes)
    return (
        f"engine {sandbox.engine_version}, nodes {', '.join(node.address for node in sandbox.nodes)}, "
        f"{running} containers, {sandbox.docker_host}"
    )
