"""Whether all sides knew the same servers, all the time but for a bounded lag: a pure function of what was seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from acceptance.harness.audit.history import (
    EDGE,
    HUB,
    ROUTES,
    SERVICES,
    TASKS,
    VIEWS,
    WHOLE,
    Moment,
    Server,
    clock,
    name_of,
)

MORE, FEWER, MOVING = "more", "fewer", "moving"
# What a disagreement is called, of a server that the hub does not count as running, or of one that it does.
WORDS = {
    (SERVICES, MORE): "the swarm has a service for the server of {name} of which the hub knows nothing",
    (TASKS, MORE): "a task runs for the server of {name} of which the hub knows nothing",
    (ROUTES, MORE): "the proxy has a route to the server of {name}, which the hub does not count as running",
    (EDGE, MORE): "the server of {name} answers at the edge, and the hub does not count it as running",
    (SERVICES, FEWER): "the hub counts the server of {name} as running, and the swarm has no service for it",
    (TASKS, FEWER): "the hub counts the server of {name} as running, and no task of it runs",
    (ROUTES, FEWER): "the hub counts the server of {name} as running, and the proxy has no route to it",
    (EDGE, FEWER): "the hub counts the server of {name} as running, and it does not answer at the edge",
    (HUB, MOVING): "the hub neither ends starting or stopping the server of {name} nor gives it up",
}


@dataclass(frozen=True)
class Bounds:
    """What is forgiven, in seconds."""

    lag: float = 30.0  # of disagreement about one server: a dead one is noticed after 10 s, and takes some to clear away
    moving: float = 240.0  # of starting or stopping; the hub itself gives up after 180
    blind: float = 300.0  # in which a side cannot be asked: restores, and hub images that do not work
    step: float = 10.0  # between two looks: what lies between those further apart was not seen


DEFAULT = Bounds()


@dataclass(frozen=True)
class Claim:
    """A disagreement with the hub: `view` has a server `more` or `fewer` times than it, or it stays `moving`."""

    server: Server
    view: str
    kind: str

    def __str__(self) -> str:
        return WORDS[self.view, self.kind].format(name=name_of(self.server))

    def limit(self, bounds: Bounds) -> float:
        """How long it may last."""
        return bounds.moving if self.kind == MOVING else bounds.lag


@dataclass(frozen=True)
class Breach:
    """What was not kept: a claim (`server` is whose), or a side that could not be asked, for too long."""

    server: Server | None
    began: float
    seconds: float
    words: str

    def __str__(self) -> str:
        return f"{clock(self.began)} for {self.seconds:.0f} s: {self.words}"


def claims(moment: Moment) -> set[Claim]:
    """The disagreements of one moment; none about what is moving, and none where the hub could not be asked."""
    if HUB not in moment.seen:
        return set()
    found = {Claim(server, HUB, MOVING) for server in moment.moving}
    for server in moment.servers() - moment.moving:
        due = moment.seen[HUB][server]
        counts = {view: moment.count(view, server) for view in VIEWS}
        found |= {Claim(server, view, MORE if count > due else FEWER)
                  for view, count in counts.items() if count not in (None, due)}
    return found


def is_refuted(claim: Claim, moment: Moment) -> bool:
    """Whether this moment shows that a claim is over. What cannot be told now is not over."""
    if HUB not in moment.seen or moment.count(claim.view, claim.server) is None:
        return False
    return claim not in claims(moment) and (claim.kind == MOVING or claim.server not in moment.moving)


def breaches(history: Sequence[Moment], bounds: Bounds = DEFAULT) -> list[Breach]:
    """All that was not kept, in the order in which it began.

    Of a disagreement only time counts that was seen at both ends. Where a side could not be asked in between, it goes
    on afterwards from where it was: blindness neither makes a breach nor ends one, and has a bound of its own.
    """
    lasting = [breach for claim, breach in _lasting(history, bounds) if breach.seconds > claim.limit(bounds)]
    return sorted([*lasting, *_blind(history, bounds)], key=lambda breach: breach.began)


def longest(history: Sequence[Moment]) -> float:
    """Seconds of the longest disagreement about a server, forgiven or not: how far a run stayed from its bound."""
    lasting = [breach.seconds for claim, breach in _lasting(history, DEFAULT) if claim.kind != MOVING]
    return max(lasting, default=0.0)


def _lasting(history: Sequence[Moment], bounds: Bounds) -> Iterator[tuple[Claim, Breach]]:
    """Every claim from its beginning to its end, or to the end of the history."""
    going: dict[Claim, Breach] = {}
    last: set[Claim] = set()
    for before, moment in pairwise([history[0], *history] if history else ()):
        for claim in [claim for claim in going if is_refuted(claim, moment)]:
            yield claim, going.pop(claim)
        seen, step = claims(moment), min(moment.at - before.at, bounds.step)
        for claim in seen:
            known = going.get(claim) or Breach(claim.server, moment.at, 0.0, str(claim))
            going[claim] = replace(known, seconds=known.seconds + (step if claim in last else 0.0))
        last = seen
    yield from going.items()


def _blind(history: Sequence[Moment], bounds: Bounds) -> Iterator[Breach]:
    """The stretches in which a side told nothing, from the last time that it did, or from the beginning of all."""
    for view in WHOLE if history else ():
        told = [history[0].at, *(moment.at for moment in history if view in moment.seen), history[-1].at]
        for began, ended in pairwise(told):
            if ended - began > bounds.blind:
                met = [moment.why.get(view, "") for moment in history if began < moment.at <= ended]
                why = next(filter(None, reversed(met)), "nobody looked")
                yield Breach(None, began, ended - began, f"{view} could not be asked: {why}")


def agreed(history: Sequence[Moment], moments: int = 2) -> frozenset[Server] | None:
    """The servers that run, if all sides know the same ones, in each of the last few moments; else None."""
    last = history[-moments:]
    if len(last) < moments or any(claims(moment) or {*WHOLE} - {*moment.seen} for moment in last):
        return None
    running = {server for server, count in last[-1].seen[HUB].items() if count}
    return frozenset(running) if all(_answers(server, history) for server in running) else None


def _answers(server: Server, history: Sequence[Moment]) -> bool:
    """Whether a server answered when it was last asked for at the edge, and has not been on the move since."""
    for moment in reversed(history):
        if server in moment.asked:
            return moment.count(EDGE, server) == 1
        if server in moment.moving:
            return False
    return False
