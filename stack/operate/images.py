"""`make images`: build the images that the stack files use. Each is tagged by a hash of what it is made from."""

import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import docker

from stack.operate import base_image, engine, given_image, preflight, stack_files
from stack.operate.builder import PROJECT, Build, BuildFailed, build, pushed
from stack.operate.settings import IMAGES, TREE, Refused, Settings, load
from stack.operate.verb import verb

LABEL = "org.opencontainers.image."
BASE = "BASE_IMAGE"
# The configuration is mounted by the stack: a change of it is a `make deploy`, not another image.
LEFT_OUT = frozenset({"__pycache__", "jupyterhub_config.py", "conf.d"})


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
                       if p.is_file() and not LEFT_OUT.intersection(p.parts)})

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
    """Setting name -> image name, for each image that the stack files use, building those that this engine lacks.

    What the operator named is taken as it is. With a REGISTRY the others are pushed there, and named by their digest.
    Raises Refused if it could not begin, BuildFailed if a build or a push failed.
    """
    if complaints := [*preflight.ca_bundle(settings), *preflight.images(client, settings)]:
        raise Refused(complaints)
    used = [setting for setting in IMAGES if stack_files.use(settings, setting)]
    given = {setting: settings[setting] for setting in used if settings[setting]}
    made = {**ours(client, settings, [setting for setting in used if setting not in given]), **given}
    for setting, path in given_image.paths_in(given).items():
        made[setting] = from_path(client, settings, setting, path)
    if registry := settings["REGISTRY"]:
        local = [setting for setting in used if setting not in given or given_image.path_in(given[setting])]
        made |= {setting: pushed(client, made[setting], registry) for setting in local}
    return made


def ours(client: docker.DockerClient, settings: Settings, wanted: list[str]) -> dict[str, str]:
    """The images of this tree for these settings, up to date; BASE_IMAGE names the one that they are made from."""
    if not wanted:
        return {}
    base = base_image.find(client, settings[BASE])
    return {setting: base if setting == BASE else ensure(client, RECIPES[IMAGES[setting]], base, settings) for setting in wanted}


def from_path(client: docker.DockerClient, settings: Settings, setting: str, path: Path) -> str:
    """The image in a tar, or of a folder, which may build upon ours."""
    if path.is_file():
        return given_image.load(client, path)
    upon = ours(client, settings, sorted(given_image.arguments(path)))
    tag = given_image.tag_of(setting, path, {name: client.images.get(image).id for name, image in upon.items()})
    build(client, Build(path, tag, upon), settings.extra_ca)
    return tag


def ensure(client: docker.DockerClient, recipe: Recipe, base: str, settings: Settings) -> str:
    """The tag of an up-to-date image; `:latest` names it too, for the plain `docker stack deploy`."""
    tag = recipe.tag(client.images.get(base).id)
    labels = {LABEL + "revision": tag.rpartition(":")[2], **version(recipe)}
    build(client, Build(TREE / recipe.folder, tag, {BASE: base}, recipe.target, labels, LEFT_OUT), settings.extra_ca)
    client.images.get(tag).tag(f"{PROJECT}/{recipe.name}", "latest")
    return tag


def version(recipe: Recipe) -> dict[str, str]:
    """The version label of an image with JupyterHub in it, as constraints.txt pins that; others have one in their Dockerfile."""
    has_hub = "constraints.txt" in recipe.patterns
    path = TREE / recipe.folder / "constraints.txt"
    pinned = re.search(r"^jupyterhub==(\S+)", path.read_text() if has_hub else "", re.MULTILINE)
    return {LABEL + "version": pinned[1]} if pinned else {}


@verb
def main() -> int:
    """Build what is missing, and print SETTING=NAME of each. 0; 4 when nothing was begun, 10 when a build failed; the last
    line says which."""
    try:
        for setting, name in built(engine.connect(), load()).items():
            print(f"{setting}={name}", flush=True)
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
