"""One of the runs: the ordinary command on the stack as it is, and the line that the ledger keeps of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from acceptance import judged
from acceptance.harness.report.run import Run


class Attempt:
    """A run that goes on: on the engine at `host`, or, given a `home`, on a sandbox of its own with that cache folder."""

    def __init__(self, run: Run, number: int, host: str, home: Path | None = None) -> None:
        self.host, self.home = host, home
        self._reports, self._folder = run.settings.reports, run.folder / "runs" / f"{number:02}"
        self._began = datetime.now(UTC)
        self._folder.mkdir(parents=True)
        own_engine = {"engine": "sandbox", "engine-version": run.settings.engine_version} if home else {}
        words = judged.command(run, self._folder, run.settings.profile, options=own_engine)
        variables = judged.environment(run, host, {"XDG_CACHE_HOME": home} if home else {})
        self._output = self._folder / "output.txt"
        self.process = judged.start(words, variables, self._output)

    def entry(self) -> dict[str, Any]:
        """What came of it; asked once its process has ended."""
        seconds = self._output.stat().st_mtime - self._began.timestamp()    # to its last word: we may come later
        timed = {"began": f"{self._began:%Y-%m-%dT%H:%M:%SZ}", "seconds": round(seconds, 1)}
        results = judged.results_in(self._folder) or NO_RESULTS
        report = self._folder / results["run"] if results["run"] else self._folder
        return {"run": results["run"], "fresh": bool(self.home), **timed, **told(results),
                "report": str(report.relative_to(self._reports))}


NO_RESULTS = {"run": "", "verdict": "ERROR", "exit": None, "exits": [], "engine": "", "phases": {}, "leftovers": [], "checks": []}


def told(results: Mapping[str, Any]) -> dict[str, Any]:
    """What the ledger keeps of a results.json: how each check went, how long it took, and why it did not pass."""
    kept = {name: results[name] for name in ("verdict", "exit", "exits", "engine", "phases", "leftovers")}
    return {**kept, "checks": {check["id"]: _check(check) for check in results["checks"]}}


def _check(check: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"outcome": check["outcome"], "seconds": check["seconds"]}
    why = {"reason": check["reason"].partition("\n")[0], "evidence": check["evidence"]}
    return kept if check["outcome"] == "PASS" else {**kept, **why}
