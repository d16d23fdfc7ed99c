"""What was proved before, at this very state of the tree, of the faults and of the question."""

import hashlib
from pathlib import Path

from acceptance.faults.fault import FOLDER, Fault
from acceptance.faults.finding import PROVED
from acceptance.harness.report.run import Run
from acceptance.kept import Kept
from acceptance.revision import revision_of

# Written from what was proved, so that committing it makes nothing unproved.
WRITTEN = ("docs/matrix.json", "docs/matrix.svg")


class Past(Kept):
    """The faults' rows of matrix.json by id, in a file that outlives the run."""

    def __init__(self, path: Path, revision: str):
        super().__init__(path, "faults", revision)

    def has_proved(self, fault: Fault) -> bool:
        """Whether the fault was killed as it should, or rightly not noticed; all else is judged again."""
        return self.entries.get(fault.id, {}).get("verdict") in PROVED

    def add(self, name: str, entry: dict) -> None:
        """Takes a row in; of a run that nothing may resume none is kept."""
        if self.revision:
            super().add(name, entry)


def revision_for(run: Run, folder: Path, company: str) -> str:
    """One name for tree, faults, company, images and engine; empty where nothing can be resumed."""
    tree = revision_of(run.settings.source, WRITTEN)
    asked = [tree, company, run.settings.engine_version, run.settings.users]
    asked += [run.settings.hub_image, run.settings.notebook_image, run.settings.nginx_image]
    others = [path.read_bytes() for path in sorted(folder.glob("*.yaml"))] if folder != FOLDER else []
    return hashlib.sha256(repr((asked, others)).encode()).hexdigest() if tree else ""
