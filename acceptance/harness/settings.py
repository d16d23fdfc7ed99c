"""What a run was asked for: read once, judged whole, and frozen. The environment is read here and nowhere else."""

import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from acceptance.harness.errors import SettingsError

# A profile is the set of the profiles whose checks it runs: smoke ⊂ core ⊂ full; image is core plus its own.
PROFILES = {
    "smoke": ("smoke",),
    "core": ("smoke", "core"),
    "full": ("smoke", "core", "full"),
    "image": ("smoke", "core", "image"),
}
ENGINES = ("auto", "current", "sandbox")
ENGINE_VERSIONS = ("20.10", "26.1")  # the two that Debian has: bookworm's and trixie's
# name[:tag][@digest] with an optional registry host in front, or the bare id that an engine gives an image
IMAGE = re.compile(
    r"sha256:[0-9a-f]{64}"
    r"|([\w.-]+(:\d+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?"
)


class Option(NamedTuple):
    """One setting as a caller meets it: `--name` for pytest, its `variable` for make."""

    name: str
    default: str
    meaning: str

    @property
    def variable(self) -> str:
        """The make variable that means the same: `--hub-image` is HUB_IMAGE."""
        return self.name.upper().replace("-", "_")

    @property
    def key(self) -> str:
        """The name that pytest and the dataclass keep it under."""
        return self.name.replace("-", "_")


OPTIONS = (
    Option("profile", "core", f"which checks are run: one of {', '.join(PROFILES)}"),
    Option(
        "engine",
        "auto",
        "whose engine: current (what the docker client reaches), sandbox (a private swarm), "
        "auto (current if it answers, else sandbox)",
    ),
    Option(
        "engine-version",
        "",
        f"the sandbox's Docker Engine, {' or '.join(ENGINE_VERSIONS)}; asks for a sandbox. Empty: the sandbox's own choice",
    ),
    Option("hub-image", "", "judge this hub image instead of building ours"),
    Option("notebook-image", "", "judge with this single-user image instead of building ours"),
    Option("nginx-image", "", "judge with this nginx image instead of building ours"),
    Option("users", "5", "how many users the checks of many users sign in at once"),
    Option("keep", "", "set: leave the stack standing for a look; the run is PARTIAL and certifies nothing"),
    Option("http-port", "", "the published HTTP port. Empty: a free one, 18080 first"),
    Option("https-port", "", "the published HTTPS port. Empty: a free one, 18443 first"),
    Option("target", "", "judge an existing service at this URL (not built yet: refused)"),
    Option("accounts", "", "a file with the accounts of an existing service (not built yet: refused)"),
    Option("faults", "", "prove the checks against the fault files of this folder instead of judging the stack"),
    Option("source", "the checkout", "the tree whose stack/, hub/, nginx/ and Makefile are judged"),
    Option("reports", "reports/ of the checkout", "the folder that gets a folder for each run, and `latest`"),
)


@dataclass(frozen=True)
class Settings:
    """One run's settings, complete and valid; `describe()` tells what each means."""

    profile: str
    engine: str
    engine_version: str | None
    hub_image: str | None
    notebook_image: str | None
    nginx_image: str | None
    users: int
    keep: bool
    http_port: int | None
    https_port: int | None
    target: str | None
    accounts: Path | None
    faults: Path | None
    source: Path
    reports: Path
    run: str
    python: str = sys.executable
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)


def describe() -> list[tuple[str, str, str, str]]:
    """Each setting as (option, make variable, default, meaning), for --help, README and the selftest that compares them."""
    return [(f"--{each.name}", each.variable, each.default, each.meaning) for each in OPTIONS]


def gather(given: Mapping[str, object], root: Path) -> Settings:
    """The settings from what was `given` (by Option.key; None or '' means not given) for the checkout at `root`.

    Raises SettingsError with every complaint at once; nothing has been started by then.
    """
    reader = _Reader({key: str(value).strip() for key, value in given.items() if value not in (None, False)})
    settings = _read(reader, root)
    if settings.http_port and settings.http_port == settings.https_port:
        reader.complaints.append(
            f"HTTP_PORT and HTTPS_PORT are both {settings.http_port}: nginx cannot listen twice on one port; "
            "give them different values or leave one empty"
        )
    if reader.complaints:
        raise SettingsError(reader.complaints)
    return settings


def fallback(given: Mapping[str, object], root: Path) -> Settings:
    """What the report of refused settings is written with: the defaults, and the reports folder that was given."""
    return _read(_Reader({"reports": str(given.get("reports") or "")}), root)


def _read(reader: "_Reader", root: Path) -> Settings:
    return Settings(
        profile=reader.choice("profile", tuple(PROFILES), "core"),
        engine=reader.engine(),
        engine_version=reader.choice("engine_version", ENGINE_VERSIONS, ""),
        hub_image=reader.image("hub_image"),
        notebook_image=reader.image("notebook_image"),
        nginx_image=reader.image("nginx_image"),
        users=reader.number("users", 1, 1000) or 5,
        keep=bool(reader.text("keep")),
        http_port=reader.number("http_port", 1, 65535),
        https_port=reader.number("https_port", 1, 65535),
        target=reader.unbuilt("target"),
        accounts=reader.unbuilt("accounts"),
        faults=reader.folder("faults", None, "*.yaml"),
        source=reader.folder("source", root, "stack/docker-compose.yml"),
        reports=Path(reader.text("reports") or root / "reports").absolute(),
        run=f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
    )


class _Reader:
    """Reads one value at a time and gathers the complaints, so that a caller is told all of them together."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given, self.complaints = given, []

    def text(self, key: str) -> str:
        return self.given.get(key, "")

    def refuse(self, key: str, why: str) -> None:
        self.complaints.append(f"{key.upper()}={self.text(key)}: {why}")

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str | None:
        value = self.text(key) or default
        if value and value not in allowed:
            self.refuse(key, f"unknown; choose one of {', '.join(allowed)}")
        return value or None

    def engine(self) -> str | None:
        """Only a sandbox has a version to choose, so asking for one asks for a sandbox."""
        engine, version = self.choice("engine", ENGINES, "auto"), self.text("engine_version")
        if engine == "current" and version:
            self.refuse("engine_version", "the current engine has the version it has; drop this, or say ENGINE=sandbox")
        return "sandbox" if engine == "auto" and version else engine

    def number(self, key: str, least: int, most: int) -> int | None:
        value = self.text(key)
        if value and not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            self.refuse(key, f"not a whole number from {least} to {most}")
            return None
        return int(value) if value else None

    def image(self, key: str) -> str | None:
        value = self.text(key)
        if value and not IMAGE.fullmatch(value):
            self.refuse(key, "no image reference; write name:tag, name@sha256:…, or an image id sha256:…")
        return value or None

    def unbuilt(self, key: str) -> None:
        if self.text(key):
            self.refuse(key, "judging an existing service is not built yet; leave it out, and the run deploys its own stack")

    def folder(self, key: str, default: Path | None, holds: str) -> Path | None:
        folder = Path(self.text(key)).absolute() if self.text(key) else default
        if self.text(key) and not folder.is_dir():
            self.refuse(key, "no such folder, or it cannot be read; check the path")
        elif folder and not any(folder.glob(holds)):
            self.complaints.append(f"{key.upper()}={folder}: holds no {holds}; check the path")
        return folder
