"""All hub images, and the table."""

from typing import Any

from acceptance import judged
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run
from acceptance.hub_images import page
from acceptance.hub_images.hub_image import FILE, load
from acceptance.hub_images.judging import Judging, worth
from acceptance.series import Series

HEAD = f"{'image':<22} {'judged':<7} {'verdict':<8} {'time':>6}  what is broken, and why"


def prove(run: Run, ids: tuple[str, ...] = ()) -> None:
    """Judges the images, or the named ones, tells the run, and prints the table. Raises SettingsError for bad entries."""
    images = load(ids, read_lock(judged.CHECKS / "checks.lock"))
    expected = str(FILE.relative_to(judged.CHECKS.parent))
    series = Series(run, "images", lambda image, host: Judging(run, image, host), HEAD, line_of, worth, (expected,))
    try:
        series.judge(images)
    finally:  # as the table: whoever interrupts it reads what is known, too
        page.write(run, images, series.kept.entries)


def line_of(entry: dict[str, Any]) -> str:
    """An image's line of the table."""
    right = "rightly" if entry["outcome"] == Outcome.PASS else "WRONGLY"
    cause = entry["diagnosis"].get("cause")
    told = "; ".join(filter(None, (", ".join(entry["failing"]), cause, entry["reason"])))
    return f"{entry['id']:<22} {right:<7} {entry['verdict']:<8} {entry['seconds']:>4} s  {told}".rstrip()
