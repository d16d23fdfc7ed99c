"""What stands in the way of a restore, found before anything is touched: a running stack, volumes and secrets that are there."""

import tarfile
from dataclasses import dataclass
from pathlib import Path

import docker

from stack.operate import database, secrets_folder, volumes
from stack.operate.images import LABEL
from stack.operate.manifest import Manifest, Part
from stack.operate.settings import Settings
from stack.operate.stack_objects import notebooks_of, services_of


@dataclass(frozen=True)
class Wish:
    """What is to be restored: these parts of the backup in this folder; `over` what is there, or only where nothing is."""

    settings: Settings
    folder: Path
    told: Manifest
    parts: list[Part]
    over: bool


def complaints(client: docker.DockerClient, wish: Wish) -> list[str]:
    """Whole sentences, all of them; empty if nothing stands in the way."""
    deployed = of_services(client, wish.settings)
    holders = of_holders(client, wish) if not deployed else []      # which else are the stack's own containers
    return [*of_names(wish), *deployed, *of_database(wish), *of_volumes(client, wish), *holders, *of_secrets(wish)]


def of_names(wish: Wish) -> list[str]:
    """The stack's name is part of the name of each volume."""
    told, here = wish.told.stack, wish.settings.stack
    return [] if told == here else [f"The backup is of stack {told}, and STACK_NAME is {here}: say STACK_NAME={told}, or take"
                                    " another backup."]


def of_services(client: docker.DockerClient, settings: Settings) -> list[str]:
    """Nothing is restored under a running hub, which would go on writing."""
    there = sorted(service.name for service in services_of(client, settings) + notebooks_of(client, settings))
    return [f"The stack {settings.stack} is deployed ({', '.join(there)}). `make backup` keeps what it has; then `make remove`,"
            " and restore again."] if there else []


def of_database(wish: Wish) -> list[str]:
    """The next deploy must look for the database where the restore puts it."""
    then = wish.told.of_kind("database")[0].database
    now = database.to_be_deployed(wish.settings).kind
    return [] if then == now else [f"The backup's database is {then}, and these settings deploy {now}. It was made with OVERLAYS="
                                   f"{wish.told.settings.get('OVERLAYS', '')!r}, and OVERLAYS is {wish.settings['OVERLAYS']!r}."]


def of_volumes(client: docker.DockerClient, wish: Wish) -> list[str]:
    """Volumes of those names: another's is never touched, our own only where that was said."""
    there = [volume for part in wish.parts if part.volume and (volume := volumes.find(client, part.volume.name))]
    ours = [volume for volume in there if volume.is_of(wish.settings.stack)]
    found = [f"The volume {volume.name} is there and not labelled as one of stack {wish.settings.stack}, so it is somebody"
             " else's. Remove it yourself if it may go." for volume in there if volume not in ours]
    if ours and not wish.over:
        found.append(f"Volumes of the backup are there already: {', '.join(volume.name for volume in ours)}. OVER=1 deletes them"
                     " and makes them anew; VOLUMES=0 leaves users' volumes as they are.")
    return found


def of_holders(client: docker.DockerClient, wish: Wish) -> list[str]:
    """A volume that a container has, running or not, cannot be made anew."""
    return [f"The volume {part.volume.name} is mounted by a container: remove that first; `docker ps --all --filter"
            f" volume={part.volume.name}` names it." for part in wish.parts
            if part.volume and volumes.is_in_use(client, part.volume.name, ended=True)]


def of_secrets(wish: Wish) -> list[str]:
    """Secrets that are there and would be lost."""
    folder = wish.settings.secrets_dir
    try:
        wanted = secrets_folder.contents(wish.folder / wish.told.of_kind("secrets")[0].file)
    except (OSError, EOFError, ValueError, tarfile.TarError):
        return []               # the backup's own file is at fault; soundness tells of that
    other = secrets_folder.differences(folder, wanted)
    return [f"{folder} holds other secrets than the backup ({', '.join(other)}). OVER=1 moves that folder aside; or name an"
            " empty one with SECRETS_DIR=…"] if other and not wish.over else []


def too_old(client: docker.DockerClient, told: Manifest, hub_image: str) -> list[str]:
    """An older hub does not read the database of a newer one. (A newer one brings it to its own form.)"""
    ours = (client.images.get(hub_image).labels or {}).get(f"{LABEL}version", "")
    theirs = told.versions.get("jupyterhub", "")
    if not (ours and theirs) or numbers(theirs) <= numbers(ours):
        return []
    return [f"The backup's database is JupyterHub {theirs}'s, and the hub image {ours} cannot read it. Restore with the images"
            " that made it, or newer ones."]


def numbers(version: str) -> list[int]:
    """6.1.1 as [6, 1, 1]; what follows the digits of a part does not count."""
    return [int("".join(filter(str.isdigit, part)) or 0) for part in version.split(".")[:3]]
