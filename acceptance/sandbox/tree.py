"""Debian's engine as a folder: bootstrapped once a version into the cache, the root of every node."""

import fcntl
import shutil
from pathlib import Path

from acceptance.harness.errors import EngineError
from acceptance.sandbox.command import output_of

SUITES = {"20.10": "bookworm", "26.1": "trixie"}
PACKAGES = ("docker.io", "ca-certificates", "iptables", "iproute2")
NEEDED_GB = 4  # a tree is 0.5, a store with this project's images 2; the rest is room to build in


def complaints_about(version: str) -> list[str]:
    """What is wrong with the wish for the engine `version`: nothing if Debian has it."""
    wish = f"ENGINE_VERSION={version} is not an engine that Debian has: choose one of {', '.join(SUITES)}"
    return [] if version in SUITES else [wish]


def check_space(cache: Path) -> None:
    """Raises EngineError if the disk under `cache` has no room for a tree and a store."""
    free = shutil.disk_usage(cache).free / 1e9
    if free < NEEDED_GB:
        raise EngineError(
            f"{free:.1f} GB are free under {cache} and the sandbox needs {NEEDED_GB}: free some "
            "(`make clean`; old stores under that folder), or set XDG_CACHE_HOME to a larger disk"
        )


def ready_tree(cache: Path, version: str, say=print) -> Path:
    """The folder of the engine `version` under `cache`, bootstrapped now if it is not there yet."""
    folder = cache / "engines" / version
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{version}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _bootstrap(folder, SUITES[version], say)
    return folder


def _bootstrap(folder: Path, suite: str, say) -> None:
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    say(f"bootstrapping Debian {suite} with {', '.join(PACKAGES)} into {folder} (once; about 30 s, 0.5 GB)")
    try:
        # Whoever ends us ends the bootstrap too: it would go on writing where the next one begins.
        output_of(
            "setpriv",
            "--pdeathsig",
            "KILL",
            "unshare",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "mmdebstrap",
            "--variant=minbase",
            f"--include={','.join(PACKAGES)}",
            suite,
            partial,
            umask=0o022,
        )
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
