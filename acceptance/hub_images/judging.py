"""A hub image that is being judged, by the ordinary command."""

import time
from typing import Any

from acceptance import judged
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run
from acceptance.hub_images.hub_image import HubImage, failing


class Judging:
    """`make acceptance HUB_IMAGE=… PROFILE=image` for one image, on the engine at `host`."""

    def __init__(self, run: Run, image: HubImage, host: str) -> None:
        self.piece, self.host, self._run, self._began = image, host, run.settings.run, time.monotonic()
        self._folder = run.folder / "images" / image.id
        self._folder.mkdir(parents=True)
        words = judged.command(run, self._folder, "image", options=image.given)
        self.process = judged.start(words, judged.environment(run, host, image.settings), self._folder / "output.txt")

    def entry(self) -> dict[str, Any]:
        """What came of it, as images.json keeps it; asked once its process has ended."""
        results = judged.results_in(self._folder)
        wrong = self.piece.faults_of(results)
        return {"id": self.piece.id, "outcome": Outcome.FAIL if wrong else Outcome.PASS, "reason": "; ".join(wrong),
                "verdict": results["verdict"] if results else "", "exit": results["exit"] if results else None,
                "failing": failing(results) if results else [], "diagnosis": results["diagnosis"] if results else {},
                "hub": results["images"]["hub"] if results else {}, "seconds": round(time.monotonic() - self._began),
                "run": self._run}
