"""When hub, proxy or database were away, by what became of their containers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from acceptance.harness.cluster.log_judge import Spell
from acceptance.harness.stopwatch import Span

ENDS, HEALTHY = ("kill", "die"), "health_status: healthy"
# What it is called, to those who ask it, when none of its containers serves.
AWAY = {"hub": "hub away", "proxy": "hub away", "postgres": "database away"}
# Swarm gives a task its name once it is healthy, and whoever asked before keeps the answer a little (nginx: 2 s).
FOUND_WITHIN = timedelta(seconds=10)
EARLIER = timedelta(seconds=1)  # the engine tells of an end when it has come
# Swarm takes a task out of its name, waits 2 s for all nodes to know (moby, executor/container: defaultGossipConvergeDelay),
# and only then sends the signal. Met: no name 1.6 s before it.
NAMELESS = timedelta(seconds=2) + EARLIER
# A rollback takes a minute and a half. What is away for longer is news again, or was taken out of the stack with its overlay.
LONGEST = timedelta(minutes=3)
UNKNOWN = datetime.min.replace(tzinfo=UTC)  # before the logbook was opened


@dataclass(frozen=True)
class Turn:
    """What became of a container of a service: it started, was found healthy, got a signal (`kill`), or died."""

    service: str
    container: str
    action: str
    at: datetime


@dataclass(frozen=True)
class Life:
    """A container of a service: when it started, from when it served, and until when; None for one that still does."""

    born: datetime
    began: datetime
    ended: datetime | None


def away(turns: list[Turn], now: datetime) -> list[Spell]:
    """When each of AWAY was: from the first word of an end (a signal, or the end itself) until the next one is found."""
    found: list[Spell] = []
    for service, kind in AWAY.items():
        lives = lives_of([turn for turn in turns if turn.service == service])
        if lives:
            found.append(Spell(kind, max(lives[0].born, lives[0].began - LONGEST), lives[0].began + FOUND_WITHIN))
        reach = lives[0].ended if lives else None
        for life in [*lives[1:], Life(now, now, None)]:
            if reach is not None and life.began + FOUND_WITHIN > reach:
                found.append(Spell(kind, reach, min(life.began + FOUND_WITHIN, reach + LONGEST, now)))
            reach = None if reach is None or life.ended is None else max(reach, life.ended)
    return found


def serving(turns: list[Turn], now: datetime) -> list[Span]:
    """When each container served, by the name of its service: found healthy, until the first word of its end.

    One that was told to end before it was healthy served nobody.
    """
    services = dict.fromkeys(turn.service for turn in turns)
    lives = [(name, life) for name in services for life in lives_of([turn for turn in turns if turn.service == name])]
    spans = [Span.until(name, life.began, life.ended + NAMELESS if life.ended else now) for name, life in lives]
    return [span for span in spans if span.seconds > 0]


def lives_of(turns: list[Turn]) -> list[Life]:
    """The life of each container that served, in the order of their beginnings."""
    born = {turn.container: turn.at for turn in reversed(turns) if turn.action == "start"}
    began = {turn.container: turn.at for turn in reversed(turns) if turn.action == HEALTHY}
    died = {turn.container for turn in turns if turn.action == "die"}
    ends = {ident: min(turn.at for turn in turns if turn.container == ident and turn.action in ENDS) - NAMELESS for ident in died}
    lives = [Life(min(born.get(ident, UNKNOWN), at), at, ends.get(ident)) for ident, at in began.items()]
    return sorted(lives, key=lambda life: life.began)
