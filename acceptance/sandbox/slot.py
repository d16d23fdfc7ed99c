"""Numbered places for sandboxes: each with image stores of its own, a lock, and names for the kernel."""

import fcntl
import hashlib
import itertools
import json
import os
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from acceptance.harness.errors import EngineError
from acceptance.harness.settings import environment

RUN = Path("/run")
MACHINE_LOCK = RUN  # a folder can be locked as it is: no file is left behind by it


def cache_folder() -> Path:
    """Where engines and image stores live from run to run; made if it is not there, or raises EngineError."""
    home = environment().get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home).absolute() / "nbi-jupyter-service"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refusal:
        raise EngineError(
            f"the sandbox's cache {folder} cannot be made: {refusal}. Set XDG_CACHE_HOME to a folder of yours"
        ) from None
    return folder


def inner_home(prefix: str) -> Path:
    """A new XDG_CACHE_HOME inside the cache folder: our engines, and not an image of an earlier run.

    Whoever asks removes it; `make clean` knows it by its prefix.
    """
    engines = cache_folder() / "engines"
    engines.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix=prefix, dir=cache_folder()))
    inner = home / cache_folder().name
    inner.mkdir()
    (inner / "engines").symlink_to(engines)
    return home


@contextmanager
def machine_lock():
    """One at a time on this machine: for what two sandboxes would do to the same thing. Held for moments."""
    lock = os.open(MACHINE_LOCK, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@dataclass
class Slot:
    """Number `number` under the cache folder `cache`; who holds its lock may use it."""

    cache: Path
    number: int
    _lock: int | None = None

    @property
    def folder(self) -> Path:
        """Its lock and its stores."""
        return self.cache / f"slot-{self.number}"

    @property
    def name(self) -> str:
        """What its bridge, cgroup and run folder are called; no other cache's slot is called the same."""
        return f"{name_prefix(self.cache)}{self.number}"

    @property
    def run(self) -> Path:
        """What its sandbox writes down, and the engines' sockets and logs; gone when it is down."""
        return RUN / self.name

    def store(self, engine_version: str, node: int) -> Path:
        """The data-root of one node: engines of two versions never open the same."""
        return self.folder / engine_version / f"node-{node}"

    def try_lock(self) -> bool:
        """Take its lock for the life of this process; False if somebody holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        """Give its lock back, if this object holds it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_in_use(self) -> bool:
        """Does a living process hold its lock?"""
        if not self.try_lock():
            return True
        self.release()
        return False

    def read_state(self) -> dict | None:
        """What `write_state` left, or None if there is no sandbox here or it died before it said so."""
        try:
            return json.loads((self.run / "state.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def write_state(self, state: dict) -> None:
        """Say what sandbox is here; only root may look, for the run folder holds the engines' sockets."""
        self.run.mkdir(mode=0o700, exist_ok=True)
        partial = self.run / "state.partial"
        partial.write_text(json.dumps(state))
        os.replace(partial, self.run / "state.json")


def name_prefix(cache: Path) -> str:
    """What all names of sandboxes under `cache` begin with; short, for a link's name has 15 characters."""
    return f"nbi-{hashlib.sha256(str(cache).encode()).hexdigest()[:4]}-"


def known_slots(cache: Path) -> list[Slot]:
    """The slots that were ever used under `cache`, also those whose folder somebody deleted."""
    prefix = name_prefix(cache)
    names = [*cache.glob("slot-*"), *RUN.glob(f"{prefix}*"), *Path("/sys/class/net").glob(f"{prefix}*")]
    found = [re.fullmatch(rf"(?:slot-|{prefix})(\d+)(?:n\d+)?", entry.name) for entry in names]
    return [Slot(cache, number) for number in sorted({int(match[1]) for match in found if match})]


def claim(cache: Path, is_taken) -> Slot:
    """The lowest slot that nobody holds and that `is_taken` does not call taken; its lock is ours now."""
    with machine_lock():
        slots = (Slot(cache, number) for number in itertools.count(1))
        return next(slot for slot in slots if _is_ours_now(slot, is_taken))


def _is_ours_now(slot: Slot, is_taken) -> bool:
    if not slot.try_lock():
        return False
    if is_taken(slot):
        slot.release()
        return False
    return True
