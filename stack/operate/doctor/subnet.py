"""Whether the notebooks' network has room, and overlaps with nothing."""

import ipaddress
from pathlib import Path

from stack.operate import engine, preflight
from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok, warn

NAME = "subnet"
ROUTES = Path("/proc/net/route")
RESERVED = 3                    # the network's own, the broadcast's, the gateway's
FULL, FILLING = 0.95, 0.8


def look(facts: Facts) -> list[Finding]:
    """The network as it was made, its addresses as tasks hold them, and this host's routes where the engine is here."""
    overlaps = preflight.subnet(facts.client, facts.settings)
    name = facts.settings["NOTEBOOK_NETWORK"]
    made = next((each for each in facts.client.api.networks(names=[name]) if each["Name"] == name), None)
    if made is None:
        return [Finding("bad", each) for each in overlaps] or ok(f"{facts.settings['NOTEBOOK_SUBNET']} is free; no network yet")
    real = ipaddress.ip_network(made["IPAM"]["Config"][0]["Subnet"])
    routed = routes(ROUTES.read_text()) if engine.is_on_this_host(facts.client) and ROUTES.exists() else []
    held, waiting = addresses(facts.tasks, made["Id"])
    return judged(real, facts.settings["NOTEBOOK_SUBNET"], len(held) + len(facts.nodes), waiting, routed, overlaps)


def addresses(tasks: list[dict], network: str) -> tuple[set[str], int]:
    """The addresses of a network that tasks hold, and how many tasks wait for one in state `new`."""
    held, waiting = set(), 0
    for task in tasks:
        if task["DesiredState"] not in ("running", "ready"):
            continue
        held |= {address for each in task.get("NetworksAttachments") or [] if each["Network"]["ID"] == network
                 for address in each.get("Addresses") or []}
        wanted = {each["Target"] for each in task["Spec"].get("Networks") or []}
        waiting += task["Status"]["State"] == "new" and network in wanted
    return held, waiting


def routes(table: str) -> list[ipaddress.IPv4Network]:
    """The networks to which this host has a route, from /proc/net/route; the default route leads everywhere and says nothing."""
    found = []
    for line in table.splitlines()[1:]:
        _, destination, _, _, _, _, _, mask = line.split()[:8]
        number, bits = (int.from_bytes(bytes.fromhex(part), "little") for part in (destination, mask))
        if bits:
            found.append(ipaddress.IPv4Network((number, bits.bit_count())))
    return found


def judged(real, wanted: str, used: int, waiting: int, routed: list, overlaps: list[str]) -> list[Finding]:
    """`real`: the network's subnet; `used`: addresses in use, one a node among them."""
    available = real.num_addresses - RESERVED
    found = [Finding("bad", each) for each in overlaps]
    if str(real) != wanted:
        found.append(warn(f"the network has {real}, and NOTEBOOK_SUBNET={wanted}.", "It was made before that was set.",
                          "A network cannot be changed: `make remove`, then `make deploy`."))
    found += [warn(f"this host has a route to {route}, which {real} overlaps with.", "It was added after the network was made.",
                   "Notebooks cannot reach what lies there: choose another NOTEBOOK_SUBNET.") for route in routed
              if route.overlaps(real)]
    if waiting or used >= FULL * available:
        found.append(bad(f"{used} of {available} addresses of {real} are taken, and {waiting} servers wait for one.",
                         "Each running server takes one.", "Choose a larger NOTEBOOK_SUBNET; `make remove`, then `make deploy`."))
    elif used >= FILLING * available:
        found.append(warn(f"{used} of {available} addresses of {real} are taken.", "Each running server takes one.",
                          "Plan a larger NOTEBOOK_SUBNET: changing it needs `make remove`."))
    return found or ok(f"{real}, {used} of {available} addresses taken")
