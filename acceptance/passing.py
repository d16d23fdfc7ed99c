"""Keeps a small bundle of each run in which all went well, while its stack still stands: what a failed run is compared with."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from acceptance.harness.report.bundle import cut, lines_of, requests_of
from acceptance.harness.report.check import LAST
from acceptance.harness.report.evidence import Evidence
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.run import Run
from acceptance.selection import CHECK

FOLDER = "passing"  # of the report; evidence/ is about what went wrong


class Passing:
    """The hooks that find the last moment before the stack goes."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.began: dict[str, datetime] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """The check of the removal takes the stack away itself."""
        check = item.stash[CHECK]
        if check.id == LAST:
            self.keep()
        self.began[check.id] = datetime.now(UTC)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        """A run without that check loses its stack when the last one has been torn down."""
        if nextitem is None and item.stash[CHECK].id != LAST:
            self.keep()
        return (yield)

    def keep(self) -> None:
        """Asks the witnesses, unless something went wrong or there is no stack. A full disk is told, as for evidence."""
        results = self.run.results.values()
        if not results or not self.run.collectors or {each.outcome for each in results} - {Outcome.PASS, Outcome.SKIP}:
            return
        try:
            self._keep(Evidence(self.run.folder / FOLDER, self.run.secrets))
        except OSError as error:
            self.run.internal.append(f"{FOLDER}/ could not be kept in {self.run.folder}: {error.strerror or error}")

    def _keep(self, bundle: Evidence) -> None:
        bundle.collect(self.run.collectors, self.run.started)
        bundle.text("requests.txt", requests_of(lines_of(sorted(bundle.folder.glob("log-*.txt")))))
        bundle.text("facts.json", json.dumps(asdict(self.run.facts), indent=1))
        bundle.text("checks.txt", "".join(f"{began:%H:%M:%S} UTC  {self._line(name)}\n" for name, began in self.began.items()))
        cut(bundle.folder)

    def _line(self, name: str) -> str:
        result = self.run.results.get(name)
        return f"{result.outcome.value:<5} {name:<22} {result.seconds:6.1f} s" if result else name
