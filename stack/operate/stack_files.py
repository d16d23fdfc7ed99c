"""What the stack files declare: the reference and its overlays, read as `docker stack deploy` reads them."""

import re
from pathlib import Path

import yaml

from stack.operate.settings import TREE, Settings

VARIABLE = re.compile(r"\$\{(\w+)(?::-([^{}]*))?\}")
DEMANDED = re.compile(r"\$\{(\w+):\?([^{}]*)\}")


def declared(settings: Settings, kind: str) -> dict[str, dict]:
    """Every entry of a section (networks, configs, secrets) by its name; a later file replaces an entry whole."""
    found = {}
    for content in understood(settings)[0]:
        found |= content.get(kind) or {}
    return {name: entry or {} for name, entry in found.items()}


def files(settings: Settings, kind: str) -> dict[str, Path]:
    """The file behind each config, or each secret. Need not exist yet."""
    return {name: TREE / "stack" / expanded(entry["file"], settings) for name, entry in declared(settings, kind).items()}


def use(settings: Settings, variable: str) -> bool:
    """Whether a stack file asks for this setting. One that cannot be read asks for nothing: no deploy goes on then."""
    return any(f"${{{variable}" in path.read_text() for path in settings.stack_files if path.is_file())


def expanded(text: str, settings: Settings) -> str:
    """The text with each ${NAME} and ${NAME:-default} as the deploy fills it in."""
    known = settings.exported()
    return VARIABLE.sub(lambda match: known.get(match[1]) or match[2] or "", text)


def complaints(settings: Settings) -> list[str]:
    """What keeps a stack file from being read or filled in, and the files that it names from being found."""
    unread = understood(settings)[1]
    return unread or [*unsaid(settings), *missing(settings)]


def unsaid(settings: Settings) -> list[str]:
    """Settings that a stack file demands, as ${NAME:?what it is}, and that are empty."""
    known = settings.exported()
    return [f"{path.name} needs {name}, {words}: say {name}=…, or set it in stack/stack.env."
            for path in settings.stack_files for name, words in dict(DEMANDED.findall(path.read_text())).items()
            if not known.get(name)]


def missing(settings: Settings) -> list[str]:
    """Files that become configs, and that are not there."""
    return [f"The config {name} is to be {path}, which does not exist: correct the setting that names it."
            for name, path in files(settings, "configs").items() if not path.is_file()]


def understood(settings: Settings) -> tuple[list[dict], list[str]]:
    """The contents of the stack files that can be read, and a complaint about each other one: no deploy goes on then."""
    contents, found = [], []
    for path in settings.stack_files:
        try:
            contents.append(yaml.safe_load(path.read_text()))
        except OSError as error:
            found.append(f"OVERLAYS names {path}, which cannot be read ({error.strerror}): write paths from the top of the"
                         " project.")
        except yaml.YAMLError as error:
            found.append(f"{path} is not YAML ({' '.join(str(error).split())}): correct it there.")
    return contents, found
