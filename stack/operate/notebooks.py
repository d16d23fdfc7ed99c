"""What users' servers are to get, judged before a deploy: sizes and volumes. All complaints at once."""

import re

import docker

from hub.profiles import bytes_in, memory_fault
from stack.operate import profiles
from stack.operate.settings import Settings

VOLUME_OPTION = re.compile(r"[\w.-]+=\S+")
PROCESSORS = re.compile(r"\d+(\.\d+)?")


def complaints(client: docker.DockerClient, settings: Settings) -> list[str]:
    """Whole sentences; empty if every server can be had as the settings say."""
    return [*sizes(settings), *driver(client, settings), *options(settings), *profiles.complaints(client, settings)]


def sizes(settings: Settings) -> list[str]:
    """Limits, and what is kept free: that may be nothing, but never more than the limit."""
    found = [f"{name}={settings[name]} {why}." for name in given(settings, "NOTEBOOK_MEMORY")
             if (why := memory_fault(settings[name]))]
    found += [f"{name}={settings[name]} is no number of processors: write 0.5 or 2."
              for name in given(settings, "NOTEBOOK_CPUS") if not PROCESSORS.fullmatch(settings[name])]
    return found or [*too_much(settings, "NOTEBOOK_MEMORY", bytes_in), *too_much(settings, "NOTEBOOK_CPUS", float)]


def given(settings: Settings, limit: str) -> list[str]:
    """The name of a limit, which is always there, and of its guarantee if that is there."""
    return [limit, *(name for name in [f"{limit}_GUARANTEE"] if settings[name])]


def too_much(settings: Settings, limit: str, size) -> list[str]:
    """The complaint about a guarantee that no server could ever take."""
    kept = settings[f"{limit}_GUARANTEE"]
    if not kept or size(kept) <= size(settings[limit]):
        return []
    return [f"{limit}_GUARANTEE={kept} is more than {limit}={settings[limit]}, so that no server could take what is kept for"
            " it: raise the limit, or keep less."]


def driver(client: docker.DockerClient, settings: Settings) -> list[str]:
    """The driver of users' volumes must be one of the engine's."""
    name, known = settings["NOTEBOOK_VOLUME_DRIVER"], client.info().get("Plugins", {}).get("Volume") or []
    if not name or {name, f"{name}:latest"} & {*known}:
        return []
    return [f"NOTEBOOK_VOLUME_DRIVER={name} is no volume driver of this node, which has {', '.join(known) or 'none'}: install it"
            " on every node (`docker plugin install`), and mind the spelling."]


def options(settings: Settings) -> list[str]:
    """The driver's options must not lead all users to one place."""
    words = settings["NOTEBOOK_VOLUME_OPTIONS"].split()
    found = [f"NOTEBOOK_VOLUME_OPTIONS has {word}, which is not name=value: separate options by spaces."
             for word in words if not VOLUME_OPTION.fullmatch(word)]
    values = dict(word.partition("=")[::2] for word in words)
    device, is_local = values.get("device", ""), settings["NOTEBOOK_VOLUME_DRIVER"] in ("", "local")
    if is_local and device and values.get("type") != "tmpfs" and "{volume}" not in device:
        found.append(f"NOTEBOOK_VOLUME_OPTIONS has device={device}, one place for all users, who could then read each other's"
                     " files: write {volume} where the name of a user's own folder belongs.")
    return found
