"""The profiles that stack/profiles.yml offers to people, judged before a deploy."""

import docker

from hub.profiles import Profile, ProfilesError, bytes_in, read_profiles
from stack.operate import engine, stack_files
from stack.operate.settings import Settings


def complaints(client: docker.DockerClient, settings: Settings) -> list[str]:
    """Whole sentences, all of them; empty too where that overlay is not deployed."""
    path = stack_files.files(settings, "configs").get("profiles")
    if not path:
        return []
    try:
        found = read_profiles(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", "") or error
        return [f"PROFILES_FILE={path} cannot be read ({why}): write its path from the top of the project."]
    except ProfilesError as error:
        return [f"PROFILES_FILE={path}: {complaint}" for complaint in error.complaints]
    judged = [why for profile in found for why in (*too_much(profile, settings), *missing(client, profile))]
    return [f"PROFILES_FILE={path}: Profile {why}" for why in judged]


def too_much(profile: Profile, settings: Settings) -> list[str]:
    """A guarantee over the limit, of which the profile says only one and the settings the other."""
    memory = profile.memory or settings["NOTEBOOK_MEMORY"], profile.memory_guarantee or settings["NOTEBOOK_MEMORY_GUARANTEE"]
    cpus = profile.cpus or settings["NOTEBOOK_CPUS"], profile.cpus_guarantee or settings["NOTEBOOK_CPUS_GUARANTEE"]
    return [f"{profile.id} would keep {name} {kept} free for a server that may take {limit}, as the settings say what it does"
            f" not: write {name} and {name}_guarantee both."
            for name, (limit, kept), size in (("memory", memory, bytes_in), ("cpus", cpus, number_in))
            if kept and (size(kept) or 0) > (size(limit) or 0)]


def number_in(given: str | float) -> float | None:
    """Processors as a number; None for a setting that is none, which has a complaint of its own."""
    try:
        return float(given)
    except ValueError:
        return None


def missing(client: docker.DockerClient, profile: Profile) -> list[str]:
    """An image that nobody has."""
    if not profile.image or not (why := engine.absence(client, profile.image)):
        return []
    return [f"{profile.id} has the image {profile.image}, which is not on this engine, nor in a registry that it reaches"
            f" ({why}). Build, load or push it first, and mind the spelling."]
