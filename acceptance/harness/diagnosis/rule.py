"""One rule: what is looked for in which evidence, and the sentence that it means, with the values seen."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import yaml

from acceptance.harness.diagnosis.case import PLACES, Case
from acceptance.harness.errors import SettingsError

FOLDER = Path(__file__).parent / "rules"
KEYS = {"checks", "seen", "unseen", "cause", "confidence"}
CONFIDENCES = ("possible", "likely", "sure")  # how it shows itself; what the cause brings about; the cause itself
LONGEST = 160  # characters of one value in a sentence
GIVEN, TIED = re.compile(r"\(\?P<(\w+)>"), re.compile(r"\(\?P=(\w+)\)")


class Look(NamedTuple):
    """A pattern, and the place of PLACES where it is looked for.

    `(?P=name)` stands for a value that the same pattern has given, or an earlier look of the rule: what ties a setting
    to the error that it brings about.
    """

    place: str
    pattern: str

    def names(self) -> set[str]:
        """The groups that it gives."""
        return {*GIVEN.findall(self.pattern)}

    def first(self, case: Case, values: Mapping[str, str]) -> tuple[re.Match[str] | None, str]:
        """The first match in the case, and the file that has it; None where nothing matches."""
        pattern = _compiled(TIED.sub(lambda tie: self._tied(tie, values), self.pattern))
        for kept in case.texts(self.place):
            if match := pattern.search(kept.text):
                return match, kept.path
        return None, ""

    def _tied(self, tie: re.Match[str], values: Mapping[str, str]) -> str:
        return tie[0] if tie[1] in self.names() else re.escape(values[tie[1]])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """^ and $ are of a line, and a dot is no line's end."""
    return re.compile(pattern, re.MULTILINE)


class Found(NamedTuple):
    """What a rule says of one failed check, and the files that show it."""

    cause: str
    evidence: list[str]


@dataclass(frozen=True)
class Rule:
    """Holds where every `seen` is found and no `unseen` is."""

    cause: str
    confidence: str
    seen: tuple[Look, ...]
    unseen: tuple[Look, ...] = ()
    checks: tuple[str, ...] = ()

    def found_in(self, case: Case) -> Found | None:
        """The cause that the case shows by this rule; None where it does not show it."""
        if self.checks and case.check not in self.checks:
            return None
        values: dict[str, str] = {}
        evidence: list[str] = []
        for look in self.seen:
            match, path = look.first(case, values)
            if match is None:
                return None
            values |= {name: value or "" for name, value in match.groupdict().items()}
            evidence.append(path)
        if any(look.first(case, values)[0] for look in self.unseen):
            return None
        told = {name: _short(value) for name, value in values.items()}
        return Found(self.cause.format_map(told), [*dict.fromkeys(evidence)])


def _short(value: str) -> str:
    """A value on one line, cut where nobody would read on."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def load_all(folder: Path = FOLDER) -> list[Rule]:
    """The rules of every file of a folder, in the order of the files. Raises SettingsError with every complaint."""
    complaints: list[str] = []
    rules: list[Rule] = []
    for path in sorted(folder.glob("*.yaml")):
        for number, data in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
            try:
                rules.append(_rule(data))
            except (ValueError, re.error, TypeError, KeyError) as error:
                complaints.append(f"{path.name}: rule {number}: {type(error).__name__}: {error}")
    if complaints:
        raise SettingsError(complaints)
    return rules


def _rule(data: dict[str, Any]) -> Rule:
    if unknown := data.keys() - KEYS:
        raise ValueError(f"unknown keys {', '.join(sorted(unknown))}")
    if data["confidence"] not in CONFIDENCES:
        raise ValueError(f"confidence is one of {', '.join(CONFIDENCES)}")
    seen = _looks(data["seen"])
    given = {name for look in seen for name in look.names()}
    unseen = _looks(data.get("unseen", []), given)
    asked = {name for _, name, _, _ in Formatter().parse(data["cause"]) if name}
    if not seen or asked - given:
        raise ValueError(f"no pattern gives {', '.join(sorted(asked - given)) or 'anything'}: {data['cause']}")
    return Rule(data["cause"], data["confidence"], seen, unseen, tuple(data.get("checks", ())))


def _looks(given: list[dict[str, str]], names: Iterable[str] = ()) -> tuple[Look, ...]:
    """[{PLACE: PATTERN}, …]. Raises ValueError or re.error for a place that is none, for a pattern that cannot be read, and
    for one that is tied to a value that neither itself nor a look before it gives; `names` are given already.
    """
    looks = [Look(*pair) for one in given for pair in one.items()]
    if unknown := {look.place for look in looks} - PLACES.keys():
        raise ValueError(f"no place {', '.join(sorted(unknown))}; there are {', '.join(PLACES)}")
    known = {*names}
    for look in looks:
        known |= look.names()
        if unknown := {*TIED.findall(look.pattern)} - known:
            raise ValueError(f"nothing before gives {', '.join(sorted(unknown))}: {look.pattern}")
        _compiled(TIED.sub("", look.pattern))
    return tuple(looks)
