"""How long each check took in each run, as a picture: a strip a check, a mark a run."""

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from statistics import median
from typing import Any

STRIP, TOP, LEFT, WIDTH, RIGHT = 18, 52, 160, 620, 70     # pixels
LEAST, MOST = 0.05, 600     # seconds; what is quicker stands at the left edge
LINES = (0.1, 1, 10, 60, 600)
COLORS = {"PASS": "#17703a", "FAIL": "#b3261e", "ERROR": "#9a5200", "SKIP": "#5c6570"}
HEAD = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>')


def picture_of(entries: Sequence[Mapping[str, Any]]) -> str:
    """An SVG of these runs: the slowest check on top, failures as crosses, fresh sandboxes as rings."""
    marks: dict[str, list[tuple[float, str, bool]]] = {}
    for entry in entries:
        for name, check in entry["checks"].items():
            marks.setdefault(name, []).append((check["seconds"], check["outcome"], entry["fresh"]))
    ordered = sorted(marks, key=lambda name: -median(seconds for seconds, *_ in marks[name]))
    height = TOP + STRIP * len(ordered) + 10
    strips = [part for row, name in enumerate(ordered) for part in _strip(name, marks[name], TOP + STRIP * row + STRIP / 2)]
    return "\n".join([HEAD.format(width=LEFT + WIDTH + RIGHT, height=height), *_axis(len(entries), height), *strips, "</svg>\n"])


def _x(seconds: float) -> float:
    """Where so many seconds stand: each tenfold takes the same room."""
    share = math.log(min(max(seconds, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
    return round(LEFT + WIDTH * share, 1)


def _axis(runs: int, height: int) -> Iterable[str]:
    legend = f"Seconds of each check in {runs} runs. Ring: fresh sandbox; cross: failed; bar: median, told at the right."
    yield f'<text x="8" y="18" fill="#1c1f23">{legend}</text>'
    for seconds in LINES:
        yield f'<line x1="{_x(seconds)}" x2="{_x(seconds)}" y1="{TOP - 8}" y2="{height - 6}" stroke="#dde1e6"/>'
        yield f'<text x="{_x(seconds)}" y="{TOP - 14}" fill="#5c6570" text-anchor="middle">{seconds:g} s</text>'


def _strip(name: str, marks: Sequence[tuple[float, str, bool]], y: float) -> Iterable[str]:
    every = [seconds for seconds, *_ in marks]
    middle = _x(median(every))
    yield f'<text x="{LEFT - 8}" y="{y + 4}" fill="#1c1f23" text-anchor="end">{escape(name)}</text>'
    yield f'<line x1="{_x(min(every))}" x2="{_x(max(every))}" y1="{y}" y2="{y}" stroke="#9aa4af"/>'
    yield f'<line x1="{middle}" x2="{middle}" y1="{y - 6}" y2="{y + 6}" stroke="#1c1f23" stroke-width="2"/>'
    yield from (_mark(_x(seconds), y, outcome, is_fresh) for seconds, outcome, is_fresh in marks)
    yield f'<text x="{LEFT + WIDTH + 8}" y="{y + 4}" fill="#5c6570">{median(every):.1f} s</text>'


def _mark(x: float, y: float, outcome: str, is_fresh: bool) -> str:
    color = COLORS[outcome]
    if outcome in ("FAIL", "ERROR"):
        return f'<path d="M{x - 4} {y - 4}l8 8m0 -8l-8 8" stroke="{color}" stroke-width="2"><title>{outcome}</title></path>'
    return f'<circle cx="{x}" cy="{y}" r="3" fill="{"none" if is_fresh else color}" fill-opacity=".45" stroke="{color}"/>'
