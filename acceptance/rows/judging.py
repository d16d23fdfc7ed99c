"""A row that is being judged."""

import time
from typing import Any

from acceptance import judged
from acceptance.harness.report.check import Check
from acceptance.harness.report.run import Run
from acceptance.rows.row import Row, kept_of, verdict_on


class Judging:
    """A row that is being deployed and judged on the engine at `host`, by the ordinary command."""

    def __init__(self, run: Run, row: Row, locked: list[Check], host: str) -> None:
        self.piece, self.host, self._run, self._wanted = row, host, run.settings.run, row.wanted(locked)
        self._folder, self._began = run.folder / "rows" / row.id, time.monotonic()
        self._folder.mkdir(parents=True)
        words = judged.command(run, self._folder, "full", only=self._wanted)
        variables = judged.environment(run, host, row.settings)
        self.process = judged.start(words, variables, self._folder / "output.txt")

    def entry(self) -> dict[str, Any]:
        """What came of it, as rows.json keeps it; asked once its process has ended."""
        results = judged.results_in(self._folder)
        outcome, reason = verdict_on(self._wanted, results)
        return {"id": self.piece.id, "outcome": outcome, "reason": reason, "passed": kept_of(self._wanted, results),
                "checks": len(self._wanted), "seconds": round(time.monotonic() - self._began),
                "requests": (results or {}).get("requests", {}), "run": self._run}
