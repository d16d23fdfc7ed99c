"""What the package asks for: the names in acceptance/requirements.txt, each in the one version that is pinned for it."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

WANTED = "acceptance/requirements.txt"
PINS = ("hub/constraints.txt", "acceptance/constraints.txt")


class Pinned(MetadataHookInterface):
    """Asked by hatchling at each build."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fills in the dependencies. Raises ValueError for one that no file pins: what was tested is what is installed."""
        metadata["dependencies"] = dependencies(Path(self.root))


def dependencies(tree: Path) -> list[str]:
    """Each requirement of a run with its version, as `name==version`."""
    pins = {canonicalize_name(each.name): each for path in PINS for each in listed(tree / path)}
    found = [each if each.specifier else pins.get(canonicalize_name(each.name), each) for each in listed(tree / WANTED)]
    if loose := [str(each) for each in found if not each.specifier]:
        raise ValueError(f"{', '.join(loose)}: no version in {WANTED} nor in {' or '.join(PINS)}; pin it in one of them")
    return [str(each) for each in found]


def listed(path: Path) -> list[Requirement]:
    """The requirements in a file, without its comments and options."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]
