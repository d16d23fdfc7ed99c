"""The timeline of a run as a picture: lanes of phases, checks, services and users' servers, placed for the page's template."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from acceptance.harness.report.course import Course, absences
from acceptance.harness.report.outcome import Outcome, Result
from acceptance.harness.report.scale import Scale
from acceptance.harness.stopwatch import Span

TOP, GAP, TITLE, LINE = 26, 14, 18, 15  # pixels: above all lanes, between two, and for words over and beside bars
PHASE, SERVICE = 9, 7  # the heights of bars
CHECK, STAGGER = 8, 3  # neighbours stand on different levels, since many take no time at all
SERVERS, THINNEST, THICKEST = 60, 2, 6  # all users' servers together, and one of them
NAMED = 8  # checks that went wrong are named in the picture, unless there are more
SIGNS = {Outcome.FAIL: "✕", Outcome.ERROR: "!"}
RIGHT, LEFT = 60, 35  # percent; words go on to the right of what is left of this, and to the left of the rest
AWAY, ON_BAR = "away", "on-bar"
# What the bars mean that are told apart by their looks.
KEY = {"PASS": "kept", "FAIL": "✕ broken", "ERROR": "! not judged", "SKIP": "skipped", AWAY: "a service was away"}


class Bar(NamedTuple):
    """A rectangle: `x` and `width` in percent, `y` and `height` in pixels; `title` is told to who points at it."""

    x: float
    width: float
    y: float
    height: float
    kind: str
    title: str


class Words(NamedTuple):
    """A text at a place; it ends there if `is_end`. A `leader` is how far above it the thing is that it names."""

    x: float
    y: float
    text: str
    kind: str = ""
    is_end: bool = False
    leader: float = 0


class Timeline:
    """The parts of the picture, added lane by lane from top to bottom; `height` is in pixels."""

    def __init__(self, scale: Scale) -> None:
        self.scale, self.height = scale, TOP
        self.bars: list[Bar] = []
        self.words: list[Words] = []

    @property
    def key(self) -> dict[str, str]:
        """The words of KEY for what is in the picture."""
        met = {bar.kind for bar in self.bars}
        return {kind: words for kind, words in KEY.items() if kind in met}

    def add_phases(self, phases: Sequence[Span]) -> None:
        """A line each, with its name beside the bar."""
        self._begin("phases")
        for span in phases:
            self._bar(span, PHASE, "phase", f"{span.name}: {_when(span)}")
            self._beside(self.bars[-1], f"{span.name} {span.seconds:.0f} s")
            self.height += LINE

    def add_checks(self, checks: Sequence[Span], results: Mapping[str, Result]) -> None:
        """On a few levels in turn; what went wrong is as high as all of them, and named below."""
        self._begin(f"checks ({len(checks)})")
        top, wrong = self.height, []
        for number, span in enumerate(checks):
            outcome = results[span.name].outcome
            level, height = (0, CHECK * STAGGER) if outcome in SIGNS else (number % STAGGER, CHECK - 2)
            self.height = top + level * CHECK
            self._bar(span, height, outcome.value, f"{span.name}: {outcome.value}, {_when(span)}")
            wrong += [(self.bars[-1], f"{SIGNS[outcome]} {span.name}", outcome)] if outcome in SIGNS else []
        self.height = top + CHECK * STAGGER
        self._name(wrong if len(wrong) <= NAMED else [])

    def add_services(self, services: Sequence[Span]) -> None:
        """A lane each, with a bar for each container."""
        for name in dict.fromkeys(span.name for span in services):
            self._begin(name)
            for span in (span for span in services if span.name == name):
                self._bar(span, SERVICE, "service", f"{name} served: {_when(span)}")
            self.height += SERVICE

    def add_servers(self, servers: Sequence[Span]) -> None:
        """In as few rows as there were servers at once."""
        rows = packed(servers)
        if not rows:
            return
        self._begin(f"users’ servers ({len(servers)})")
        thick = min(max(SERVERS / len(rows), THINNEST), THICKEST)
        for row in rows:
            for span in row:
                self._bar(span, thick, "server", f"server of {span.name}: {_when(span)}")
            self.height += thick + 1

    def add_absences(self, found: Iterable[Span], top: float) -> None:
        """A band each, through all lanes from `top` on: what went on while nobody served."""
        for span in found:
            x, width = self.scale.x(span.began), self.scale.width(span)
            self.bars.insert(0, Bar(x, width, top, self.height - top, AWAY, f"no {span.name}: {_when(span)}"))

    def _begin(self, title: str) -> None:
        """A lane's own title."""
        self.height += GAP if self.words else 0
        self.words.append(Words(0, self.height + 10, title, "title"))
        self.height += TITLE

    def _bar(self, span: Span, height: float, kind: str, title: str) -> None:
        self.bars.append(Bar(self.scale.x(span.began), self.scale.width(span), self.height, height, kind, title))

    def _beside(self, bar: Bar, text: str) -> None:
        """Words where there is room: behind a bar, before it, or else on it."""
        end, y = bar.x + bar.width, bar.y + bar.height
        if end <= RIGHT:
            self.words.append(Words(end, y, text))
        elif bar.x >= LEFT:
            self.words.append(Words(bar.x, y, text, is_end=True))
        else:
            self.words.append(Words(bar.x, y, text, ON_BAR))

    def _name(self, wrong: Sequence[tuple[Bar, str, Outcome]]) -> None:
        """A line of words each, in an order in which no leader runs through the words of another."""
        outwards = sorted(wrong, key=lambda each: (each[0].x > RIGHT, each[0].x if each[0].x > RIGHT else -each[0].x))
        top = self.height
        for bar, text, outcome in outwards:
            self.height += LINE
            self.words.append(Words(bar.x, self.height, text, outcome.value, bar.x > RIGHT, self.height - top))


def timeline_of(course: Course, results: Mapping[str, Result], scale: Scale) -> Timeline | None:
    """The picture of a run of checks; None for any other, and for one that came to none."""
    if not course.checks:
        return None
    drawn = Timeline(scale)
    drawn.add_phases(course.phases)
    top = drawn.height
    drawn.add_checks(course.checks, results)
    drawn.add_services(course.services)
    drawn.add_servers(course.servers)
    drawn.add_absences(absences(course.services), top)
    return drawn


def packed(spans: Iterable[Span]) -> list[list[Span]]:
    """The spans in as few rows as can be, so that none overlaps another in its row."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda each: each.began):
        free = next((row for row in rows if row[-1].ended <= span.began), None)
        if free is None:
            rows.append(free := [])
        free.append(span)
    return rows


def _when(span: Span) -> str:
    return f"{span.seconds:.1f} s from {span.began:%H:%M:%S} UTC"
