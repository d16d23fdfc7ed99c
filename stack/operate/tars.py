"""Tar files: what may stand in one that is to be unpacked, and how a single file is packed."""

import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import IO

SHOWN = 5       # of the complaints about one tar: a strange one has thousands
MEANT = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE)


def complaints(path: Path, root: str) -> list[str]:
    """Why this is no tar whose members all lie below the folder `root`; read header by header, never held whole."""
    links, found = set(), []
    try:
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                tar.members = []        # which would grow with the number of files
                if why := strangeness(member, root, links):
                    found.append(f"{path} holds {member.name!r}, {why}.")
                if member.issym():
                    links.add(PurePosixPath(member.name))
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        found.append(f"{path} is no whole tar ({error}).")
    return found if len(found) <= SHOWN else [*found[:SHOWN], f"{path} holds {len(found) - SHOWN} more of that kind."]


def strangeness(member: tarfile.TarInfo, root: str, links: set[PurePosixPath]) -> str:
    """What is wrong with a member, as the end of a sentence; empty if nothing is. A link may point anywhere, as users' do."""
    if member.type not in MEANT:
        return "which is a device or of no known kind"
    names = [member.name, member.linkname] if member.islnk() else [member.name]
    for name in map(PurePosixPath, names):
        if name.is_absolute() or ".." in name.parts or name.parts[:1] != (root,):
            return f"which leads out of {root}/ ({name})"
        if links.intersection(name.parents) or (member.islnk() and name in links):
            return f"which leads through a link ({name})"
    return ""


def packed(source: Path, name: str, owner: int, folder: str = "") -> IO[bytes]:
    """A tar, open for reading and gone when closed: one file that is `owner`'s alone, in a folder that is, too."""
    made = tempfile.TemporaryFile()     # noqa: SIM115 - the caller closes it
    with tarfile.open(fileobj=made, mode="w") as tar:
        if folder:
            tar.addfile(owned(tarfile.TarInfo(folder), owner, tarfile.DIRTYPE, 0o700))
        with source.open("rb") as file:
            entry = tar.gettarinfo(fileobj=file, arcname=f"{folder}/{name}" if folder else name)
            tar.addfile(owned(entry, owner, tarfile.REGTYPE, 0o600), file)
    made.seek(0)
    return made


def owned(entry: tarfile.TarInfo, owner: int, kind: bytes, mode: int) -> tarfile.TarInfo:
    """The entry as one of `owner` and that group, by number."""
    entry.type, entry.mode, entry.uid, entry.gid, entry.uname, entry.gname = kind, mode, owner, owner, "", ""
    return entry
