"""Many deployments, judged side by side and told in a table; what passed at this state of the tree is not judged again."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from typing import Any, Generic, Protocol, TypeVar

from acceptance import kept, lanes
from acceptance.harness.errors import EngineError
from acceptance.harness.report.check import Check
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run
from acceptance.revision import NO_PART_OF_A_RUN, revision_of

Entry = dict[str, Any]


class Piece(Protocol):
    """One deployment; to a report it is a promise with an outcome of its own."""

    @property
    def id(self) -> str: ...

    @property
    def as_check(self) -> Check: ...


P = TypeVar("P", bound=Piece)


class Judging(lanes.Judging, Protocol[P]):
    """One that is being judged."""

    piece: P

    def entry(self) -> Entry:
        """What came of it: `id`, `outcome`, `reason`, `seconds`, and whatever the table tells; asked once it has ended."""


class Series(Generic[P]):
    """All of one kind: `begin` has one judged on an engine; NAME.json keeps what came of each, and `line_of` tells it.

    `anew` says what a kept entry is worth by the expectations of today, which stand in the files `apart`.
    """

    def __init__(
        self, run: Run, name: str, begin: Callable[[P, str], Judging[P]], head: str, line_of: Callable[[Entry], str],
        anew: Callable[[P, Entry], Entry] = lambda _, entry: entry, apart: tuple[str, ...] = (),
    ) -> None:
        revision = revision_of(run.settings.source, (*NO_PART_OF_A_RUN, *apart))
        self.kept = kept.Kept(run.settings.reports / f"{name}.json", name, revision)
        self._run, self._name, self._begin, self._head, self._line_of, self._anew = run, name, begin, head, line_of, anew

    def judge(self, pieces: Sequence[P]) -> None:
        """Judges what has not passed at this state yet, tells the run of all, and prints the table."""
        for piece in pieces:
            if piece.id in self.kept.entries:
                self.kept.entries[piece.id] = self._anew(piece, self.kept.entries[piece.id])
        missing = [piece for piece in pieces if not self._has_passed(piece)]
        for piece in pieces:
            if piece not in missing:
                self._tell(piece)
        begun: list[Judging[P]] = []
        try:
            with ExitStack() as stack, self._run.phase(self._name, lambda: ", ".join(each.piece.id for each in begun)):
                hosts = lanes.engines(self._run, len(missing), stack, lanes.AT_ONCE)
                for done in stack.enter_context(closing(lanes.side_by_side(missing, hosts, self._begin, begun))):
                    self.kept.add(done.piece.id, done.entry())
                    self._tell(done.piece)
                    self._run.say(self._line_of(self.kept.entries[done.piece.id]))
        except EngineError as error:
            self._run.unjudged.append(str(error))
        finally:  # whoever interrupts it reads what is known, too
            self._run.say(self.table(pieces))

    def table(self, pieces: Sequence[P]) -> str:
        """A line each, of those that are known."""
        known = [self.kept.entries[piece.id] for piece in pieces if piece.id in self.kept.entries]
        return "\n".join([self._head, *map(self._line_of, known)])

    def _has_passed(self, piece: P) -> bool:
        return self.kept.entries.get(piece.id, {}).get("outcome") == Outcome.PASS

    def _tell(self, piece: P) -> None:
        entry, result = self.kept.entries[piece.id], self._run.result_of(piece.as_check)
        result.seconds = entry["seconds"]
        result.add("call", Outcome(entry["outcome"]), entry["reason"])
