"""YAML that a person has written: a list of entries, each with the line where it stands, and each scalar as it was typed."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from acceptance.harness.errors import SettingsError


@dataclass(frozen=True)
class Entry:
    """One mapping of the list: its `values` by key, its `line`, and the `lines` of its keys.

    Scalars are text whatever they look like: `no`, `0042` and `2026-12-31` are those characters, and nothing at all is ''.
    """

    path: Path
    line: int
    values: dict[str, Any]
    lines: dict[str, int]

    def complaint(self, words: str, key: str = "") -> str:
        """`file:line: words`, with the line of that key if the entry has it."""
        return f"{self.path}:{self.lines.get(key, self.line)}: {words}"


def entries(path: Path) -> list[Entry]:
    """The entries of the file; none where it holds nothing but comments.

    Raises SettingsError with `file:line: complaint`, all of them: of what is no YAML, no list of mappings, or has a key twice.
    """
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        values = loader.construct_document(root) if root else []
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path}: cannot be read ({error}); check the path"]) from error
    except yaml.MarkedYAMLError as error:
        raise SettingsError([f"{path}:{_line(error.problem_mark)}: no YAML: {error.problem}"]) from error
    except yaml.YAMLError as error:
        raise SettingsError([f"{path}: no YAML: {error}"]) from error
    nodes = root.value if isinstance(root, yaml.SequenceNode) else []
    complaints = [] if nodes or not values else [(_line(root.start_mark), "not a list; begin each entry with `- `")]
    complaints += [(_line(node.start_mark), "not a mapping; write `key: value` lines in it")
                   for node in nodes if not isinstance(node, yaml.MappingNode)]
    if complaints := sorted(complaints + loader.twice):
        raise SettingsError(f"{path}:{line}: {words}" for line, words in complaints)
    return [Entry(path, _line(node.start_mark), value, {key.value: _line(key.start_mark) for key, _ in node.value})
            for node, value in zip(nodes, values, strict=True)]


class _Loader(yaml.BaseLoader):
    """yaml's loader that leaves scalars as text; it notes keys that stand twice, of which yaml would take the last."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.twice: list[tuple[int, str]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        self.twice += [(_line(key.start_mark), f"{key.value} stands twice in one entry")
                       for place, (key, _) in enumerate(node.value) if key.value in keys[:place]]
        return super().construct_mapping(node, deep)


def _line(mark: yaml.Mark | None) -> int:
    return mark.line + 1 if mark else 1
