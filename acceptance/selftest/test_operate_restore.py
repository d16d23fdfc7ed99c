"""A restore touches nothing of somebody else's, nothing that is there unless told, and leaves no half of one."""

import stat
from types import SimpleNamespace

import pytest

from acceptance.selftest.operate_backup import (
    ALICE,
    STACK,
    STATE,
    backup_in,
    engine_with,
    rewritten,
    settings_in,
    wish,
)
from stack.operate import manifest, restore, secrets_folder, soundness, surroundings, volumes
from stack.operate import settings as operate
from stack.operate.settings import Refused
from stack.operate.volumes import Volume


@pytest.fixture
def given(tmp_path):
    """Settings with folders of their own."""
    return settings_in(tmp_path)


@pytest.fixture
def backup(tmp_path, given):
    """A whole backup of a small stack: its folder."""
    return backup_in(tmp_path, given)


def test_what_is_there_already_stays_unless_told(backup, given):
    given.secrets_dir.mkdir()
    (given.secrets_dir / "cookie_secret").write_text("another")
    client = engine_with(STATE, ALICE)
    said = surroundings.complaints(client, wish(given, backup))
    assert [line.split(":")[0].split(" (")[0] for line in said] == [
        "Volumes of the backup are there already", f"{given.secrets_dir} holds other secrets than the backup"]
    assert surroundings.complaints(client, wish(given, backup, over=True)) == []


def test_the_same_secrets_are_in_nobodys_way(backup, given, tmp_path):
    (tmp_path / "theirs").rename(given.secrets_dir)
    assert surroundings.complaints(engine_with(), wish(given, backup)) == []


def test_a_volume_of_somebody_else_is_never_touched(backup, given):
    theirs = Volume(ALICE.name, {"nbi.stack": "another"}, "local", {})
    (said,) = surroundings.complaints(engine_with(theirs), wish(given, backup, over=True))
    assert said.startswith(f"The volume {ALICE.name} is there and not labelled as one of stack {STACK}")


def test_a_volume_that_a_container_mounts_is_not_deleted(backup, given):
    (said,) = surroundings.complaints(engine_with(ALICE, in_use=(ALICE.name,)), wish(given, backup, over=True))
    assert said.startswith(f"The volume {ALICE.name} is mounted by a container")


def test_a_backup_that_names_a_volume_of_somebody_else_is_refused(backup):
    rewritten(backup, lambda told: told["parts"][2]["volume"].update(labels={}))
    told = manifest.read(backup)
    (said,) = soundness.complaints(backup, told, told.parts)
    assert "may be somebody else's" in said


def test_nothing_is_restored_under_a_running_stack_or_another_name_or_database(backup, given):
    client = engine_with()
    client.add_service("other_hub")
    asked = operate.Settings({**given.values, "STACK_NAME": "other", "OVERLAYS": "stack/postgres.yml"})
    said = surroundings.complaints(client, wish(asked, backup))
    assert [line.partition(" ")[2].split(",")[0].split(" is")[0] for line in said] == [
        "backup", "stack other", "backup's database"]


@pytest.mark.parametrize(("theirs", "ours", "fits"), [
    ("6.1.1", "6.1.1", True), ("5.4.0", "6.1.1", True), ("6.10.0", "6.9.1", False), ("6.1.1", "", True),
    ("7.0.0b1", "6.1.1", False)])
def test_an_older_hub_does_not_get_a_newer_database(theirs, ours, fits):
    client = SimpleNamespace(images=SimpleNamespace(get=lambda _: SimpleNamespace(
        labels={"org.opencontainers.image.version": ours} if ours else None)))
    told = SimpleNamespace(versions={"jupyterhub": theirs})
    assert (surroundings.too_old(client, told, "hub") == []) is fits


def test_a_restore_that_fails_leaves_no_volume_and_no_secrets(backup, given, monkeypatch):
    client, gone = engine_with(), []
    found = client.volumes.get
    client.volumes = SimpleNamespace(
        get=lambda name: SimpleNamespace(remove=lambda force=False: gone.append(name)) if made(name) else found(name),
        create=lambda name, **_: there.append(name))
    there = []
    made = there.__contains__
    monkeypatch.setattr(restore, "built", lambda *_: {"HUB_IMAGE": "hub"})
    monkeypatch.setattr(surroundings, "too_old", lambda *_: [])

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restore.database, "restore", lambda *_: None)
    monkeypatch.setattr(volumes, "fill", fail)
    with pytest.raises(OSError, match="No space left"):
        restore.restore(client, wish(given, backup))
    assert gone == there == [STATE.name, ALICE.name]
    assert sorted(path.name for path in given.secrets_dir.parent.iterdir()) == ["backups", "theirs"]


def test_secrets_come_back_private_and_those_that_were_there_are_kept(backup, given):
    given.secrets_dir.mkdir()
    (given.secrets_dir / "users").write_text("old")
    new = secrets_folder.stage(given.secrets_dir, secrets_folder.contents(backup / "secrets.tar"))
    kept = secrets_folder.put_in_place(new, given.secrets_dir)
    assert [path.name for path in given.secrets_dir.iterdir()] == ["cookie_secret"]
    assert stat.S_IMODE((given.secrets_dir / "cookie_secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(given.secrets_dir.stat().st_mode) == 0o700
    assert (kept / "users").read_text() == "old"


@pytest.mark.parametrize(("name", "found"), [("latest", True), (f"{STACK}-20260101T000000Z", True), ("", False)])
def test_a_backup_is_found_by_its_name_or_as_the_latest(backup, given, name, found):
    (given.backup_dir / f"{STACK}-29990101T000000Z.partial").mkdir()
    if found:
        assert restore.place(given, name) == backup
        return
    with pytest.raises(Refused, match=f"there are: {backup.name}"):
        restore.place(given, name)
