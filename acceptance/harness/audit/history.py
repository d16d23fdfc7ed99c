"""What was seen of users' servers, moment by moment: by the hub, the swarm, its tasks, the proxy, and at the edge."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from acceptance.harness.stopwatch import Span

Server = tuple[str, str]  # the user's name, and the server's; '' is a user's first
HUB, SERVICES, TASKS, ROUTES, EDGE = VIEWS = "hub", "services", "tasks", "routes", "edge"
WHOLE = (HUB, SERVICES, TASKS, ROUTES)  # each tells of all servers at once; at the edge they are asked for one by one


@dataclass(frozen=True)
class Moment:
    """One look from all sides. A side that could not be asked is not in `seen`, and `why` says what was met."""

    at: float  # seconds since the epoch
    seen: Mapping[str, Counter[Server]]  # side -> how often it has each server
    moving: frozenset[Server] = frozenset()  # what the hub is starting or stopping
    asked: frozenset[Server] = frozenset()  # those that were asked for at the edge
    why: Mapping[str, str] = field(default_factory=dict)

    def count(self, view: str, server: Server) -> int | None:
        """How often a side has a server; None where it was not asked, or could not be."""
        if view not in self.seen or (view == EDGE and server not in self.asked):
            return None
        return self.seen[view][server]

    def servers(self) -> set[Server]:
        """Every server that any side tells of."""
        return {server for counted in self.seen.values() for server in counted} | self.moving | self.asked


def name_of(server: Server) -> str:
    """A server as a person calls it."""
    return "/".join(filter(None, server))


def clock(at: float) -> str:
    """The time of day (UTC), as in the logs."""
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S.%f}"[:-5]


def timeline(history: Sequence[Moment], servers: Iterable[Server]) -> list[str]:
    """A line whenever something changed of one of these servers, or a side could not be asked, or could be again."""
    told = {server: _row(dict.fromkeys(VIEWS, 0), False) for server in servers}
    known = {server: dict.fromkeys(VIEWS, 0) for server in told}
    silent: dict[str, str] = {}
    lines = []
    for moment in history:
        lines += [f"{clock(moment.at)}  {line}" for line in _silences(moment, silent)]
        for server in told:
            known[server] |= {view: count for view in VIEWS if (count := moment.count(view, server)) is not None}
            row = _row(known[server], server in moment.moving)
            if row != told[server]:
                told[server] = row
                lines.append(f"{clock(moment.at)}  {name_of(server)}: {row}")
    return lines


def lifetimes(history: Sequence[Moment]) -> list[Span]:
    """When the swarm had a service for each server: from the look that saw it first to the one that saw it no more, or the last.

    A look at which the swarm could not be asked says nothing.
    """
    asked = [moment for moment in history if SERVICES in moment.seen]
    born: dict[Server, float] = {}
    lives = []
    for moment in asked:
        there = {server for server, count in moment.seen[SERVICES].items() if count}
        lives += [(server, born.pop(server), moment.at) for server in sorted(born.keys() - there)]
        born |= dict.fromkeys(there - born.keys(), moment.at)
    lives += [(server, began, asked[-1].at) for server, began in born.items()]
    return [Span(name_of(server), datetime.fromtimestamp(began, UTC), ended - began) for server, began, ended in lives]


def _row(counts: Mapping[str, int], is_moving: bool) -> str:
    """What each side had of one server when it was last asked."""
    row = ", ".join(f"{view} {count}" for view, count in counts.items())
    return f"{row} (starting or stopping)" if is_moving else row


def _silences(moment: Moment, silent: dict[str, str]) -> Iterator[str]:
    """Which sides fell silent, and why, and which tell again; `silent` is kept up to date."""
    for view in VIEWS:
        if moment.why.get(view, "") != silent.get(view, ""):
            silent[view] = moment.why.get(view, "")
            yield f"{view} could not be asked: {silent[view]}" if silent[view] else f"{view} tells again"
