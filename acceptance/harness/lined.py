"""YAML of which every part knows its line, so that a complaint can name it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.scanner import ScannerError

from acceptance.harness.errors import SettingsError


@dataclass(frozen=True)
class Lined:
    """A text, a list or a mapping of a YAML file, and the line where it begins. All scalars are texts; nothing is ''."""

    value: "str | list[Lined] | dict[str, Lined]"
    line: int


class _Loader(yaml.SafeLoader):
    """Reads escapes of characters only; PyYAML stumbles over "\\U00110000", and hands on "\\uD800", which nobody can print."""

    def scan_flow_scalar_non_spaces(self, *place: Any) -> list[str]:
        """The next part of a quoted text. Raises ScannerError."""
        try:
            found = super().scan_flow_scalar_non_spaces(*place)
            "".join(found).encode()
        except (ValueError, OverflowError) as error:
            raise ScannerError(problem="an escape that stands for no character", problem_mark=self.get_mark()) from error
        return found


def read(path: Path) -> Lined:
    """The content of a file. Raises SettingsError with every complaint, each as `NAME:LINE: …`."""
    try:
        text = path.read_text(encoding="utf-8")
        complaints = [f"{path.name}:{event.start_mark.line + 1}: *{event.anchor} stands for something elsewhere: write it out"
                      for event in yaml.parse(text, _Loader) if isinstance(event, yaml.AliasEvent)]
        found = _lined(yaml.compose(text, _Loader) if not complaints else None, path.name, complaints)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}:1: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"{path.name}:{_line(error, text)}: not YAML: {getattr(error, 'problem', None) or error}") from error
    except RecursionError as error:
        raise SettingsError(f"{path.name}:1: lists and mappings stand too deep in each other here") from error
    if complaints:
        raise SettingsError(complaints)
    return found


def _line(error: yaml.YAMLError, text: str) -> int:
    """Where the parser stumbled; a character that YAML cannot carry is told by its position only."""
    mark, position = getattr(error, "problem_mark", None), getattr(error, "position", 0)
    return (mark.line if mark else text.count("\n", 0, position)) + 1


def _lined(node: yaml.Node | None, name: str, complaints: list[str]) -> Lined:
    line = node.start_mark.line + 1 if node else 1
    if isinstance(node, yaml.MappingNode):
        return Lined(_mapping(node, name, complaints), line)
    if isinstance(node, yaml.SequenceNode):
        return Lined([_lined(each, name, complaints) for each in node.value], line)
    is_nothing = node is None or node.tag == "tag:yaml.org,2002:null"
    return Lined("" if is_nothing else node.value, line)


def _mapping(node: yaml.MappingNode, name: str, complaints: list[str]) -> dict[str, Lined]:
    found: dict[str, Lined] = {}
    for key, value in node.value:
        at = f"{name}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode):
            complaints.append(f"{at}: a key is a word")
        elif key.value in found:
            complaints.append(f"{at}: {key.value} stands here twice (before that in line {found[key.value].line})")
        else:
            # A complaint about a value names its key's line: there the reader looks.
            found[key.value] = Lined(_lined(value, name, complaints).value, key.start_mark.line + 1)
    return found
