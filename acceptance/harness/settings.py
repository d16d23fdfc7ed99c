"""What a run was asked for: read once, judged whole, frozen. The environment is read nowhere else."""

import os
import re
import secrets
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from acceptance.harness.errors import SettingsError
from acceptance.harness.options import ENGINE_VERSIONS, ENGINES, HUB_CONFIGS, PROFILES
from acceptance.harness.target import Target, target_of
from acceptance.harness.waivers import Waiver, read_waivers

# name[:tag][@digest] with an optional registry host in front, or the bare id that an engine gives an image
IMAGE = re.compile(
    r"sha256:[0-9a-f]{64}"
    r"|([\w.-]+(:\d+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?"
)

ROOM = 100  # MB that a report with the evidence of many failures may take


def environment() -> dict[str, str]:
    """A copy of this process's environment, also for what is no run (the sandbox's own command)."""
    return dict(os.environ)


def outside_make() -> dict[str, str]:
    """environment() without an outer make's flags: a make run with them would inherit PROFILE, KEEP and -n."""
    return {name: value for name, value in environment().items() if not name.startswith(("MAKE", "MFLAGS"))}


@dataclass(frozen=True)
class Settings:
    """One run's settings, complete and valid; options.py tells what each means."""

    profile: str
    engine: str
    engine_version: str | None
    hub_image: str | None
    previous_hub_image: str | None
    hub_config: str
    notebook_image: str | None
    nginx_image: str | None
    users: int
    keep: bool
    http_port: int | None
    https_port: int | None
    target: Target | None
    waivers: tuple[Waiver, ...]
    faults: Path | None
    source: Path
    reports: Path
    run: str
    python: str = sys.executable
    environment: Mapping[str, str] = field(default_factory=environment, repr=False)


def gather(given: Mapping[str, object], root: Path) -> Settings:
    """The settings from what was `given` (by Option.key; None, '' mean not given) for the checkout at `root`.

    Raises SettingsError with every complaint at once; nothing has been started by then.
    """
    reader = _Reader({key: str(value).strip() for key, value in given.items() if value is not None})
    settings = _read(reader, root)
    if settings.http_port and settings.http_port == settings.https_port:
        reader.complaints.append(
            f"HTTP_PORT and HTTPS_PORT are both {settings.http_port}: nginx cannot listen twice on one port; "
            "give them different values or leave one empty"
        )
    if settings.previous_hub_image and settings.profile != "image":
        reader.refuse("previous_hub_image", f"profile {settings.profile} judges no upgrade: say PROFILE=image, or drop this")
    if settings.waivers and settings.faults:
        reader.complaints.append("WAIVERS and FAULTS are both given: a fault whose check is waived proves nothing; drop one")
    if reader.complaints:
        raise SettingsError(reader.complaints)
    return settings


def fallback(given: Mapping[str, object], root: Path) -> Settings:
    """What the report of refused settings is written with: defaults, and the given reports folder."""
    return _read(_Reader({"reports": str(given.get("reports") or "")}), root)


def _read(reader: "_Reader", root: Path) -> Settings:
    return Settings(
        profile=reader.choice("profile", tuple(PROFILES), "core"),
        engine=reader.engine(),
        engine_version=reader.choice("engine_version", ENGINE_VERSIONS, ""),
        hub_image=reader.image("hub_image"),
        previous_hub_image=reader.image("previous_hub_image"),
        hub_config=reader.choice("hub_config", HUB_CONFIGS, "stack"),
        notebook_image=reader.image("notebook_image"),
        nginx_image=reader.image("nginx_image"),
        users=reader.number("users", 1, 1000) or 5,
        keep=reader.choice("keep", ("0", "1"), "0") == "1",
        http_port=reader.number("http_port", 1, 65535),
        https_port=reader.number("https_port", 1, 65535),
        target=reader.target(),
        waivers=reader.waivers("waivers"),
        faults=reader.folder("faults", None, "*.yaml"),
        source=reader.folder("source", root, "stack/docker-compose.yml"),
        reports=reader.room(Path(reader.text("reports") or root / "reports").absolute()),
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
            self.refuse(
                "engine_version",
                "the current engine has the version it has; drop this, or say ENGINE=sandbox",
            )
        return "sandbox" if engine == "auto" and version else engine

    def number(self, key: str, least: int, most: int) -> int | None:
        value = self.text(key)
        if value and not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            self.refuse(key, f"not a whole number from {least} to {most}")
            return None
        return int(value) if value else None

    def image(self, key: str) -> str | None:
        """An image's name or id; or the absolute path of a tar or a folder, which `make` judges together with the engine."""
        value = self.text(key)
        if value.startswith(("./", "../", "/")):
            if not Path(value).exists():
                self.refuse(key, "no such folder with a Dockerfile, and no such tar of `docker save`; check the path")
            return str(Path(value).absolute())
        if value and not IMAGE.fullmatch(value):
            self.refuse(key, "no image reference; write name:tag, name@sha256:…, an image id sha256:…, or a path from ./ or / on")
        return value or None

    def target(self) -> Target | None:
        """The service that is judged in place of one that the run deploys."""
        try:
            return target_of(self.given, environment())
        except SettingsError as error:
            self.complaints += error.complaints
            return None

    def waivers(self, key: str) -> tuple[Waiver, ...]:
        """What the file says; what is wrong with it is said together with all else."""
        try:
            return read_waivers(Path(self.text(key))) if self.text(key) else ()
        except SettingsError as error:
            self.complaints += error.complaints
            return ()

    def room(self, folder: Path) -> Path:
        """Where the report will lie; a run of minutes must not end without a word on what it saw."""
        there = next(each for each in (folder, *folder.parents) if each.exists())
        free = shutil.disk_usage(there).free // 10**6
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            self.complaints.append(
                f"REPORTS={folder}: {there} is no folder that this user may write; name another one"
            )
        elif free < ROOM:
            self.complaints.append(
                f"REPORTS={folder}: {free} MB are free and a report may take {ROOM}: make room, or name another folder"
            )
        return folder

    def folder(self, key: str, default: Path | None, holds: str) -> Path | None:
        folder = Path(self.text(key)).absolute() if self.text(key) else default
        if self.text(key) and not folder.is_dir():
            self.refuse(key, "no such folder, or it cannot be read; check the path")
        elif folder and not any(folder.glob(holds)):
            self.complaints.append(f"{key.upper()}={folder}: holds no {holds}; check the path")
        return folder
