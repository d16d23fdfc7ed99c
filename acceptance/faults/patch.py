"""What a fault changes: files of a copy of the tree, settings, options of the run, the engine."""

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from acceptance.harness.errors import SettingsError
from acceptance.harness.options import OPTIONS

STACK_FILE = "stack/docker-compose.yml"
# What is no part of the tree though it lies in it; used where git cannot say.
FOREIGN = shutil.ignore_patterns(
    ".git", ".venv", ".tox", "reports", "secrets", "__pycache__", "*.egg-info", ".*_cache"
)
# The keys of each entry of a list of file changes.
ENTRIES = {"replace": {"file", "find", "with"}, "append": {"file", "text"}, "write": {"file", "text"}}


@dataclass(frozen=True)
class Patch:
    """The changes of one fault. All are optional; together they must change something."""

    replace: list[dict[str, str]] = field(
        default_factory=list
    )  # `find`, which stands once in `file`, becomes `with`
    append: list[dict[str, str]] = field(default_factory=list)  # `text` goes to the end of `file`
    write: list[dict[str, str]] = field(default_factory=list)  # `file` becomes `text`
    delete: list[str] = field(default_factory=list)  # these files go
    stack: dict[str, Any] = field(default_factory=dict)  # merged into the stack file; null takes a key out
    environment: dict[str, Any] = field(default_factory=dict)  # settings of `make deploy`
    options: dict[str, Any] = field(default_factory=dict)  # options of the harness, without `--`
    act: list[str] = field(
        default_factory=list
    )  # shell commands on the engine, after deploying and before judging

    @classmethod
    def complaints(cls, data: Any) -> list[str]:
        """What is wrong with a patch as read from YAML, in words."""
        kinds = {each.name: each.default_factory for each in fields(cls)}
        if not isinstance(data, dict) or not data or data.keys() - kinds:
            return [f"patch has to have one or more of {', '.join(kinds)}, and nothing else"]
        found = [
            f"patch: {kind} is a {kinds[kind].__name__}"
            for kind in data
            if not isinstance(data[kind], kinds[kind])
        ]
        if found:
            return found
        for kind, keys in ENTRIES.items():
            found += [
                f"patch: each {kind} has the keys {', '.join(sorted(keys))}"
                for each in data.get(kind, ())
                if {*each} != keys
            ]
        unknown = data.get("options", {}).keys() - {option.name for option in OPTIONS}
        return found + [f"patch: --{name} is no option of the harness" for name in sorted(unknown)]

    def apply(self, tree: Path) -> None:
        """Changes the files of a copy. Raises SettingsError where the fault no longer applies to the tree."""
        for each in self.replace:
            self._rewrite(tree, each["file"], lambda text, each=each: _replaced(text, each))
        for each in self.append:
            self._rewrite(tree, each["file"], lambda text, each=each: text + each["text"])
        for each in self.write:
            path = tree / each["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each["text"], encoding="utf-8")
        for name in self.delete:
            _existing(tree, name).unlink()
        if self.stack:
            self._rewrite(tree, STACK_FILE, lambda text: _overlaid(text, self.stack))

    @property
    def digest(self) -> str:
        """A name of 12 hex digits for this very change."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]

    @property
    def files(self) -> set[str]:
        """The files of the tree that it needs to find there."""
        named = {each["file"] for each in (*self.replace, *self.append)} | {*self.delete}
        return named | ({STACK_FILE} if self.stack else set())

    def refusal(self, tree: Path) -> str:
        """Why it does not apply to this tree, which stays as it is; empty if it does."""
        with tempfile.TemporaryDirectory(prefix="nbi-patch-") as name:
            for file in (file for file in self.files if (tree / file).is_file()):
                (Path(name) / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(tree / file, Path(name) / file)
            try:
                self.apply(Path(name))
            except SettingsError as error:
                return str(error)
        return ""

    @staticmethod
    def _rewrite(tree: Path, name: str, change: Any) -> None:
        path = _existing(tree, name)
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def copied(source: Path, target: Path) -> Path:
    """A copy of the tree as its author sees it: what git tracks or would, else all that is not foreign."""
    asked = ["git", "-C", str(source), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if not (source / ".git").exists():
        return Path(shutil.copytree(source, target, ignore=FOREIGN, symlinks=True))
    listed = subprocess.run(asked, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (source / name).is_file():  # a file that is deleted but not yet committed is listed, too
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, target / name)
    return target


def merged(base: Any, overlay: Any) -> Any:
    """`base` with the mappings of `overlay` laid over it: lists and values are replaced, null drops a key."""
    if not (isinstance(base, dict) and isinstance(overlay, dict)):
        return overlay
    both = base | {key: merged(base.get(key), value) for key, value in overlay.items()}
    return {key: value for key, value in both.items() if not (key in overlay and value is None)}


def _overlaid(text: str, overlay: dict[str, Any]) -> str:
    return yaml.safe_dump(merged(yaml.safe_load(text), overlay), sort_keys=False)


def _replaced(text: str, change: dict[str, str]) -> str:
    count = text.count(change["find"])
    if count != 1:
        raise SettingsError(
            f"the fault no longer applies: {change['find']!r} stands {count} times in {change['file']}; "
            "look at what the file says now and write the fault anew"
        )
    return text.replace(change["find"], change["with"])


def _existing(tree: Path, name: str) -> Path:
    path = tree / name
    if not path.is_file():
        raise SettingsError(
            f"the fault no longer applies: there is no {name} in the tree; write the fault anew"
        )
    return path
