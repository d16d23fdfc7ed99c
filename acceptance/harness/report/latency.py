"""How long users waited for their servers, as a picture: each start at its time in the run, placed for the page's template."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from acceptance.harness.report.scale import Scale
from acceptance.harness.stopwatch import Span

TOP, BASE = 38, 198  # pixels: where the longest time stands, and no time at all
LINES = 4  # at most, across the picture
LEAST = 0.1  # seconds; the picture reaches as far even where no start took as long
NICE = (1, 2, 5, 10)


class Dot(NamedTuple):
    """A start: `x` in percent, `y` in pixels."""

    x: float
    y: float
    title: str


class Level(NamedTuple):
    """A line across, with its words above it, or below where above is another's place."""

    y: float
    text: str
    is_below: bool = False


class Latency(NamedTuple):
    """The parts of the picture."""

    scale: Scale
    dots: list[Dot]
    lines: list[Level]
    levels: list[Level]  # median and 95th percentile


def latency_of(spawns: Sequence[Span], scale: Scale, spawn: dict[str, Any]) -> Latency | None:
    """The picture of these starts, with the percentiles of results.json; None without any."""
    if not spawns:
        return None
    longest = max(max(span.seconds for span in spawns), LEAST)
    step = _step(longest)
    most = step * math.ceil(longest / step)
    dots = [Dot(scale.x(span.began), _y(span.seconds, most), f"{span.name}: {span.seconds:.1f} s") for span in spawns]
    lines = [Level(_y(step * number, most), f"{step * number:g} s") for number in range(round(most / step) + 1)]
    levels = [Level(_y(spawn["p50"], most), f"half within {spawn['p50']:.1f} s", is_below=True),
              Level(_y(spawn["p95"], most), f"95 % within {spawn['p95']:.1f} s")]
    return Latency(scale, dots, lines, levels)


def _y(seconds: float, most: float) -> float:
    return round(BASE - (BASE - TOP) * seconds / most, 1)


def _step(longest: float) -> float:
    """A round number of seconds that goes no more than LINES times into the longest."""
    least = longest / LINES
    tens = 10.0 ** math.floor(math.log10(least))
    return next(tens * nice for nice in NICE if tens * nice >= least)
