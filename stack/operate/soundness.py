"""Whether a backup is whole and safe to read: everything that can be known of it before anything is touched."""

import hashlib
from pathlib import Path

from stack.operate import database, secrets_folder, tars, volumes
from stack.operate.manifest import Manifest, Part


def complaints(folder: Path, manifest: Manifest, parts: list[Part]) -> list[str]:
    """What is wrong with these parts of it, all of it, in whole sentences."""
    found = [complaint for part in parts for complaint in of_part(folder / part.file, part)]
    foreign = [part for part in manifest.parts if part.volume and not part.volume.is_of(manifest.stack)]
    found += [f"The volume {part.volume.name} of this backup is not labelled as one of stack {manifest.stack}: it may be"
              " somebody else's." for part in foreign]
    return [f"{each} Take another backup." for each in found]


def of_part(path: Path, part: Part) -> list[str]:
    """What is wrong with one file; its content is looked into only where it is the one that was written."""
    try:
        size, digest = path.stat().st_size, digest_of(path)
    except OSError as error:
        return [f"{path} cannot be read ({error.strerror})."]
    if (size, digest) != (part.bytes, part.sha256):
        return [f"{path} is not the file that was written: {size:,} bytes with SHA-256 {digest[:12]}…, not {part.bytes:,} with"
                f" {part.sha256[:12]}…."]
    if part.kind == "database":
        known = database.KINDS.get(part.database)
        return database.complaints(known, path) if known else [f"{path} is a database of kind {part.database!r}, unknown here."]
    return tars.complaints(path, secrets_folder.ROOT if part.kind == "secrets" else volumes.ROOT)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
