"""What this machine has of all that a sandbox could leave behind, looked at twice and compared."""

import re
from collections.abc import Iterable
from pathlib import Path

from acceptance.harness.errors import StackError
from acceptance.sandbox import cgroups
from acceptance.sandbox.command import is_on_path, output_of

LOOKS = {
    "network namespace": ("ip", "netns", "list"),
    "link": ("ip", "-oneline", "link", "show"),
    "address": ("ip", "-oneline", "address", "show"),
    "route": ("ip", "route", "show", "table", "all"),
    "nftables": ("nft", "list", "tables"),
    "iptables": ("iptables-save",),
    "process": ("ps", "-e", "-o", "pid=,args="),
    "mount": ("cat", "/proc/self/mountinfo"),
}
SWITCHES = ("net", "kernel/keys", "vm", "user")
# Other sandboxes come and go meanwhile, and so do processes that have nothing to do with any.
OURS = re.compile(r"nbi-[0-9a-f]{4}-")
# Not runc itself: it lives for milliseconds, in another sandbox's container too before that has a name.
ENGINES = re.compile(r"dockerd|docker-(init|proxy)|containerd-shim|containerd |unshare|node\.sh")


def look(at: str) -> dict[str, set[str]]:
    """What is here now, line by line; of other sandboxes than the one called `at` nothing."""
    seen = {what: _lines(command, at) for what, command in LOOKS.items() if is_on_path(command[0])}
    folders = [str(folder) for tree in cgroups.hierarchies() for folder in tree.glob("*/")]
    seen["process"] = {line for line in seen["process"] if ENGINES.search(line) and _is_seen(line, at)}
    return seen | {
        "cgroup": set(lines_about(at, folders)),
        "sysctl": set(_switches(at)),
        "run": set(_run(at)),
    }


def compare(before: dict[str, set[str]], after: dict[str, set[str]]) -> None:
    """Raises StackError with each line that came or went between the two looks."""
    came = [f"{what} came: {line}" for what in before for line in sorted(after[what] - before[what])]
    went = [f"{what} went: {line}" for what in before for line in sorted(before[what] - after[what])]
    if came or went:
        raise StackError("the machine is not as it was found: " + "; ".join(came + went))


def lines_about(at: str, lines: Iterable[str]) -> list[str]:
    """Those of `lines` that are about no sandbox, or about the one called `at`."""
    return [line for line in lines if at in line or not OURS.search(line)]


def _lines(command: tuple[str, ...], at: str) -> Iterable[str]:
    text = re.sub(r"\[\d+:\d+\]|^#.*$", "", output_of(*command), flags=re.MULTILINE)
    return set(lines_about(at, text.splitlines()))


def _is_seen(process: str, at: str) -> bool:
    """Is this line of ps about nobody's sandbox, or ours? What runs inside one does not say its name."""
    if "<defunct>" in process:  # ended, and waiting for process 1 to notice
        return False
    folder = Path("/proc", process.split()[0])
    try:
        text = (folder / "cgroup").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return False
    return at in text or not OURS.search(text)


def _switches(at: str) -> list[str]:
    root = Path("/proc/sys")
    files = [file for name in SWITCHES for file in sorted((root / name).rglob("*")) if file.is_file()]
    values = [f"{file} = {_value(file)}" for file in files if file.name != "nf_conntrack_count"]
    return lines_about(at, values)


def _value(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return "cannot be read"


def _run(at: str) -> list[str]:
    return lines_about(at, [str(entry) for entry in Path("/run").iterdir()])
