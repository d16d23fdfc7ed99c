"""What a look says: a fact with its values; where something is wrong, also the likely cause and the next step."""

from dataclasses import dataclass

LEVELS = ("ok", "warn", "bad")          # the place of each is the exit code of a doctor who found nothing worse


@dataclass(frozen=True)
class Finding:
    """One fact, and what follows from it. All three are whole sentences or empty."""

    level: str
    fact: str
    cause: str = ""
    step: str = ""

    def line(self, look: str) -> str:
        """The one line that the operator reads."""
        return f"{self.level:<4} {look}: " + " ".join(filter(None, (self.fact, self.cause, self.step)))


def ok(fact: str) -> list[Finding]:
    """All is well, and what was seen says so."""
    return [Finding("ok", fact)]


def warn(fact: str, cause: str, step: str) -> Finding:
    """It works, and will not for ever."""
    return Finding("warn", fact, cause, step)


def bad(fact: str, cause: str, step: str) -> Finding:
    """Somebody is being hurt by it, or would be by the next thing they do."""
    return Finding("bad", fact, cause, step)


def worst(findings: list[Finding]) -> str:
    """The worst level of all; `ok` where there is nothing."""
    return max((finding.level for finding in findings), key=LEVELS.index, default="ok")
