"""`make images`: build the images that the stack files use. Each is tagged by a hash of what it is made from."""

import hashlib
import io
import re
import sys
import tarfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import docker

from stack.operate import base_image, engine, given_image, preflight, stack_files
from stack.operate.settings import IMAGES, TREE, Refused, Settings, load
from stack.operate.verb import verb

LABEL = "org.opencontainers.image."
PROJECT = "nbi-jupyter-service"
BASE = "BASE_IMAGE"
# The configuration is mounted by the stack: a change of it is a `make deploy`, not another image.
LEFT_OUT = {"__pycache__", "jupyterhub_config.py", "conf.d"}


class BuildFailed(Exception):
    """A build that began and did not end well: the step, and the builder's last words."""


@dataclass(frozen=True)
class Recipe:
    """One image: the folder that is its build context, its target in the Dockerfile, and the files that it is made from."""

    name: str
    folder: str
    target: str | None
    patterns: tuple[str, ...]

    @property
    def files(self) -> list[Path]:
        """The files whose change rebuilds this image, sorted."""
        return sorted({p for pattern in self.patterns for p in (TREE / self.folder).glob(pattern)
                       if p.is_file() and not LEFT_OUT & set(p.parts)})

    def tag(self, base_id: str) -> str:
        """The image's name, ending in 12 hex digits of a hash over its files and the base image."""
        digest = hashlib.sha256(f"{base_id} {self.target}".encode())
        for path in self.files:
            digest.update(f"\0{path.relative_to(TREE)}\0{path.stat().st_mode & 0o111:o}\0".encode() + path.read_bytes())
        return f"{PROJECT}/{self.name}:{digest.hexdigest()[:12]}"


@dataclass(frozen=True)
class Build:
    """One call of the builder: the folder that is its context, the name of what comes of it, and what it is told."""

    folder: Path
    tag: str
    arguments: dict[str, str]
    target: str | None = None
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def short_name(self) -> str:
        """The name without project and tag."""
        return self.tag.removeprefix(f"{PROJECT}/").partition(":")[0]


RECIPES = {
    "nginx": Recipe("nginx", "nginx", None, ("Dockerfile", "entrypoint.sh", "away.html")),
    "hub": Recipe("hub", "hub", "hub",
                  ("Dockerfile", "constraints.txt", "requirements.txt", "entrypoint.sh", "*.py", "templates/**/*")),
    "proxy": Recipe("proxy", "hub", "proxy", ("Dockerfile", "proxy/*.py")),
    "singleuser": Recipe("singleuser", "hub", "singleuser",
                         ("Dockerfile", "constraints.txt", "singleuser-requirements.txt", "singleuser/**/*")),
    "postgres": Recipe("postgres", "stack/postgres", None, ("Dockerfile", "entrypoint.sh", "pg_hba.conf")),
}


def built(client: docker.DockerClient, settings: Settings) -> dict[str, str]:
    """Setting name -> image name, for each image that the stack files use, building those that this engine lacks.

    Raises Refused if it could not begin, BuildFailed if a build failed.
    """
    if complaints := [*preflight.ca_bundle(settings), *preflight.images(client, settings)]:
        raise Refused(complaints)
    used = [setting for setting in IMAGES if stack_files.use(settings, setting)]
    given = {setting: settings[setting] for setting in used if settings[setting]}
    upon = {setting: given_image.arguments(value) for setting, value in given.items()}
    ours = [setting for setting in IMAGES if setting in {*used} - {*given} or any(setting in each for each in upon.values())]
    made = {}
    if ours or any(upon.values()):
        made = {BASE: base_image.find(client, settings[BASE])}
        made |= {setting: ensure(client, RECIPES[IMAGES[setting]], made[BASE], settings) for setting in ours}

    def build_folder(folder: Path, tag: str, arguments: dict[str, str]) -> None:
        build(client, Build(folder, tag, arguments), settings.extra_ca)

    named = {setting: given_image.named(client, setting, value, {name: made[name] for name in upon[setting]}, build_folder)
             for setting, value in given.items()}
    return {setting: named.get(setting) or made[setting] for setting in used}


def ensure(client: docker.DockerClient, recipe: Recipe, base: str, settings: Settings) -> str:
    """The tag of an up-to-date image; `:latest` names it too, for the plain `docker stack deploy`."""
    tag = recipe.tag(client.images.get(base).id)
    labels = {LABEL + "revision": tag.rpartition(":")[2], **version(recipe)}
    build(client, Build(TREE / recipe.folder, tag, {BASE: base}, recipe.target, labels), settings.extra_ca)
    client.images.get(tag).tag(f"{PROJECT}/{recipe.name}", "latest")
    return tag


def build(client: docker.DockerClient, wanted: Build, extra_ca: Path | None) -> None:
    """Build an image that the engine lacks, by its classic builder, which every engine and client has (no buildx is needed).

    Raises BuildFailed.
    """
    if base_image.has(client, wanted.tag):
        print(f"image {wanted.tag}: up to date", flush=True)
        return
    began, lines = time.monotonic(), []
    print(f"image {wanted.tag}: building", flush=True)
    steps = client.api.build(fileobj=context(wanted.folder, extra_ca), custom_context=True, tag=wanted.tag, target=wanted.target,
                             buildargs=wanted.arguments, rm=True, forcerm=True, decode=True, labels=wanted.labels)
    for event in steps:
        text = event.get("stream", "")
        lines += [text.strip()] if text.strip() else []
        if text.startswith("Step "):
            print(f"  {wanted.short_name}: {text.strip()[:120]}", flush=True)
        if "error" in event:
            raise BuildFailed(f"Building {wanted.tag} failed: {event['error'].strip()}\n    " + "\n    ".join(lines[-15:]))
    print(f"image {wanted.tag}: built in {time.monotonic() - began:.0f} s", flush=True)


def version(recipe: Recipe) -> dict[str, str]:
    """The version label of an image with JupyterHub in it, as constraints.txt pins that; others have one in their Dockerfile."""
    has_hub = "constraints.txt" in recipe.patterns
    path = TREE / recipe.folder / "constraints.txt"
    pinned = re.search(r"^jupyterhub==(\S+)", path.read_text() if has_hub else "", re.MULTILINE)
    return {LABEL + "version": pinned[1]} if pinned else {}


def context(folder: Path, extra_ca: Path | None) -> io.BytesIO:
    """The folder as a tar with the CA bundle beside it, which is no file of the project and never part of a hash."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(folder, arcname=".", filter=lambda entry: None if LEFT_OUT & set(Path(entry.name).parts) else entry)
        bundle = extra_ca.read_bytes() if extra_ca else b""
        entry = tarfile.TarInfo("extra-ca.crt")
        entry.size = len(bundle)
        tar.addfile(entry, io.BytesIO(bundle))
    buffer.seek(0)
    return buffer


@verb
def main() -> int:
    """Build what is missing. 0; 4 when nothing was begun, 10 when a build failed; the last line says which."""
    try:
        built(engine.connect(), load())
    except Refused as refused:
        print(f"{refused}\nimages=REFUSED exit=4", file=sys.stderr)
        return 4
    except (BuildFailed, docker.errors.DockerException, OSError) as failed:
        print(f"{failed}\nimages=FAILED exit=10", file=sys.stderr)
        return 10
    print("images=OK exit=0", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
