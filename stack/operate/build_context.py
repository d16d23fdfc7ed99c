"""What of a folder goes to the builder, and into the hash that names what a folder of the operator's builds."""

import re
from pathlib import Path

from docker.utils.build import exclude_paths

NEVER_SENT = frozenset({"__pycache__"})
RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")    # the name of a run's folder, in the folder of reports of an acceptance run


def paths(folder: Path, left_out: frozenset[str] = NEVER_SENT) -> list[Path]:
    """The files and folders below it, relative and sorted, without those of a name in `left_out`, what .dockerignore tells
    to leave out, and reports of acceptance runs.

    A report grows while the image is judged: with it, no two builds would be of the same files.
    """
    found = map(Path, exclude_paths(str(folder), ignored(folder)))  # as `docker build` reads it; our call of the API would not
    sent = [path for path in found if not left_out.intersection(path.parts)]
    reports = {reports_of(path) for path in sent if RUN.fullmatch(path.name) and (folder / path).is_dir()}
    return sorted(path for path in sent if not reports.intersection((path, *path.parents)))


def ignored(folder: Path) -> list[str]:
    """The patterns of its .dockerignore, in their order; none without one."""
    path = folder / ".dockerignore"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def reports_of(run: Path) -> Path:
    """The folder that a run's folder lies in; the run's alone where that is the top, with all that is to be built."""
    return run.parent if run.parent.parts else run
