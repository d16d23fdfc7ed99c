"""An image of the operator's own, as HUB_IMAGE and its like name one: by name or id, as a tar, or as a folder to build."""

import hashlib
import re
import tarfile
from pathlib import Path

import docker

from stack.operate import build_context, engine
from stack.operate.settings import IMAGES, TREE

ARGUMENT = re.compile(r"^\s*ARG\s+(\w+)", re.MULTILINE)
# A path is told from a name as the shell's users tell it: an image's name can begin with none of these.
BEGINNINGS = ("/", "./", "../")


def path_in(value: str) -> Path | None:
    """The file or folder that a setting names; None for an image's name or id. A relative one begins at the project's top."""
    return (TREE / value).resolve() if value.startswith(BEGINNINGS) else None


def complaint(client: docker.DockerClient, name: str, value: str) -> str:
    """Why the image that a setting gives cannot be had; empty if it can, as far as that is known before a build."""
    path = path_in(value)
    if path is None:
        why = engine.absence(client, value)
        return f"{name}={value}: no such image on this engine, nor in a registry that it reaches ({why}). Build, load or push" \
               " it first, and mind the spelling; a folder or a tar is named by a path that begins with ./ or /." if why else ""
    if path.is_dir():
        return "" if (path / "Dockerfile").is_file() else f"{name}={value}: the folder {path} has no Dockerfile to build it by."
    if not path.is_file() or not tarfile.is_tarfile(path):
        return f"{name}={value}: {path} is no folder with a Dockerfile, and no tar as `docker save` writes one."
    return ""


def paths_in(given: dict[str, str]) -> dict[str, Path]:
    """Those of the given settings that name a path."""
    return {setting: path for setting, value in given.items() if (path := path_in(value))}


def arguments(folder: Path) -> set[str]:
    """Those of BASE_IMAGE and the images of the stack that a folder's Dockerfile asks for by ARG, as what it builds upon."""
    return {"BASE_IMAGE", *IMAGES}.intersection(ARGUMENT.findall((folder / "Dockerfile").read_text()))


def load(client: docker.DockerClient, path: Path) -> str:
    """The image in a tar of `docker save`, by its name or its id. Raises DockerException for one that holds none or several."""
    with path.open("rb") as tar:
        # By pieces, so that a tar larger than the memory can be loaded.
        found = client.images.load(iter(lambda: tar.read(1 << 20), b""))
    if len(found) != 1:
        raise docker.errors.DockerException(f"{path} holds {len(found)} images, and which of them is meant nobody can know:"
                                            " `docker save` one only.")
    return next(iter(found[0].tags), found[0].id)


def tag_of(setting: str, folder: Path, upon: dict[str, str]) -> str:
    """The name of what a folder builds, ending in 12 hex digits of a hash of what is sent and the ids of what it builds upon."""
    digest = hashlib.sha256(repr(sorted(upon.items())).encode())
    for name in build_context.paths(folder):
        if (path := folder / name).is_file():
            digest.update(f"\0{name}\0{path.stat().st_mode & 0o111:o}\0".encode() + path.read_bytes())
    return f"nbi-jupyter-service/given-{IMAGES[setting]}:{digest.hexdigest()[:12]}"
