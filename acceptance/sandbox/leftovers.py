"""What a sandbox has on this machine, found in the kernel by the slot's name, and its removal."""

import shutil
from pathlib import Path

from acceptance.harness.errors import EngineError, StackError
from acceptance.sandbox import cgroups, forwarding, store
from acceptance.sandbox.command import output_of
from acceptance.sandbox.network import Network
from acceptance.sandbox.slot import Slot, machine_lock


def left_of(slot: Slot) -> list[str]:
    """Everything of the slot that is on this machine beside its stores, in words; empty when it is down."""
    processes = [f"process {number}" for number in cgroups.processes_of(slot.name)]
    folders = [f"cgroup {folder}" for folder in cgroups.folders_of(slot.name)]
    mounts = [f"mount {target}" for target in _mounts_under(slot.run)]
    run = [f"folder {slot.run}"] if slot.run.exists() else []
    return processes + folders + mounts + Network(slot.name).left() + run


def remove(slot: Slot) -> None:
    """End and remove all of the slot but its images. Raises EngineError with what would not go."""
    try:
        _remove(slot)
    except StackError as stuck:
        raise EngineError(f"slot-{slot.number} could not be taken down: {stuck}") from None
    if left := left_of(slot):
        raise EngineError(
            f"slot-{slot.number} could not be taken down whole; left are: {', '.join(left)}. "
            "Run `python -m acceptance.sandbox down` again, or reboot"
        )


def _remove(slot: Slot) -> None:
    cgroups.end_processes_of(slot.name)
    for target in reversed(_mounts_under(slot.run)):
        output_of("umount", target)
    with machine_lock():
        Network(slot.name).remove()
        forwarding.put_back()
    cgroups.remove(slot.name)
    for root in slot.folder.glob("*/node-*"):
        store.wipe(root)
    shutil.rmtree(slot.run, ignore_errors=True)


def _mounts_under(folder: Path) -> list[str]:
    targets = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    return [target for target in targets if target.startswith(f"{folder}/")]
