"""What must hold before a sandbox is begun, asked before anything is made."""

import os
from pathlib import Path

from acceptance.harness.errors import EngineError, SettingsError
from acceptance.sandbox import packages, tree
from acceptance.sandbox.command import output_of
from acceptance.sandbox.slot import cache_folder

MOST_NODES = 9
# Each is tried in namespaces that vanish with the trial.
TRIALS = {
    "VXLAN (the overlay networks of a swarm)": (
        "--net",
        "ip link add trial type vxlan id 7 dstport 4789 dev lo",
    ),
    "bridges": ("--net", "ip link add trial type bridge"),
    "veth pairs": ("--net", "ip link add trial type veth peer name other"),
    "NAT by nftables": (
        "--net",
        """nft add table ip trial
        nft 'add chain ip trial out { type nat hook postrouting priority 100 ; }'
        nft add rule ip trial out masquerade""",
    ),
    "overlayfs": (
        "--mount",
        """mount -t tmpfs tmpfs /mnt
        cd /mnt
        mkdir lower upper work root
        mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay root""",
    ),
}


def made_ready(engine_version: str, nodes: int = 1, say=print) -> Path:
    """This machine with all that a sandbox needs; packages that it lacks are installed now. Returns the cache folder.

    Raises SettingsError or EngineError, the wishes' faults before anything is made.
    """
    check(engine_version, nodes)
    cache = cache_folder()
    tree.check_space(cache)
    packages.ensure(packages.SANDBOX, say)
    check_kernel()
    return cache


def check(engine_version: str, nodes: int) -> None:
    """Raises SettingsError with all that is wrong with the wishes, EngineError if this machine cannot."""
    complaints = tree.complaints_about(engine_version)
    if not 1 <= nodes <= MOST_NODES:
        complaints.append(f"--nodes {nodes} is not possible: a sandbox has 1 to {MOST_NODES} nodes")
    if complaints:
        raise SettingsError(complaints)
    if os.geteuid() != 0:
        raise EngineError(
            f"a sandbox needs root (namespaces, mounts, a bridge) and this is user {os.geteuid()}: "
            "run it as root, or give an engine of yours with DOCKER_HOST and ENGINE=current"
        )


def check_kernel() -> None:
    """Raises EngineError with everything that this kernel lacks and a sandbox cannot do without."""
    if missing := [f"{what}: {words}" for what in TRIALS if (words := _refusal(*TRIALS[what]))]:
        raise EngineError(
            f"this kernel ({os.uname().release}) cannot carry a sandbox; it lacks "
            + "; ".join(missing)
            + ". Load the modules (`modprobe vxlan bridge veth overlay nft_masq`), use another kernel, "
            "or give an engine of yours with DOCKER_HOST and ENGINE=current"
        )


def _refusal(namespace: str, trial: str) -> str | None:
    try:
        output_of("unshare", namespace, "sh", "-ec", trial)
    except EngineError as refusal:
        return str(refusal).rpartition("ended ")[2].rstrip(".")
    return None
