"""`make backup`: the hub's database, the secrets and users' volumes, into one folder that `make restore` reads.

What it ends with: `backup=OK|REFUSED|FAILED exit=N`.
"""

import argparse
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import docker

from stack.operate import database, engine, manifest, secrets_folder, volumes
from stack.operate.database import Database
from stack.operate.manifest import Manifest, Part, now
from stack.operate.settings import Refused, Settings, load
from stack.operate.stack_objects import running_container, service_of
from stack.operate.streams import CommandFailed, output_of
from stack.operate.verb import verb
from stack.operate.wait import RanOut

JUPYTERHUB = ["python3", "-c", "import importlib.metadata; print(importlib.metadata.version('jupyterhub'))"]


def backup(client: docker.DockerClient, settings: Settings, with_volumes: bool) -> Path:
    """Write a whole backup and return its folder. Raises Refused before anything is written, else leaves no half of one."""
    if found := complaints(client, settings):
        raise Refused(found)
    folder = settings.backup_dir / f"{settings.stack}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    partial = folder.with_name(folder.name + ".partial")
    partial.mkdir(mode=0o700)
    try:
        write(client, settings, partial, with_volumes)
        partial.rename(folder)
    except BaseException:       # also Ctrl-C
        shutil.rmtree(partial)
        raise
    return folder


def complaints(client: docker.DockerClient, settings: Settings) -> list[str]:
    """What stands in the way, all of it."""
    found, folder = [], settings.backup_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        found.append(f"No backup can be written to {folder}: let the user who runs this write it, or name another folder with"
                     " BACKUP_DIR=…")
    if not settings.secrets_dir.is_dir():
        found.append(f"There are no secrets in {settings.secrets_dir}. SECRETS_DIR=… names the folder that the stack was"
                     " deployed with.")
    hub = service_of(client, settings, "hub")
    services = dict.fromkeys(("hub", database.in_use(hub).service)) if hub else ("hub",)
    return found + [f"The service {settings.stack}_{name} does not run on the engine at {engine.endpoint()}, and only a running"
                    " one tells its database. `make status` tells why; on a swarm of several managers ask the hub's."
                    for name in services if running_container(client, settings, name) is None]


def write(client: docker.DockerClient, settings: Settings, folder: Path, with_volumes: bool) -> None:
    """Database first, so that nobody is known there whose files are missing; the manifest last."""
    began, hub = now(), service_of(client, settings, "hub")
    image = hub.attrs["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"]      # which is on this engine
    kept, versions = database_part(client, settings, database.in_use(hub), folder)
    parts = [kept, secrets_part(settings, folder)]
    found = volumes.users_volumes(client, settings.stack)
    parts += [user_part(client, image, volume, folder) for volume in found] if with_volumes else []
    left_out = [] if with_volumes else [volume.name for volume in found]
    versions |= {"hub_image": image, "engine": client.version()["Version"]}
    Manifest(settings.stack, began, now(), versions, dict(settings.values), left_out, parts).write(folder)


def database_part(client: docker.DockerClient, settings: Settings, kind: Database, folder: Path) -> tuple[Part, dict[str, str]]:
    """The hub's database, and the versions of what wrote it."""
    began, path = now(), folder / kind.file
    hub, container = (running_container(client, settings, name) for name in ("hub", kind.service))
    written = database.write(client, kind, container, path)
    volume = volumes.find(client, f"{settings.stack}_{kind.volume}")
    kept = manifest.part("database", kind.file, written, began, volume=volume, database=kind.kind)
    say(kept, f"database ({kind.kind})")
    return kept, {"jupyterhub": output_of(client, hub, JUPYTERHUB), **database.versions(client, kind, container, path)}


def secrets_part(settings: Settings, folder: Path) -> Part:
    """All secrets in one file."""
    began, path = now(), folder / "secrets.tar"
    kept = manifest.part("secrets", path.name, secrets_folder.write(settings.secrets_dir, path), began)
    say(kept, "secrets")
    return kept


def user_part(client: docker.DockerClient, image: str, volume: volumes.Volume, folder: Path) -> Part:
    """One user's volume, as of the moments between which it is read."""
    began, in_use, file = now(), volumes.is_in_use(client, volume.name), f"volume-{volume.name}.tar"
    written = volumes.read(client, image, volume, folder / file)
    copied = manifest.part("volume", file, written, began, volume=volume, was_in_use=in_use)
    say(copied, f"volume of {volume.user}")
    return copied


def say(part: Part, what: str) -> None:
    """A line a part; and what is not as it should be in it."""
    busy = "; the user's server ran meanwhile" if part.was_in_use else ""
    print(f"{what}: {part.bytes:,} bytes, as of {part.began} to {part.ended}{busy}", flush=True)
    for remark in part.remarks:
        print(f"  {remark}", flush=True)


@verb
def main() -> int:
    """0 with the backup's folder in the last line but one; 4 when nothing was begun, 10 when it did not end well."""
    parser = argparse.ArgumentParser(prog="make backup", description=__doc__)
    parser.add_argument("--without-volumes", action="store_true", help="leave users' files out")
    arguments = parser.parse_args()
    try:
        settings = load()
        client = engine.manager()
        folder = backup(client, settings, not arguments.without_volumes)
    except Refused as refused:
        print(f"{refused}\nbackup=REFUSED exit=4", file=sys.stderr)
        return 4
    except (CommandFailed, RanOut, docker.errors.DockerException, OSError) as failed:
        print(f"No backup was made: {failed}\nbackup=FAILED exit=10", file=sys.stderr)
        return 10
    if not engine.is_single_node(client):
        print("This swarm has several nodes: volumes on the disks of others are not in it, only what this node reaches.")
    if settings["TLS_CERT"]:
        print(f"{settings['TLS_CERT']} and its key are your own files, and not in it.")
    print(f"backup in {folder}: it holds every secret of the stack, so keep it as one. `make restore FROM={folder}` reads it.")
    print("backup=OK exit=0", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
