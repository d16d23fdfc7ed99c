"""One failed check as a rule sees it: its reason, and the texts of its evidence by what they tell of."""

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

# What may be looked into, and which files of a folder of evidence tell it. `reason` is the check's own.
PLACES = {
    "reason": (),
    "trace": ("traceback-*.txt",),
    "hub": ("log-*_hub.*.txt",),
    "nginx": ("log-*_nginx.*.txt",),
    "notebook": ("log-*-*.txt",),
    "logs": ("log-*.txt",),
    "tasks": ("tasks.txt",),
    "http": ("http.txt",),
    "services": ("services.json",),
    "audit": ("audit.txt",),
    "deploy": ("deploy.log",),
    "any": ("*.txt", "*.log"),
}
MOST = 2_000_000  # characters of one file: what broke a check stands at the end of a longer one


class Kept(NamedTuple):
    """A text and where it stands, as the report names it."""

    path: str
    text: str


class Case:
    """One check that failed, with the folder of its evidence and what the run kept of itself."""

    def __init__(self, report: Path, check: str, reason: str, evidence: str | None) -> None:
        self.check, self._report, self._reason, self._evidence = check, report, reason, evidence
        self._read: dict[str, list[Kept]] = {}

    def texts(self, place: str) -> list[Kept]:
        """What is kept of a place; empty where nothing is."""
        if place not in self._read:
            self._read[place] = [*self._texts(place)]
        return self._read[place]

    def _texts(self, place: str) -> Iterator[Kept]:
        if place in ("reason", "any"):
            yield Kept("reason", self._reason)
        for pattern in PLACES[place]:
            for path in (path for path in self._files if path.match(pattern) and _is_of(place, path)):
                text = path.read_text(encoding="utf-8", errors="replace")[-MOST:]
                told = flattened(text) if path.suffix == ".json" else text
                yield Kept(path.relative_to(self._report).as_posix(), told)

    @cached_property
    def _files(self) -> list[Path]:
        own = [self._report / self._evidence] if self._evidence else []
        folders = [folder for folder in (*own, self._report / "evidence" / "run") if folder.is_dir()]
        files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
        return [*files, *(path for path in [self._report / "deploy.log"] if path.is_file())]


def _is_of(place: str, path: Path) -> bool:
    """Stack's services are called STACK_NAME, users' STACK-NAME: only the latter are notebooks."""
    return place != "notebook" or "_" not in path.name.partition(".")[0]


def flattened(text: str) -> str:
    """services.json as lines `SERVICE KEY.KEY = VALUE`, which a pattern can speak of; SERVICE without the stack's name."""
    try:
        services = json.loads(text)
        return "\n".join(line for one in services for line in _lines(_short(one["Spec"]), one["Spec"]))
    except (ValueError, KeyError, TypeError):
        return ""


def _short(spec: dict[str, Any]) -> str:
    """`hub` and `nginx` for the stack's own; `notebook:NAME` for what the hub has made."""
    stack = (spec.get("Labels") or {}).get("com.docker.stack.namespace", "")
    return spec["Name"].removeprefix(f"{stack}_") if stack else f"notebook:{spec['Name']}"


def _lines(name: str, value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for inner, held in value.items():
            yield from _lines(name, held, f"{key}.{inner}" if key else inner)
    elif isinstance(value, list) and value:
        for held in value:
            yield from _lines(name, held, key)
    else:
        yield f"{name} {key} = {value}"
