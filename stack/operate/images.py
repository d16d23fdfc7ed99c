"""`make images`: build the images that the stack files use. Each is tagged by a hash of what it is made from."""

import hashlib
import io
import re
import sys
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path

import docker

from stack.operate import base_image, engine, preflight, stack_files
from stack.operate.settings import IMAGES, TREE, Refused, Settings, load
from stack.operate.verb import verb

LABEL = "org.opencontainers.image."
PROJECT = "nbi-jupyter-service"
# The configuration is mounted by the stack: a change of it is a `make deploy`, not another image.
LEFT_OUT = {"__pycache__", "jupyterhub_config.py", "conf.d"}


class BuildFailed(Exception):
    """A build or a push that began and did not end well: the step, and the last words of the builder or registry."""


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
    """Setting name -> image name, for each of our images that the stack files use, building those that this engine lacks.

    An image that the operator named is taken as it is. With a REGISTRY ours are pushed there, and named by their digest.
    Raises Refused if it could not begin, BuildFailed if a build or a push failed.
    """
    if complaints := [*preflight.ca_bundle(settings), *preflight.images(client, settings)]:
        raise Refused(complaints)
    used = {setting: name for setting, name in IMAGES.items() if stack_files.use(settings, setting)}
    ours = {setting: RECIPES[name] for setting, name in used.items() if not settings[setting]}
    named = {setting: settings[setting] for setting in used if settings[setting]}
    if not ours:
        return named
    base = base_image.find(client, settings["BASE_IMAGE"])
    made = {setting: ensure(client, recipe, base, settings) for setting, recipe in ours.items()}
    if registry := settings["REGISTRY"]:
        made = {setting: pushed(client, tag, registry) for setting, tag in made.items()}
    return named | made


def ensure(client: docker.DockerClient, recipe: Recipe, base: str, settings: Settings) -> str:
    """The tag of an up-to-date image; `:latest` names it too, for the plain `docker stack deploy`."""
    tag = recipe.tag(client.images.get(base).id)
    if base_image.has(client, tag):
        print(f"image {tag}: up to date", flush=True)
    else:
        began = time.monotonic()
        print(f"image {tag}: building", flush=True)
        build(client, recipe, tag, base, settings.extra_ca)
        print(f"image {tag}: built in {time.monotonic() - began:.0f} s", flush=True)
    client.images.get(tag).tag(f"{PROJECT}/{recipe.name}", "latest")
    return tag


def build(client: docker.DockerClient, recipe: Recipe, tag: str, base: str, extra_ca: Path | None) -> None:
    """Build one image with the engine's classic builder, which every engine and client has (no buildx is needed).

    Raises BuildFailed.
    """
    lines: list[str] = []
    steps = client.api.build(fileobj=context(recipe.folder, extra_ca), custom_context=True, tag=tag, target=recipe.target,
                             buildargs={"BASE_IMAGE": base}, rm=True, forcerm=True, decode=True,
                             labels={LABEL + "revision": tag.rpartition(":")[2], **version(recipe)})
    for event in steps:
        text = event.get("stream", "")
        lines += [text.strip()] if text.strip() else []
        if text.startswith("Step "):
            print(f"  {recipe.name}: {text.strip()[:120]}", flush=True)
        if "error" in event:
            raise BuildFailed(f"Building {tag} failed: {event['error'].strip()}\n    " + "\n    ".join(lines[-15:]))


def pushed(client: docker.DockerClient, tag: str, registry: str) -> str:
    """The image by its digest in the registry, which every node can pull; layers that are there already are not sent again.

    The docker client's own login is used. Raises BuildFailed with the registry's words.
    """
    repository, _, hashed = f"{registry}/{tag}".rpartition(":")
    client.images.get(tag).tag(repository, hashed)
    digest = ""
    for event in client.images.push(repository, tag=hashed, stream=True, decode=True):
        if "error" in event:
            raise BuildFailed(f"Pushing {repository}:{hashed} failed: {event['error'].strip()}. Does the engine reach REGISTRY,"
                              " by https or as one of its insecure-registries, and does the docker client have a login there?")
        digest = event.get("aux", {}).get("Digest", digest)
    print(f"image {repository}:{hashed}: in the registry", flush=True)
    return f"{repository}@{digest}"


def version(recipe: Recipe) -> dict[str, str]:
    """The version label of an image with JupyterHub in it, as constraints.txt pins that; others have one in their Dockerfile."""
    has_hub = "constraints.txt" in recipe.patterns
    path = TREE / recipe.folder / "constraints.txt"
    pinned = re.search(r"^jupyterhub==(\S+)", path.read_text() if has_hub else "", re.MULTILINE)
    return {LABEL + "version": pinned[1]} if pinned else {}


def context(folder: str, extra_ca: Path | None) -> io.BytesIO:
    """The folder as a tar with the CA bundle beside it, which is no file of the project and never part of a hash."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(TREE / folder, arcname=".", filter=lambda entry: None if LEFT_OUT & set(Path(entry.name).parts) else entry)
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
