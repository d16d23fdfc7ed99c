"""One run: what it was asked for, what it met and measured. Fixtures tell it, the report reads it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from acceptance.harness.diagnosis.diagnosis import Diagnosis
from acceptance.harness.report.check import Check
from acceptance.harness.report.evidence import Collector, Evidence
from acceptance.harness.report.outcome import Outcome, Result
from acceptance.harness.report.progress import Progress
from acceptance.harness.report.redactor import Redactor
from acceptance.harness.settings import Settings
from acceptance.harness.stopwatch import Span, Stopwatch
from acceptance.harness.waivers import Waiver


@dataclass
class Image:
    """The image that was judged: as it was named, and as the engine knows it."""

    ref: str
    id: str = ""
    digest: str = ""
    revision: str = ""


@dataclass
class Facts:
    """What was judged, and on what: told by the fixtures as soon as they know."""

    target: str = ""
    engine: str = ""
    client: str = ""
    images: dict[str, Image] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    configuration: dict[str, str] = field(default_factory=dict)  # the stack's settings, as it came up


@dataclass
class Run:
    """The state of a run. Everything is appended by whoever met it; `verdict_of` decides what it is worth."""

    settings: Settings
    say: Callable[..., None] = print
    progress: Progress = field(default_factory=Progress)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    facts: Facts = field(default_factory=Facts)
    secrets: Redactor = field(default_factory=Redactor)
    collectors: list[Collector] = field(default_factory=list)
    engine_gone: Callable[[], str] = str  # why the engine can no longer be asked; empty while it answers
    locked: list[Check] = field(default_factory=list)
    tree: Path = Path()  # that the checks were collected from
    not_asked: dict[str, str] = field(default_factory=dict)  # ids of the profile that cannot be judged here, and why
    narrowed: list[str] = field(default_factory=list)
    phases: dict[str, float] = field(default_factory=dict)
    steps: list[Span] = field(default_factory=list)  # the phases, each as often as it was gone through
    spawns: list[Span] = field(default_factory=list)  # of every server that was started, from asking to ready
    services: list[Span] = field(default_factory=list)  # of the stack: when each of their containers served
    servers: list[Span] = field(default_factory=list)  # of users: when the swarm had a service for each
    leftovers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    internal: list[str] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    interrupted: str = ""
    dead: str = ""
    collected: bool = False
    requests_sent: int = 0
    requests_failed: int = 0
    counted: dict[str, dict[str, int]] = field(default_factory=dict)  # requests that one check answers for
    proved: str = ""  # by a run of many deployments, in one sentence; a run of checks has promises instead
    pages: list[str] = field(default_factory=list)  # beside index.html, in the run's folder
    diagnosis: Diagnosis = field(default_factory=Diagnosis)  # found when the report is written
    _records: dict[str, Result] = field(default_factory=dict, repr=False)

    @property
    def folder(self) -> Path:
        """Where the report of this run lies."""
        return self.settings.reports / self.settings.run

    @contextmanager
    def phase(self, name: str, detail: Callable[[], str] = str) -> Iterator[None]:
        """Times a long step (seconds, into results.json) and shows that it goes on; failed ones count.

        `detail` is asked again and again for what is being done just now.
        """
        watch = Stopwatch()
        try:
            with self.progress.shown(name, detail):
                yield
        finally:
            self.took(watch.span(name))
            self.say(f"phase {name} … {watch.seconds:.1f} s")

    def took(self, step: Span) -> None:
        """A phase is over; the seconds of one that comes again add up."""
        self.steps.append(step)
        self.phases[step.name] = round(self.phases.get(step.name, 0.0) + step.seconds, 2)

    def never_came_up(self, reason: str) -> None:
        """The stack did not stand before the first check: exit code 10. The caller raises what it met."""
        self.dead = self.dead or reason

    def evidence(self, check_id: str) -> Evidence:
        """The folder of evidence about one check (or about `run`, for what belongs to none)."""
        return Evidence(self.folder / "evidence" / check_id, self.secrets)

    @property
    def results(self) -> dict[str, Result]:
        """The checks that have an outcome, by id."""
        return {name: record for name, record in self._records.items() if record.outcome}

    def result_of(self, check: Check) -> Result:
        """The record of a check, begun when first asked for; without an outcome until it is judged."""
        return self._records.setdefault(check.id, Result(check))

    def waiver_of(self, check_id: str) -> Waiver | None:
        """What excuses a check that is not kept, on the day that the run began; an expired waiver excuses nothing."""
        valid = (each for each in self.settings.waivers if not each.has_expired(self.started.date()))
        return next((each for each in valid if each.check == check_id), None)

    @property
    def waived(self) -> dict[str, Waiver]:
        """By id, what excuses each check that was not kept or not judged."""
        excused = {name: self.waiver_of(name) for name, each in self.results.items() if each.outcome is not Outcome.PASS}
        return {name: waiver for name, waiver in excused.items() if waiver}

    def keep_evidence(self, check_id: str, since: datetime) -> str:
        """Asks all collectors what happened since a moment; returns the folder as the report names it."""
        evidence = self.evidence(check_id)
        evidence.collect(self.collectors, since)
        return str(evidence.folder.relative_to(self.folder))
