"""Whether the engine's disk has room for what users save and images need."""

from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok, warn
from stack.operate.room import Room, room_of

NAME = "disk"
GB = 10**9
LOW, LOWER = 10 * GB, 2 * GB
PART = 0.1                      # of a small disk


def look(facts: Facts) -> list[Finding]:
    """The disk under the hub's container, which is the one of its engine."""
    room = room_of(facts.in_hub("df", "-Pk", "/"))
    if room is None:
        return ok("cannot be read from here, since the hub's container is not on this engine")
    return judged(facts.info["Name"], room)


def judged(node: str, room: Room) -> list[Finding]:
    """Room on the disk of one node."""
    cause = "Images, logs and users' files grow."
    step = "`docker system df` tells which; the look at leftovers names former images."
    if room.free < LOWER:
        return [bad(f"node {node}: {room}.", cause, step)]
    if room.free < min(LOW, PART * room.size):
        return [warn(f"node {node}: {room}.", cause, step)]
    return ok(f"node {node}: {room}")
