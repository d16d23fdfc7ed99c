"""Cache folders for sandboxes that find no image of an earlier run, as on a new machine; the engines themselves are shared."""

import shutil
from pathlib import Path
from typing import Self

from acceptance.sandbox import down
from acceptance.sandbox.slot import cache_folder, inner_home

PREFIX = "fresh-"   # by which `make clean` knows them


class Caches:
    """Those that are in use; whatever is left of them when `with` ends goes then."""

    def __init__(self) -> None:
        self._homes: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for home in [*self._homes]:
            self.remove(home)

    def make(self) -> Path:
        """A folder to be somebody's XDG_CACHE_HOME."""
        self._homes.append(inner_home(PREFIX))
        return self._homes[-1]

    def remove(self, home: Path) -> None:
        """Deletes it, and ends first what a killed run left running there. Raises EngineError with what would not go."""
        down.everything(home / cache_folder().name, also_in_use=True)
        shutil.rmtree(home)
        self._homes.remove(home)
