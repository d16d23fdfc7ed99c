"""A check as the report knows it, and checks.lock: which checks a profile must have an outcome of."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from acceptance.harness.errors import SettingsError
from acceptance.harness.options import PROFILES

# Read-only checks first, disruptive ones last: nobody's arrangement is another's disruption.
CLASSES = {"r": "read-only", "c": "creates users and servers", "d": "disruptive"}
LAST = "removal"  # judges what the run's own removal left, so nothing can come after it
AT_THE_END = ("", "orphans", "logs-clean", LAST)  # and before it what judges the whole run; all others are the first of these


@dataclass(frozen=True)
class Check:
    """One promise: its id for ever, who asks for it, what it does to a stack, and its sentence."""

    id: str
    profile: str
    cls: str
    needs: tuple[str, ...]
    sentence: str
    node: str = ""

    @property
    def rank(self) -> tuple[int, int]:
        """Where the check comes in a run; equal ranks keep the order of their files."""
        return AT_THE_END.index(self.id if self.id in AT_THE_END else ""), list(CLASSES).index(self.cls)

    def is_in(self, profile: str) -> bool:
        """Whether a run of `profile` asks for this check."""
        return self.profile in PROFILES[profile]

    def line(self) -> str:
        """The check's line in checks.lock."""
        return "\t".join((self.id, self.profile, self.cls, ",".join(self.needs) or "-", self.sentence))


def lock_text(checks: Iterable[Check]) -> str:
    """What checks.lock holds for these checks: one sorted line each."""
    return "".join(f"{line}\n" for line in sorted(check.line() for check in checks))


def read_lock(path: Path) -> list[Check]:
    """The checks of a checks.lock; raises SettingsError for a file that is missing or was edited by hand."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [_parsed(line) for line in lines]
    except FileNotFoundError:
        raise SettingsError(f"{path} is missing: write it with `python -m acceptance.checks_lock`") from None
    except ValueError as error:
        raise SettingsError(
            f"{path}: {error}; write it anew with `python -m acceptance.checks_lock`"
        ) from error


def _parsed(line: str) -> Check:
    fields = line.split("\t")
    if len(fields) != 5:
        raise ValueError(f"not `id profile class needs sentence` between tabs: {line!r}")
    name, profile, cls, needs, sentence = fields
    return Check(name, profile, cls, tuple(needs.split(",")) if needs != "-" else (), sentence)
