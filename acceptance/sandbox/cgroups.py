"""Cgroups by name, on cgroup v1 and v2 alike: make them, say who is in them, end those, remove them."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from acceptance.harness.wait import wait_until

ROOT = Path("/sys/fs/cgroup")
UNIFIED = ROOT / "cgroup.procs"


def hierarchies() -> list[Path]:
    """Where cgroup trees are mounted: one on v2, one a controller on v1."""
    return [ROOT] if UNIFIED.exists() else sorted(tree for tree in ROOT.iterdir() if not tree.is_symlink())


def make(name: str) -> Path:
    """Make the cgroup `name` for processes to join; on v1 one hierarchy is enough to find them by."""
    tree = ROOT if UNIFIED.exists() else ROOT / "pids"
    (tree / name).mkdir(parents=True, exist_ok=True)
    return tree / name


def processes_of(name: str) -> list[int]:
    """Who is in the cgroup `name` or below it, in any hierarchy."""
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and is_member(entry, name)
    ]


def end_processes_of(name: str) -> None:
    """Kill everybody in the cgroup `name` or below it, again and again; returns when they are gone.

    Once would not do: who is about to be killed may have forked after we looked.
    """
    wait_until(f"the processes of cgroup {name} to end", lambda: _is_empty_now(name), deadline=30)


def _is_empty_now(name: str) -> bool:
    found = processes_of(name)
    for process in found:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return not found


def folders_of(name: str) -> list[Path]:
    """The cgroup `name` and all below it, deepest first."""
    tops = [tree / name for tree in hierarchies() if (tree / name).is_dir()]
    return [Path(folder) for top in tops for folder, _, _ in os.walk(top, topdown=False)]


def remove(name: str) -> None:
    """Remove the cgroup `name` and all below it; nobody may be in it. Returns when it is gone."""
    wait_until(f"cgroup {name} to go", lambda: _is_removed(name), deadline=10)


def _is_removed(name: str) -> bool:
    for folder in folders_of(name):
        with suppress(OSError):  # the kernel is busy with it for a moment after the last process
            folder.rmdir()
    return not folders_of(name)


def is_member(process: Path, name: str) -> bool:
    """Does the process with the folder `process` in /proc live in the cgroup `name` or below it?"""
    try:
        lines = (process / "cgroup").read_text().splitlines()
        is_zombie = (
            ") Z " in (process / "stat").read_text()
        )  # ended, and waiting for its parent: nobody can do more
    except (FileNotFoundError, ProcessLookupError):
        return False
    paths = [line.split(":", 2)[2] for line in lines]
    return not is_zombie and any(path == f"/{name}" or path.startswith(f"/{name}/") for path in paths)
