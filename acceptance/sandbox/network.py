"""The wires of a sandbox on the host: one bridge, NAT out, and a way through a firewall that is there."""

import json
from dataclasses import dataclass
from ipaddress import IPv4Network

from acceptance.harness.wait import wait_until
from acceptance.sandbox.command import is_on_path, output_of


@dataclass(frozen=True)
class Network:
    """Bridge, nftables table and iptables comment all have the sandbox's `name`."""

    name: str

    def make(self, subnet: IPv4Network) -> None:
        """A bridge with the first address of `subnet`, whose hosts reach what this machine reaches."""
        output_of("ip", "link", "add", self.name, "type", "bridge")
        output_of("ip", "address", "add", f"{subnet[1]}/{subnet.prefixlen}", "dev", self.name)
        output_of("ip", "link", "set", self.name, "up")
        # A table of our own goes as it came; iptables would leave its built-in chains on a clean machine.
        output_of("nft", "-f", "-", input=nat_table(self.name, subnet))
        if has_forward_rules(_iptables_save()):
            for end in ("--in-interface", "--out-interface"):
                output_of(
                    "iptables",
                    "--wait",
                    "--insert",
                    "FORWARD",
                    end,
                    self.name,
                    "--jump",
                    "ACCEPT",
                    "--match",
                    "comment",
                    "--comment",
                    self.name,
                )

    def remove(self) -> None:
        """Remove what is there of it; returns when the kernel has let go of every cable."""
        for rule in self.rules():
            output_of("iptables", "--wait", "--delete", *rule.split()[1:])
        if self._has_table():
            output_of("nft", "delete", "table", "ip", self.name)
        for link in self.links():
            output_of("sh", "-c", 'ip link delete "$1" || ! ip link show "$1"', "sh", link)
        wait_until(f"the links of {self.name} to go", lambda: not self.links(), deadline=30)

    def left(self) -> list[str]:
        """What is there of it now, in words."""
        table = [f"nftables table ip {self.name}"] if self._has_table() else []
        return table + [f"link {link}" for link in self.links()] + [f"rule {rule}" for rule in self.rules()]

    def links(self) -> list[str]:
        """The bridge and the cables on it."""
        names = [link["ifname"] for link in json.loads(output_of("ip", "-json", "link", "show"))]
        return [name for name in names if name == self.name or name.startswith(f"{self.name}n")]

    def rules(self) -> list[str]:
        """The iptables rules that carry our comment."""
        return rules_with_comment(_iptables_save(), self.name)

    def _has_table(self) -> bool:
        return is_on_path("nft") and f"table ip {self.name}\n" in output_of("nft", "list", "tables")


def nat_table(name: str, subnet: IPv4Network) -> str:
    """The nftables program that lets the hosts of `subnet` out under this machine's address."""
    return f"""table ip {name} {{
        chain out {{
            type nat hook postrouting priority srcnat
            ip saddr {subnet} ip daddr != {subnet} masquerade
        }}
    }}
    """


def has_forward_rules(saved: str) -> bool:
    """Does the firewall of `iptables-save`'s text `saved` have a say in what is forwarded?"""
    lines = saved.splitlines()
    return any(line.startswith(("-A FORWARD ", ":FORWARD DROP")) for line in lines)


def rules_with_comment(saved: str, comment: str) -> list[str]:
    """The lines of `iptables-save`'s text `saved` that carry exactly this `comment`."""
    return [line for line in saved.splitlines() if f"--comment {comment} " in line.replace('"', "") + " "]


def _iptables_save() -> str:
    return output_of("iptables-save", "-t", "filter") if is_on_path("iptables-save") else ""
