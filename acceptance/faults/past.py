"""What was judged before, at this very state of the tree and of the question, with the very same patch."""

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from acceptance.faults.fault import FOLDER, Fault
from acceptance.faults.finding import PROVED, Finding
from acceptance.faults.reading import read
from acceptance.harness.report.run import Run
from acceptance.kept import Kept
from acceptance.revision import NO_PART, revision_of


class Past(Kept):
    """The faults' rows of matrix.json by id, in a file that outlives the run, each with the place of its report.

    `judges` says which checks and harness found them (kill_score.judges_of); it is part of the revision.
    """

    def __init__(self, path: Path, revision: str, judges: str):
        super().__init__(path, "faults", revision, judges=judges)

    def rows(self, faults: Collection[Fault]) -> dict[str, dict[str, Any]]:
        """Rows, read anew, of those that were killed as they should, or rightly not noticed; all else is judged again."""
        found = [self._read(fault, faults) for fault in faults if self._has(fault)]
        rows = {each.fault.id: each.row() for each in found if each.verdict in PROVED and not each.unjudged}
        for name, row in rows.items():      # what is published is what was read last; each addition writes the file whole
            if self.entries[name] != (read_now := {**row, "report": self.entries[name]["report"]}):
                self.add(name, read_now)
        return rows

    def _has(self, fault: Fault) -> bool:
        return self.entries.get(fault.id, {}).get("patch") == fault.patch.digest

    def _read(self, fault: Fault, faults: Iterable[Fault]) -> Finding:
        known = self.entries[fault.id]
        return read(fault, faults, self.path.parent / known["report"], known["seconds"])

    def keep(self, finding: Finding, report: Path) -> None:
        """Takes a finding in; of a run that nothing may resume none is kept."""
        if self.revision:
            self.add(finding.fault.id, {**finding.row(), "report": str(report.relative_to(self.path.parent))})


def revision_for(run: Run, folder: Path, company: str, judges: str) -> str:
    """One name for tree, judges, company, images and engine; empty where nothing can be resumed. A fault has its patch's."""
    patches = (*FOLDER.rglob("*.yaml"), *folder.glob("*.yaml"))
    faults = [str(path.relative_to(run.settings.source)) for path in patches if path.is_relative_to(run.settings.source)]
    tree = revision_of(run.settings.source, (*NO_PART, *faults))
    asked = [tree, judges, company, run.settings.engine_version, run.settings.users]
    asked += [run.settings.hub_image, run.settings.notebook_image, run.settings.nginx_image]
    return hashlib.sha256(repr(asked).encode()).hexdigest() if tree else ""
