"""A node's data-root: its images live from run to run, all else in it must not."""

import shutil
from pathlib import Path

from acceptance.sandbox.command import output_of

PASSING = ("containers", "network", "plugins", "runtimes", "swarm", "tmp", "trust", "volumes", "containerd")


def wipe(root: Path) -> None:
    """Leave nothing of the data-root `root` but its images and build cache; no engine may be using it."""
    for mount in (root / "image" / "overlay2" / "layerdb" / "mounts").glob("*"):
        _remove_container_layers(root / "overlay2", mount)
    for name in PASSING:
        shutil.rmtree(root / name, ignore_errors=True)


def megabytes_of(folder: Path) -> int:
    """How much of the disk `folder` takes; 0 if it is not there."""
    # du complains, and still counts, when an engine removes a file under its eyes.
    counted = output_of("sh", "-c", 'du -sm "$1" 2> /dev/null || true', "sh", folder)
    return int((counted.split() or ["0"])[0])


def _remove_container_layers(layers: Path, mount: Path) -> None:
    """A container that the engine is made to forget would leave its writable layers behind for good."""
    for part in ("mount-id", "init-id"):
        layer = layers / (mount / part).read_text() if (mount / part).exists() else None
        if layer and (layer / "link").exists():
            (layers / "l" / (layer / "link").read_text()).unlink(missing_ok=True)
        if layer:
            shutil.rmtree(layer, ignore_errors=True)
    shutil.rmtree(mount)
