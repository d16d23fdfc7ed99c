"""Whether hub and swarm know of the same servers, and each volume has its user."""

from contextlib import suppress
from datetime import datetime

from stack.operate.converge import moment
from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok, warn
from stack.operate.doctor.hub_database import Known
from stack.operate.stack_objects import NOTEBOOK, owner_of
from stack.operate.wait import RanOut, wait_until

NAME = "orphans"
STOPPING = 25                   # seconds in which a server that is starting or stopping is here in one and not in the other
SHOWN = 5                       # of a long list; the rest is a number
Server = tuple[str, str]        # user, server


def look(facts: Facts) -> list[Finding]:
    """Services by what JupyterHub sets, volumes by their labels, users and servers by the hub's database."""
    if facts.known is None:
        return ok("nothing to compare with: the hub's container is not on this engine, or its database does not answer")
    made = {service.name: (owner(service), moment(service.attrs["CreatedAt"]))
            for service in facts.notebooks}
    volumes = {volume.name: volume.attrs["Labels"].get("nbi.user", "") for volume in
               facts.client.volumes.list(filters={"label": f"{NOTEBOOK}={facts.settings.stack}"})}
    grace = float(facts.settings["START_TIMEOUT"]) + float(facts.settings["PLACEMENT_GRACE"])
    return judged(made, lasting(facts), volumes, facts.known, facts.asked, grace)


def lasting(facts: Facts) -> set[Server]:
    """The servers that the hub counts as running and the swarm does not have, for longer than it takes to stop one."""
    gone = missing(facts)

    def named() -> str:
        gone.intersection_update(missing(Facts(facts.client, facts.settings)))
        return str(sorted(gone)) if gone else ""

    if gone:
        with suppress(RanOut):
            wait_until("hub and swarm to agree", named, deadline=STOPPING, every=2)
    return gone


def missing(facts: Facts) -> set[Server]:
    """The servers that the hub counts as running and the swarm does not have, now."""
    known = facts.known.servers if facts.known else frozenset()
    return set(known - {owner(service) for service in facts.notebooks})


def owner(service) -> Server:
    """Whose server a service is."""
    return owner_of(service) or ("", "")


def judged(made: dict[str, tuple[Server, datetime]], gone: set[Server], volumes: dict[str, str], known: Known,
           now: datetime, grace: float) -> list[Finding]:
    """`made`: service -> whose, and when; `gone`: servers without a service; `grace`: seconds that a start may take."""
    found = [stranger(name, server, known) for name, (server, born) in made.items()
             if server[0] not in known.users or (server not in known.servers and (now - born).total_seconds() > grace)]
    if gone:
        names = some(sorted("/".join(filter(None, server)) for server in gone))
        found.append(warn(f"the hub counts the server of {names} as running, and the swarm has no such service.",
                          "It was removed by hand, and the hub has not noticed.", "`make logs` tells why; a restart of the hub"
                          " notices: `docker service update --force`."))
    if left := sorted(name for name, user in volumes.items() if user not in known.users):
        found.append(warn(f"{len(left)} volumes belong to nobody whom the hub knows: {some(left)}.",
                          "Their users were deleted, or the hub has a new database.",
                          "`docker volume rm` deletes the files for good; restoring the database brings their owners back."))
    return found or ok(f"{len(made)} servers, each known to the hub; {len(volumes)} volumes, each with its user")


def stranger(name: str, server: Server, known: Known) -> Finding:
    """A service that the hub does not know."""
    why = "has no such user" if server[0] not in known.users else "does not count it as running"
    return bad(f"the service {name} runs a server of {server[0] or 'nobody'}, and the hub {why}.",
               "The hub's database was replaced or restored while it ran, or somebody made it by hand.",
               f"`docker service rm {name}`; files in volumes stay.")


def some(names: list[str]) -> str:
    """The first few of many names."""
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
