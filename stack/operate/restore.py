"""`make restore FROM=…`: secrets, the hub's database and users' volumes as a backup has them; then `make deploy`.

For a stack that is not there. What it ends with: `restore=OK|REFUSED|FAILED exit=N`.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker

from stack.operate import database, engine, manifest, secrets_folder, soundness, surroundings, volumes
from stack.operate.builder import BuildFailed
from stack.operate.images import built
from stack.operate.manifest import Manifest, Part
from stack.operate.settings import TREE, Refused, Settings, load
from stack.operate.streams import CommandFailed
from stack.operate.surroundings import Wish
from stack.operate.verb import verb
from stack.operate.wait import RanOut

IMAGES = {database.SQLITE.kind: "HUB_IMAGE", database.POSTGRESQL.kind: "POSTGRES_IMAGE"}


def restore(client: docker.DockerClient, wish: Wish) -> None:
    """Make all of it again. Raises Refused before anything is touched; what fails after that takes away what it made."""
    found = soundness.complaints(wish.folder, wish.told, wish.parts) + surroundings.complaints(client, wish)
    images = built(client, wish.settings) if not found else {}
    if found := found or surroundings.too_old(client, wish.told, images["HUB_IMAGE"]):
        raise Refused(found)
    folder = wish.settings.secrets_dir
    secrets = secrets_folder.contents(wish.folder / wish.told.of_kind("secrets")[0].file)
    new = secrets_folder.stage(folder, secrets)
    try:
        with gone_on_failure(client) as made:
            for part in wish.parts:
                refill(client, images, part, wish.folder, made)
            kept = secrets_folder.put_in_place(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)      # it is in place by now, or of no use
    print(f"secrets: {len(secrets)} in {folder}" + (f"; those that were there are in {kept}" if kept else ""))


@contextmanager
def gone_on_failure(client: docker.DockerClient) -> Iterator[list[str]]:
    """A list of volumes: whatever fails, Ctrl-C too, none that stands in it is left."""
    made: list[str] = []
    try:
        yield made
    except BaseException:
        for name in made:
            client.volumes.get(name).remove(force=True)
        raise


def refill(client: docker.DockerClient, images: dict[str, str], part: Part, folder: Path, made: list[str]) -> None:
    """Make the volume of a part anew, and fill it. A part without one is the secrets."""
    if not part.volume:
        return
    if volumes.find(client, part.volume.name):
        client.volumes.get(part.volume.name).remove()
    volumes.make(client, part.volume)
    made.append(part.volume.name)
    if part.kind == "database":
        kind = database.KINDS[part.database]
        database.restore(client, kind, images[IMAGES[part.database]], part.volume, folder / part.file)
    else:
        with (folder / part.file).open("rb") as tar:
            volumes.fill(client, images["HUB_IMAGE"], part.volume, tar)
    print(f"{part.kind} {part.database or 'of ' + part.volume.user}: as of {part.began}", flush=True)


def place(settings: Settings, name: str) -> Path:
    """The folder of a backup: a path, its name in BACKUP_DIR, or `latest` there. Raises Refused, with what there is."""
    there = sorted(path.parent.name for path in settings.backup_dir.glob(f"{settings.stack}-*/{manifest.NAME}"))
    whole = [each for each in there if not each.endswith(".partial")]
    if not name or (name == "latest" and not whole):
        raise Refused([f"Say which backup: FROM=… or FROM=latest; in {settings.backup_dir} there are:"
                       f" {', '.join(whole) or 'none'}."])
    if name == "latest":
        return settings.backup_dir / whole[-1]
    return TREE / name if (TREE / name).is_dir() else settings.backup_dir / name


def changed(told: Manifest, settings: Settings) -> list[str]:
    """Settings that are not what they were: no reason to stop, one to look."""
    return [f"setting {name} was {then!r} and is {settings.values[name]!r}" for name, then in told.settings.items()
            if name != "BACKUP_DIR" and settings.values.get(name, then) != then]


def wished(settings: Settings, arguments: argparse.Namespace) -> Wish:
    """What the command line asks for. Raises Refused where that is no backup."""
    folder = place(settings, arguments.folder)
    told = manifest.read(folder)
    parts = [part for part in told.parts if part.kind != "volume" or not arguments.without_volumes]
    return Wish(settings, folder, told, parts, arguments.over)


@verb
def main() -> int:
    """0 when all is there for `make deploy`; 4 when nothing was touched, 10 when it failed and took its own away again."""
    parser = argparse.ArgumentParser(prog="make restore", description=__doc__)
    parser.add_argument("folder", help="a backup's folder, its name in BACKUP_DIR, or `latest`")
    parser.add_argument("--without-volumes", action="store_true", help="leave users' volumes as they are")
    parser.add_argument("--over", action="store_true", help="also over volumes and secrets of this stack that are there")
    arguments = parser.parse_args()
    try:
        settings = load()
        wish = wished(settings, arguments)
        restore(engine.manager(), wish)
    except Refused as refused:
        print(f"{refused}\nrestore=REFUSED exit=4", file=sys.stderr)
        return 4
    except (CommandFailed, RanOut, BuildFailed, docker.errors.DockerException, OSError) as failed:
        print(f"Nothing was restored: {failed}\nrestore=FAILED exit=10", file=sys.stderr)
        return 10
    print(*changed(wish.told, settings), f"stack {settings.stack} is restored; `make deploy` starts it", sep="\n")
    print("restore=OK exit=0", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
