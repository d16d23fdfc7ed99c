"""A hub image that is being judged, by the ordinary command."""

import time
from typing import Any

from acceptance import judged
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run
from acceptance.hub_images.hub_image import HubImage, failing
from acceptance.series import Entry

NOTHING = {"verdict": "", "exit": None, "diagnosis": {"cause": None}}


class Judging:
    """`make acceptance HUB_IMAGE=… PROFILE=image` for one image, on the engine at `host`."""

    def __init__(self, run: Run, image: HubImage, host: str) -> None:
        self.piece, self.host, self._run, self._began = image, host, run.settings.run, time.monotonic()
        self._folder = run.folder / "images" / image.id
        self._folder.mkdir(parents=True)
        words = judged.command(run, self._folder, "image", options=image.given)
        self.process = judged.start(words, judged.environment(run, host, image.settings), self._folder / "output.txt")

    def entry(self) -> Entry:
        """What came of it, as images.json keeps it; asked once its process has ended."""
        results = judged.results_in(self._folder)
        told = {key: results[key] for key in ("verdict", "exit", "diagnosis")} if results else NOTHING
        measured = {"id": self.piece.id, "asked": self.piece.asked, **told, "failing": failing(results),
                    "hub": results["images"]["hub"] if results else {}, "seconds": round(time.monotonic() - self._began),
                    "run": self._run, "report": self._page_of(results)}
        return worth(self.piece, measured)

    def _page_of(self, results: dict[str, Any] | None) -> str:
        """Its own report, as the folder of reports leads to it."""
        return f"{self._run}/images/{self.piece.id}/{results['run']}/index.html" if results else ""


def worth(image: HubImage, measured: Entry) -> Entry:
    """What was measured, and whether that is the right verdict on this image."""
    wrong = image.faults_of(measured)
    return {**measured, "outcome": Outcome.FAIL if wrong else Outcome.PASS, "reason": "; ".join(wrong)}
