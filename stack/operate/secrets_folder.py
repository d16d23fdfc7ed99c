"""The folder of secrets as one file of a backup, and back again beside what is there."""

import hashlib
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from stack.operate.streams import Written
from stack.operate.users import write_private

ROOT = "secrets"


def write(folder: Path, path: Path) -> Written:
    """Write every secret to a tar that only its owner reads. Raises OSError."""
    path.touch(mode=0o600, exist_ok=False)
    with tarfile.open(path, "w") as tar:
        tar.add(folder, ROOT, filter=lambda entry: entry if entry.isdir() or entry.isfile() else None)
    content = path.read_bytes()
    return Written(len(content), hashlib.sha256(content).hexdigest(), [])


def contents(path: Path) -> dict[str, bytes]:
    """The secrets of a backup: name, which may hold a folder, -> content."""
    with tarfile.open(path, "r:") as tar:
        return {member.name.removeprefix(f"{ROOT}/"): tar.extractfile(member).read() for member in tar if member.isfile()}


def differences(folder: Path, wanted: dict[str, bytes]) -> list[str]:
    """The names of secrets that lie in the folder with another content than the wanted one, or that nobody wants."""
    there = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()} if folder.is_dir() else {}
    return sorted(name for name, path in there.items() if path.read_bytes() != wanted.get(name))


def stage(folder: Path, wanted: dict[str, bytes]) -> Path:
    """Write all of them beside the folder, where put_in_place() takes them from. Raises OSError."""
    new = folder.with_name(folder.name + ".restoring")
    shutil.rmtree(new, ignore_errors=True)
    for name, content in wanted.items():
        write_private(new / name, content)
    return new


def put_in_place(new: Path, folder: Path) -> Path | None:
    """Make the staged folder the folder of secrets. One that was there is kept, and its new place returned."""
    kept = None
    if folder.exists():
        kept = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        folder.rename(kept)
    new.rename(folder)
    return kept
