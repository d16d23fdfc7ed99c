"""A document for people, and the command blocks in it: what to type, and what is then said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes, utils
from docutils.core import publish_doctree

from acceptance.harness.errors import SettingsError

ROOT = Path(__file__).parents[1]
ANYTHING = "…"  # in what a document shows: here more was said, or something else at every time
# What a command block says of itself, as its `:class:`.
KINDS = {
    "typed": "typed by `python -m acceptance.readme` on a real engine, and its words compared",
    "refused": "typed too: it has to fail, in these words",
    "nodes": "needs a registry or further nodes, which a gate does not have; its command and options are checked",
    "gate": "what a gate itself consists of: it cannot run inside itself; its command and options are checked",
    "root": "changes the machine; compared with what the project itself would install",
}


@dataclass(frozen=True)
class Step:
    """One command, and the words that the document shows after it."""

    command: str
    shown: str

    def is_said(self, said: str) -> bool:
        """Are these the words that are shown? Nothing shown promises nothing; columns may be wider."""
        wanted = re.escape(" ".join(self.shown.split())).replace(re.escape(ANYTHING), ".*")
        return not self.shown or bool(re.fullmatch(wanted, " ".join(said.split())))


@dataclass(frozen=True)
class Block:
    """A console block of a document: its kind, and its steps in their order."""

    document: str
    kind: str
    steps: tuple[Step, ...]


def documents() -> list[Path]:
    """README and the guides that it links."""
    return [ROOT / "README.rst", *sorted((ROOT / "docs").glob("*.rst"))]


def blocks_of(path: Path) -> list[Block]:
    """The console blocks of a document, in order. Raises SettingsError for what is no good reStructuredText."""
    return [Block(path.name, _kind(each, path), tuple(_steps(each.astext()))) for each in literals(path, "console")]


def literals(path: Path, language: str) -> list[nodes.literal_block]:
    """The code blocks of a document in one language. Raises SettingsError with docutils' complaints."""
    complaints: list[str] = []
    quiet = {"report_level": utils.Reporter.SEVERE_LEVEL + 1, "syntax_highlight": "none", "halt_level": 5}
    tree = publish_doctree(path.read_text(encoding="utf-8"), source_path=str(path), settings_overrides=quiet)
    complaints += [message.astext() for message in tree.parse_messages]
    if complaints:
        raise SettingsError(f"{path.name}: {complaint}" for complaint in complaints)
    return [each for each in tree.findall(nodes.literal_block) if language in each["classes"]]


def _kind(block: nodes.literal_block, path: Path) -> str:
    named = [each for each in block["classes"] if each in KINDS]
    if len(named) != 1:
        first = block.astext().partition("\n")[0]
        raise SettingsError([f"{path.name}: the block of `{first}` needs one `:class:` of {', '.join(KINDS)}"])
    return named[0]


def _steps(text: str) -> Iterator[Step]:
    """Lines that begin with `$ ` are typed; those after each are what it says."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield Step(command.strip(), shown.strip())
