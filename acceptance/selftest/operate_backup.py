"""A small backup, and an engine to restore it on that is not there. Selftests only."""

import json
import sqlite3
import tarfile
from contextlib import closing
from types import SimpleNamespace

import docker

from acceptance.selftest.operate_engine import Docker
from stack.operate import manifest, secrets_folder
from stack.operate import settings as operate
from stack.operate.manifest import Manifest
from stack.operate.soundness import digest_of
from stack.operate.streams import Written
from stack.operate.surroundings import Wish
from stack.operate.volumes import Volume

STACK = "nbi-jupyter-service"
STATE = Volume(f"{STACK}_hub-state", {"com.docker.stack.namespace": STACK}, "local", {})
ALICE = Volume(f"{STACK}-alice-x", {"nbi.stack": STACK, "nbi.user": "alice"}, "local", {})


def settings_in(tmp_path):
    """Settings with folders of their own."""
    values = operate.read(operate.STACK_FILE.with_name("stack.env"))
    own = {"SECRETS_DIR": str(tmp_path / "secrets"), "BACKUP_DIR": str(tmp_path / "backups")}
    return operate.Settings({**values, **own})


def backup_in(tmp_path, given):
    """A whole backup of a small stack: its folder."""
    folder = given.backup_dir / f"{STACK}-20260101T000000Z"
    folder.mkdir(parents=True)
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "cookie_secret").write_text("c0ffee")
    with closing(sqlite3.connect(folder / "database.sqlite")) as made:
        made.execute("CREATE TABLE users (name)")
    with tarfile.open(folder / "volume-a.tar", "w") as tar:
        tar.add(tmp_path / "theirs", "files")
    secrets_folder.write(tmp_path / "theirs", folder / "secrets.tar")
    parts = [part_of(folder, "database", "database.sqlite", volume=STATE, database="sqlite"),
             part_of(folder, "secrets", "secrets.tar"), part_of(folder, "volume", "volume-a.tar", volume=ALICE)]
    Manifest(STACK, "then", "now", {"jupyterhub": "6.1.1"}, {"OVERLAYS": ""}, [], parts).write(folder)
    return folder


def part_of(folder, kind, file, **more):
    """A part as the file is now."""
    written = Written((folder / file).stat().st_size, digest_of(folder / file), [])
    return manifest.part(kind, file, written, "then", **more)


def rewritten(folder, change):
    """The manifest with something in its JSON changed."""
    told = json.loads((folder / "manifest.json").read_text())
    change(told)
    (folder / "manifest.json").write_text(json.dumps(told))


def engine_with(*there, in_use=()):
    """An engine that has these volumes, and containers that mount some of them."""
    client, found = Docker(), {volume.name: volume for volume in there}

    def get(name):
        if name not in found:
            raise docker.errors.NotFound(name)
        volume = found[name]
        return SimpleNamespace(name=name, attrs={"Labels": volume.labels, "Driver": volume.driver, "Options": {}})

    client.volumes = SimpleNamespace(get=get)
    client.api.containers = lambda filters=None, **_: [1] if (filters or {}).get("volume") in in_use else []
    return client


def wish(given, folder, over=False):
    """All of a backup."""
    told = manifest.read(folder)
    return Wish(given, folder, told, told.parts, over)
