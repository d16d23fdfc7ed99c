"""Whether this engine manages a swarm that could lose a node."""

from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok, warn

NAME = "swarm"
FEW = 3                 # managers that can lose one


def look(facts: Facts) -> list[Finding]:
    """The swarm as this manager sees it."""
    return judged(facts.info["Swarm"].get("Error", ""), facts.nodes)


def judged(error: str, nodes: list[dict]) -> list[Finding]:
    """Nodes as the API tells them; `error` is the engine's own word on its swarm."""
    found = [bad(f"the engine says of its swarm: {error}.", "This manager was cut off from the others.",
                 "`docker node ls` on each manager tells who is left.")] if error else []
    found += [finding for node in nodes for finding in of_node(node)]
    managers = [node["ManagerStatus"] for node in nodes if node.get("ManagerStatus")]
    reachable = sum(manager.get("Reachability") == "reachable" for manager in managers)
    if reachable < len(managers):
        spare = reachable - (len(managers) // 2 + 1)
        found.append(bad(f"{reachable} of {len(managers)} managers are reachable.",
                         f"{'One more lost stops' if spare == 0 else 'A network or a machine is down; losing more stops'}"
                         " every deploy and spawn.", "Bring it back, or demote it: `docker node demote`."))
    if len(managers) > 1 and len(managers) % 2 == 0:
        found.append(warn(f"there are {len(managers)} managers.", "An even number bears no more losses than one less.",
                          "Promote or demote one: `docker node promote`."))
    alone = "; one manager: if it is lost, so is the swarm" if len(nodes) > 1 and len(managers) < FEW else ""
    return found or ok(f"{count(len(nodes), 'node')}, {count(len(managers), 'manager')}, all ready{alone}")


def of_node(node: dict) -> list[Finding]:
    """What is wrong with one node."""
    name, state = node["Description"]["Hostname"], node["Status"]["State"]
    availability = node["Spec"].get("Availability", "active")
    if state != "ready":
        return [bad(f"node {name} is {state}.", node["Status"].get("Message") or "Its engine or its network is down.",
                    "Bring it back, or `docker node rm` it; its servers are started again elsewhere by their users.")]
    if availability != "active":
        return [warn(f"node {name} is set to {availability}.", "Somebody took it out for maintenance.",
                     f"`docker node update --availability active {name}` lets servers start there again.")]
    return []


def count(number: int, thing: str) -> str:
    """'1 node', '3 nodes'."""
    return f"{number} {thing}{'' if number == 1 else 's'}"
