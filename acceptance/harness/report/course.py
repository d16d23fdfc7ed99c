"""What went on when in a run: the same for results.json and for the pictures of the page."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from acceptance.harness.report.run import Run
from acceptance.harness.stopwatch import Span


@dataclass(frozen=True)
class Course:
    """Everything that was timed, each part in the order in which it began."""

    phases: list[Span]
    checks: list[Span]  # their bodies
    services: list[Span]  # of the stack, by their containers
    servers: list[Span]  # of users
    spawns: list[Span]

    def told(self) -> dict[str, list[dict[str, Any]]]:
        """Its entry in results.json."""
        return {each.name: [_told(span) for span in getattr(self, each.name)] for each in fields(self)}

    @property
    def ended(self) -> datetime | None:
        """When the last of all that was timed was over; None where nothing was."""
        return max((span.ended for each in fields(self) for span in getattr(self, each.name)), default=None)


def course_of(run: Run) -> Course:
    """The course of a run, also of one that ended early."""
    checks = [Span(name, result.began, result.seconds) for name, result in run.results.items() if result.began]
    parts = (run.steps, checks, run.services, run.servers, run.spawns)
    return Course(*(sorted(part, key=attrgetter("began")) for part in parts))


def absences(services: Iterable[Span]) -> list[Span]:
    """When a service of the stack had no container that served, between two of them that did."""
    found = []
    for name, spans in groupby(sorted(services, key=attrgetter("name", "began")), key=attrgetter("name")):
        reach = None
        for span in spans:
            if reach and span.began > reach:
                found.append(Span.until(name, reach, span.began))
            reach = max(reach or span.ended, span.ended)
    return sorted(found, key=attrgetter("began"))


def during(span: Span, others: Iterable[Span]) -> list[str]:
    """The names of those that went on at some time of this one."""
    return [other.name for other in others if other.began < span.ended and span.began < other.ended]


def _told(span: Span) -> dict[str, Any]:
    began, ended = (moment.isoformat(timespec="milliseconds") for moment in (span.began, span.ended))
    return {"name": span.name, "began": began, "ended": ended, "seconds": round(span.seconds, 2)}
