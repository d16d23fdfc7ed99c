"""Looks at users' servers from all sides, again and again in the background, for a whole run."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from threading import Event, Thread
from typing import Protocol

from acceptance.harness.audit.history import (
    EDGE,
    HUB,
    ROUTES,
    SERVICES,
    TASKS,
    Moment,
    Server,
    lifetimes,
    timeline,
)
from acceptance.harness.audit.judgement import DEFAULT, Bounds, Breach, agreed, breaches, claims, longest
from acceptance.harness.errors import EngineError, StackError
from acceptance.harness.stopwatch import Span
from acceptance.harness.wait import wait_until

EVERY = 2.0  # seconds from look to look; one costs hub and engine two short questions each
AGAIN = 30.0  # seconds until a server is asked anew at the edge: for the proxy that is activity, which keeps it from being culled
LOOKS = 2  # in a row that agree: a service that goes at once after its start looks fine in one
KNOCKING = 6.0  # seconds of a look that may go into asking at the edge; who is left comes next time


class Sides(Protocol):
    """Who is asked. Each raises StackError or EngineError where it cannot be."""

    def hub(self) -> Mapping[Server, bool]:
        """The servers that the hub has, each with whether it is being started or stopped."""

    def swarm(self) -> tuple[Counter[Server], Counter[Server]]:
        """How many services, and running tasks, each server has."""

    def routes(self) -> Counter[Server]:
        """How many routes lead to each server."""

    def answers(self, server: Server) -> bool:
        """Whether the server answers at the edge."""


class Auditor:
    """Looks from start() to stop(). What it saw is judged by pure functions of the history."""

    def __init__(self, sides: Sides, every: float = EVERY, bounds: Bounds = DEFAULT) -> None:
        self._sides, self._every, self._bounds = sides, every, bounds
        self._stop, self._thread = Event(), Thread(target=self._go, name="auditor", daemon=True)
        self._history: list[Moment] = []
        self._answered: dict[Server, tuple[float, bool]] = {}  # when each was last asked at the edge, and whether it answered
        self._mistake: Exception | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a second time, nothing."""
        self._stop.set()
        self._thread.join()

    @property
    def history(self) -> list[Moment]:
        """All that was seen so far. Raises the auditor's own mistake, if it stumbled over one: then it sees nothing any more."""
        if self._mistake:
            raise self._mistake
        return list(self._history)

    def breaches(self) -> list[Breach]:
        """What was not kept so far."""
        return breaches(self.history, self._bounds)

    @property
    def longest_lag(self) -> float:
        """Seconds of the longest disagreement so far."""
        return longest(self.history)

    def settle(self) -> frozenset[Server]:
        """The servers that all sides have, as soon as all have the same, now; none if there is a breach before that.

        Raises StackError where neither comes: a side cannot be asked, or the hub does not end what it began.
        """
        since = len(self.history) + 1  # the look that is under way began earlier
        found = wait_until("hub, swarm, proxy and edge to tell of the same servers",
                           lambda: self._settled(since), deadline=4 * self._bounds.lag, every=self._every / 2,
                           hint=lambda: "; ".join(self._open()))
        return found[0]

    def timeline(self, since: datetime) -> str:
        """What happened to the servers of each breach, in the whole run; and to everybody's since a moment."""
        history, found = list(self._history), breaches(self._history[:], self._bounds)
        recent = [moment for moment in history if moment.at >= since.timestamp()]
        met = {server for moment in recent for server in moment.servers()}
        lines = [f"auditor: {len(history)} looks, {len(recent)} of them since {since:%H:%M:%S}", ""]
        lines += [f"it looks no more, by its own mistake: {self._mistake!r}", ""] if self._mistake else []
        for breach in found:
            lines += [str(breach), *(timeline(history, {breach.server}) if breach.server else []), ""]
        return "\n".join([*lines, "everybody's servers:", *timeline(recent, sorted(met))]) + "\n"

    def lifetimes(self) -> list[Span]:
        """When the swarm had a service for each server, as far as it was looked at."""
        return lifetimes(self._history[:])

    def _settled(self, since: int) -> tuple[frozenset[Server]] | None:
        """In a tuple, because no server at all is an answer, too."""
        if self.breaches():
            return (frozenset(),)
        history = self.history
        found = agreed(history, LOOKS) if len(history) >= since + LOOKS else None
        return None if found is None else (found,)

    def _open(self) -> list[str]:
        """What stands between the last look and agreement."""
        last = self.history[-1:]
        silent = [f"{view} could not be asked: {why}" for moment in last for view, why in moment.why.items()]
        return silent + sorted(str(claim) for moment in last for claim in claims(moment))

    def _go(self) -> None:
        due = time.monotonic()
        try:
            while not self._stop.wait(max(due - time.monotonic(), 0)):
                due = time.monotonic() + self._every
                self._history.append(self._look())
        except Exception as error:  # noqa: BLE001 - told to whoever asks; a thread's own end would be told to nobody
            self._mistake = error

    def _look(self) -> Moment:
        at, why, seen = time.time(), {}, {}
        if swarm := _told(self._sides.swarm, SERVICES, why):
            seen |= {SERVICES: swarm[0], TASKS: swarm[1]}
        elif SERVICES in why:
            why[TASKS] = why[SERVICES]
        hub = _told(self._sides.hub, HUB, why)
        routes = _told(self._sides.routes, ROUTES, why)
        if routes is not None:
            seen[ROUTES] = routes
        if hub is None:
            return Moment(at, seen, why=why)
        seen[HUB] = Counter([*hub])
        moving = frozenset(server for server, is_moving in hub.items() if is_moving)
        seen[EDGE], asked = self._knocked(Moment(at, seen, moving), why)
        return Moment(at, seen, moving, asked, why)

    def _knocked(self, moment: Moment, why: dict[str, str]) -> tuple[Counter[Server], frozenset[Server]]:
        """Who answers at the edge, and who was asked: whoever is there or was, unless that is known well enough."""
        end, asked, yes = time.monotonic() + KNOCKING, set(), Counter()
        doubted = {claim.server for claim in claims(moment)}
        there = moment.servers() | {server for server, (_, was_there) in self._answered.items() if was_there}
        for server in there - moment.moving:
            is_known = server not in doubted and self._is_known(server, moment)
            if is_known or time.monotonic() > end:
                continue
            answer = _told(partial(self._sides.answers, server), EDGE, why)
            if answer is None:
                continue
            self._answered[server] = moment.at, answer
            asked.add(server)
            yes += Counter({server: int(answer)})
        return yes, frozenset(asked)

    def _is_known(self, server: Server, moment: Moment) -> bool:
        when, answered = self._answered.get(server, (0.0, None))
        return answered == bool(moment.seen[HUB][server]) and moment.at - when < AGAIN


def _told(ask: Callable, view: str, why: dict[str, str]):
    """What a side says; None where it cannot be asked, and then `why` has the reason."""
    try:
        return ask()
    # The file of the edge's CA is one of those that a drill takes away for a while: no request can be made then.
    except (StackError, EngineError, OSError) as error:
        why[view] = str(error)
        return None
