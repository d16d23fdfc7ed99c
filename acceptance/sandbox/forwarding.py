"""The machine's IP forwarding: switched on while a sandbox is there, put back by the last that goes."""

import json
from pathlib import Path

from acceptance.sandbox.command import output_of

# Writing ip_forward makes the kernel change accept_redirects too, so both are put back, in this order.
SWITCHES = ("net/ipv4/ip_forward", "net/ipv4/conf/all/accept_redirects")
SYSCTL = Path("/proc/sys")
REMEMBERED = Path("/run/nbi-forwarding.json")


def switch_on() -> None:
    """Let this machine forward; what was set before is remembered unless it forwards already."""
    if not _bridges("nbi-"):  # a note from before a reboot says nothing about now
        REMEMBERED.unlink(missing_ok=True)
    if (SYSCTL / SWITCHES[0]).read_text().strip() == "1":
        return
    REMEMBERED.write_text(json.dumps({name: (SYSCTL / name).read_text().strip() for name in SWITCHES}))
    (SYSCTL / SWITCHES[0]).write_text("1")


def put_back() -> None:
    """Set what `switch_on` found, unless another sandbox or an engine that the host got since needs it."""
    if not REMEMBERED.exists() or _bridges("nbi-") or _bridges("docker"):
        return
    for name, value in json.loads(REMEMBERED.read_text()).items():
        (SYSCTL / name).write_text(value)
    REMEMBERED.unlink()


def _bridges(prefix: str) -> list[str]:
    links = json.loads(output_of("ip", "-json", "link", "show", "type", "bridge"))
    return [link["ifname"] for link in links if link.get("ifname", "").startswith(prefix)]
