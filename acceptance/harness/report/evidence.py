"""What is kept about one failure: a folder of text files and pictures, without secrets."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from acceptance.harness.report.redactor import Redactor

# Writes what one witness saw since a moment into a folder that exists; its files are redacted afterwards.
Collector = Callable[[Path, datetime], None]


class Evidence:
    """One check's folder under `evidence/`; made when the first thing is kept."""

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        self.folder, self._redactor = folder, redactor

    def text(self, name: str, text: str) -> Path:
        """Keeps a text, redacted; returns where."""
        return self.data(name, self._redactor.text(text).encode("utf-8", "replace"))

    def data(self, name: str, data: bytes) -> Path:
        """Keeps bytes (a screenshot) as they are; returns where."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        path.write_bytes(data)
        return path

    def collect(self, collectors: Iterable[Collector], since: datetime) -> None:
        """Asks every witness; one that fails is noted in the evidence and stands in nobody's way."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for collector in collectors:
            try:
                collector(self.folder, since)
            except Exception as error:  # noqa: BLE001 - the failure that brought us here must be told
                name = getattr(collector, "__name__", type(collector).__name__)
                self.text(
                    f"no-{name}.txt", f"{name} could not be collected: {type(error).__name__}: {error}\n"
                )
        self._redactor.sweep(self.folder)
