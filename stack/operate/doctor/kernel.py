"""Whether the node's kernel has what the chosen way of publishing needs."""

import base64
import gzip
import re

from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok

NAME = "kernel"
# Read in a container of the node, which has the node's kernel: present only where IP_VS is built in or loaded.
IP_VS = "/proc/net/ip_vs"
CONFIG = "/proc/config.gz"


def look(facts: Facts) -> list[Finding]:
    """The kernel of this engine's node. (Of other nodes' kernels a manager knows nothing.)"""
    if facts.hub is None:
        return ok("cannot be read from here, since the hub's container is not on this engine")
    has_ip_vs = facts.in_hub("test", "-e", IP_VS) is not None
    meshed = [service.name for service in facts.services if is_meshed(service.attrs["Spec"].get("EndpointSpec", {}))]
    node = facts.info["Name"]
    return judged(node, has_ip_vs, configured(facts), meshed)


def configured(facts: Facts) -> dict[str, str]:
    """The kernel's own word on VXLAN and IP_VS (y, m or n), where it keeps its configuration; else nothing."""
    packed = facts.in_hub("base64", CONFIG)
    if not packed:
        return {}
    text = gzip.decompress(base64.b64decode(packed)).decode()
    answers = {name: re.search(rf"^CONFIG_{name}=(\w)", text, re.MULTILINE) for name in ("VXLAN", "IP_VS")}
    return {name: answer[1] if answer else "n" for name, answer in answers.items()}


def is_meshed(endpoint: dict) -> bool:
    """Whether an endpoint needs IP_VS: a virtual address, or a port of the routing mesh."""
    return endpoint.get("Mode", "vip") == "vip" or any(
        port.get("PublishMode", "ingress") == "ingress" for port in endpoint.get("Ports") or [])


def judged(node: str, has_ip_vs: bool, configuration: dict[str, str], meshed: list[str]) -> list[Finding]:
    """`meshed`: services that cannot be reached without IP_VS."""
    found = []
    if meshed and not has_ip_vs:
        found.append(bad(f"{', '.join(meshed)} want the routing mesh or a virtual address, and the kernel of {node} has no"
                         " IP_VS: they look fine in `docker service ls` and answer nothing.", "The kernel was built without it.",
                         "Leave stack/ingress.yml out, or load the module: `modprobe ip_vs`."))
    if configuration.get("VXLAN") == "n":
        found.append(bad(f"the kernel of {node} has no VXLAN: containers of two nodes do not reach each other.",
                         "It was built without it.", "Use one node, or another kernel."))
    mesh = "at work" if meshed else ("there" if has_ip_vs else "absent, so stack/ingress.yml would not work here")
    vxlan = {"y": "built in", "m": "a module"}.get(configuration.get("VXLAN", ""), "not told by this kernel")
    return found or ok(f"node {node}: VXLAN {vxlan}; IP_VS {mesh}")
