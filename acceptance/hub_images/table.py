"""All hub images, and the table; what was kept at this state of the tree is not judged again."""

from contextlib import ExitStack, closing
from typing import Any

from acceptance import judged, kept, lanes
from acceptance.harness.errors import EngineError
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run
from acceptance.hub_images.hub_image import HubImage, load
from acceptance.hub_images.judging import Judging
from acceptance.revision import NO_PART_OF_A_RUN, revision_of


def prove(run: Run, ids: tuple[str, ...] = ()) -> None:
    """Judges the images, or the named ones, tells the run, and prints the table. Raises SettingsError for bad entries."""
    images = load(ids, read_lock(judged.CHECKS / "checks.lock"))
    known = kept.Kept(run.settings.reports / "images.json", "images", revision_of(run.settings.source, NO_PART_OF_A_RUN))
    missing = [image for image in images if known.entries.get(image.id, {}).get("outcome") != Outcome.PASS]
    for image in images:
        if image not in missing:
            tell(run, image, known.entries[image.id])
    begun: list[Judging] = []
    try:
        with ExitStack() as stack, run.phase("images", lambda: ", ".join(each.image.id for each in begun)):
            hosts = lanes.engines(run, len(missing), stack)
            ended = lanes.side_by_side(missing, hosts, lambda image, host: Judging(run, image, host), begun)
            for done in stack.enter_context(closing(ended)):
                known.add(done.image.id, done.entry())
                tell(run, done.image, known.entries[done.image.id])
                run.say(line_of(known.entries[done.image.id]))
    except EngineError as error:
        run.unjudged.append(str(error))
    run.say("\n".join([HEAD, *(line_of(known.entries[image.id]) for image in images if image.id in known.entries)]))


def tell(run: Run, image: HubImage, entry: dict[str, Any]) -> None:
    """To the report of this run: whether the image was judged rightly."""
    result = run.result_of(image.as_check)
    result.seconds = entry["seconds"]
    result.add("call", Outcome(entry["outcome"]), entry["reason"])


HEAD = f"{'image':<22} {'judged':<7} {'verdict':<8} {'time':>6}  what is broken, and why"


def line_of(entry: dict[str, Any]) -> str:
    """An image's line of the table."""
    right = "rightly" if entry["outcome"] == Outcome.PASS else "WRONGLY"
    cause = entry["diagnosis"].get("cause")
    told = "; ".join(filter(None, (", ".join(entry["failing"]), cause, entry["reason"])))
    return f"{entry['id']:<22} {right:<7} {entry['verdict']:<8} {entry['seconds']:>4} s  {told}".rstrip()
