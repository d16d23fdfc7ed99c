"""Which errors of a run's logs nobody has explained: a pure function of what was said, and of what went on meanwhile."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from acceptance.harness.cluster.log_records import Record


@dataclass(frozen=True)
class Spell:
    """Something that went on for a while: a check, by its id, or an absence, such as `hub away`."""

    kind: str
    began: datetime
    ended: datetime

    def holds(self, at: datetime) -> bool:
        """Whether it went on at that moment."""
        return self.began <= at <= self.ended


@dataclass(frozen=True)
class Explained:
    """A kind of error that is no news. It explains a record of this voice whose first line it matches.

    `ending` matches the exception of a traceback, or nothing where there is none; by default no traceback is explained.
    `during` names the spells in which it is no news; without any that is at all times.
    """

    voice: str
    says: str
    why: str  # for the reader: what it comes from, and where that is discussed
    seen: str  # a line as it was really met
    ending: str = r"\Z"
    during: tuple[str, ...] = ()

    def explains(self, record: Record, spells: Sequence[Spell]) -> bool:
        """Whether the record is one of this kind, at a time when it is no news."""
        return (
            record.voice == self.voice
            and re.search(self.says, record.lines[0]) is not None
            and re.match(self.ending, record.ending) is not None
            and (not self.during or any(spell.kind in self.during and spell.holds(record.at) for spell in spells))
        )


def unexplained(records: Iterable[Record], spells: Sequence[Spell], known: Sequence[Explained]) -> list[Record]:
    """The errors and tracebacks that nothing known explains, in their order."""
    return [record for record in records if record.is_bad and not any(each.explains(record, spells) for each in known)]
