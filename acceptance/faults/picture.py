"""The kill matrix as a picture: a line a fault, a column a check, and what each said of the other."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any

from acceptance.faults.category import CATEGORIES
from acceptance.faults.finding import CLEAN, FALSE_ALARM, KILLED, OTHER, SURVIVED

LEFT, TOP, CELL, GAP = 196, 138, 12, 24  # pixels: names of faults, names of checks, a cell, room for a category
MARGIN = 8  # before what begins at the left
SLANT = 80  # by which the longest name of a check leans to the right
BENIGN = "benign: nobody may complain"
COLORS = {KILLED: "#17703a", OTHER: "#c25e00", SURVIVED: "#b3261e", FALSE_ALARM: "#b3261e", CLEAN: "#17703a"}
TOO, UNJUDGED, INK, SOFT, LINE = "#8fb8a0", "#5c6570", "#1c1f23", "#5c6570", "#e3e7eb"
LEGEND = (
    (COLORS[KILLED], "killed by the named check, for the named reason"),
    (TOO, "others that noticed, too"),
    (COLORS[OTHER], "noticed by others only, or for another reason"),
    (COLORS[SURVIVED], "survived, or a false alarm"),
    (UNJUDGED, "not judged"),
)
STYLE = (
    "text{font:10px ui-monospace,monospace;fill:#1c1f23}"
    ".b{font:600 12px system-ui,sans-serif}.s{font:12px system-ui,sans-serif}"
)


def group_of(row: dict[str, Any]) -> str:
    """The category that a row stands under; benign changes stand apart."""
    return BENIGN if row["benign"] else row["category"]


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By category, in a category by id."""
    groups = [*CATEGORIES, BENIGN]
    return sorted(rows, key=lambda row: (groups.index(group_of(row)), row["id"]))


def columns_of(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The checks, in the order in which the faults name them, so that the kills run down the picture; then the others."""
    named = [row["kills"] for row in rows if row["kills"]]
    return list(dict.fromkeys([*named, *sorted({check for row in rows for check in row["asked"]})]))


def picture_of(rows: Iterable[dict[str, Any]]) -> str:
    """An SVG of all rows of matrix.json. It fetches nothing, and each cell says in words what it shows."""
    ordered = in_order(rows)
    checks = columns_of(ordered)
    groups = [(name, list(members)) for name, members in groupby(ordered, key=group_of)]
    legend = MARGIN + sum(_room(words) for _, words in LEGEND)
    width = max(LEFT + CELL * len(checks) + SLANT, legend)  # neither the last names nor the legend are cut off
    height = TOP + CELL * len(ordered) + GAP * len(groups) + 36
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
    )
    if not ordered:
        words = "No fault was judged yet: make faults, then make matrix."
        return f'{head}\n<text class="b" x="{MARGIN}" y="40">{words}</text>\n</svg>\n'
    lines = [head, *_columns(checks, height), *_groups(groups, checks), *_legend(height), "</svg>"]
    return "\n".join(lines) + "\n"


def _columns(checks: Sequence[str], height: int) -> Iterator[str]:
    for number, check in enumerate(checks):
        x = LEFT + CELL * number + CELL / 2
        yield f'<path d="M{x} {TOP}V{height - 30}" stroke="{LINE}"/>'
        yield f'<text transform="translate({x + 3} {TOP - 6}) rotate(-60)">{escape(check)}</text>'


def _groups(groups: Iterable[tuple[str, list[dict[str, Any]]]], checks: Sequence[str]) -> Iterator[str]:
    y = TOP
    for name, members in groups:
        proved = sum(row["verdict"] in (KILLED, CLEAN) for row in members)
        y += GAP
        yield f'<text class="b" x="{MARGIN}" y="{y - 6}">{escape(name)} {proved}/{len(members)}</text>'
        for row in members:
            yield from _row(row, y, checks)
            y += CELL


def _row(row: dict[str, Any], y: int, checks: Sequence[str]) -> Iterator[str]:
    color = COLORS.get(row["verdict"], UNJUDGED)
    yield f'<path d="M{LEFT} {y + CELL / 2}h{CELL * len(checks)}" stroke="{LINE}"/>'
    ink = INK if row["verdict"] else UNJUDGED
    yield f'<text x="{LEFT - 8}" y="{y + 9}" text-anchor="end" style="fill:{ink}">{escape(row["id"])}</text>'
    yield f'<rect x="{LEFT - 5}" y="{y + 1}" width="3" height="{CELL - 2}" fill="{color}"/>'
    failed = {each["id"]: each["reason"] for each in row["failed"]}
    for number, check in enumerate(checks):
        if told := _cell(row, check, failed):
            yield _drawn(*told, LEFT + CELL * number, y)


def _cell(row: dict[str, Any], check: str, failed: dict[str, str]) -> tuple[str, bool, str] | None:
    """The colour of a cell, whether it is filled, and its words; None where the check was not asked."""
    named = check == row["kills"]
    if check in failed:
        color = COLORS[row["verdict"]] if named or row["benign"] else TOO if row["verdict"] == KILLED else COLORS[OTHER]
        return color, True, f"{row['id']} × {check}: {failed[check].partition(chr(10))[0][:160]}"
    if named:
        color = COLORS.get(row["verdict"], UNJUDGED) if check in row["asked"] else UNJUDGED
        return color, False, f"{row['id']} × {check}: not seen"
    return (LINE, False, "") if check in row["asked"] else None


def _drawn(color: str, filled: bool, words: str, x: int, y: int) -> str:
    if not words:
        return f'<circle cx="{x + CELL / 2}" cy="{y + CELL / 2}" r="1.5" fill="{SOFT}" fill-opacity=".45"/>'
    look = f'fill="{color}"' if filled else f'fill="#fff" stroke="{color}" stroke-width="2"'
    place = f'x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}" rx="2"'
    return f"<rect {place} {look}><title>{escape(words)}</title></rect>"


def _legend(height: int) -> Iterator[str]:
    x = MARGIN
    for color, words in LEGEND:
        yield f'<rect x="{x}" y="{height - 22}" width="10" height="10" rx="2" fill="{color}"/>'
        yield f'<text class="s" x="{x + 15}" y="{height - 12}">{words}</text>'
        x += _room(words)


def _room(words: str) -> int:
    """Pixels that an entry of the legend takes, with its mark and the gap to the next."""
    return 30 + 7 * len(words)
