"""images.html: what each image was told, and whether that was right, in a table for people."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.rendered import rendered
from acceptance.harness.report.report import put
from acceptance.harness.report.run import Run
from acceptance.hub_images.hub_image import HubImage

PAGE = "images.html"


def write(run: Run, images: Iterable[HubImage], entries: Mapping[str, Mapping[str, Any]]) -> None:
    """The page into the run's folder, with what is known by now; the head of the report leads to it."""
    known = [(image, entries[image.id]) for image in images if image.id in entries]
    right = sum(entry["outcome"] == Outcome.PASS for _, entry in known)
    run.proved, run.pages = f"{right} of {len(known)} hub images were judged rightly.", [PAGE]
    run.folder.mkdir(parents=True, exist_ok=True)
    put(run, PAGE, page_of(known, run.proved))


def page_of(known: list[tuple[HubImage, Mapping[str, Any]]], sentence: str) -> str:
    """One file that fetches nothing; an image's own report is a link beside the run's folder."""
    whole = all(entry["outcome"] == Outcome.PASS for _, entry in known)
    return rendered("images.html.j2", Path(__file__).parent, known=known, sentence=sentence, word="PASS" if whole else "FAIL")
