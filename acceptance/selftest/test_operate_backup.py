"""Whether a backup is one: its manifest and its files are looked at before anything is touched."""

import stat

import pytest

from acceptance.selftest.operate_backup import (
    STATE,
    backup_in,
    engine_with,
    part_of,
    rewritten,
    settings_in,
    wish,
)
from stack.operate import manifest, soundness, surroundings
from stack.operate.settings import Refused


@pytest.fixture
def given(tmp_path):
    """Settings with folders of their own."""
    return settings_in(tmp_path)


@pytest.fixture
def backup(tmp_path, given):
    """A whole backup of a small stack: its folder."""
    return backup_in(tmp_path, given)


def test_a_whole_backup_has_nothing_wrong_with_it(backup, given):
    asked = wish(given, backup)
    assert soundness.complaints(backup, asked.told, asked.parts) == []
    assert surroundings.complaints(engine_with(), asked) == []
    assert stat.S_IMODE((backup / "manifest.json").stat().st_mode) == 0o600


def test_all_that_is_wrong_with_the_files_is_said_at_once(backup, given):
    (backup / "database.sqlite").unlink()
    (backup / "volume-a.tar").write_bytes((backup / "volume-a.tar").read_bytes()[:-512])
    (backup / "secrets.tar").write_bytes((backup / "secrets.tar").read_bytes().replace(b"c0ffee", b"ee0ffc"))
    told = manifest.read(backup)
    said = soundness.complaints(backup, told, told.parts)
    assert [line.split(" (")[0].split(":")[0] for line in said] == [
        f"{backup}/database.sqlite cannot be read", f"{backup}/secrets.tar is not the file that was written",
        f"{backup}/volume-a.tar is not the file that was written"]


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\0" * 200, b"no database at all" * 100])
def test_a_database_that_was_broken_before_it_was_kept_is_seen(backup, content):
    (backup / "database.sqlite").write_bytes(content)
    part = part_of(backup, "database", "database.sqlite", volume=STATE, database="sqlite")
    assert bool(soundness.of_part(backup / part.file, part)) is bool(content)      # an empty file is an empty database


def test_a_dump_that_is_none_is_seen(backup):
    part = part_of(backup, "database", "secrets.tar", volume=STATE, database="postgresql")
    assert "no dump of PostgreSQL" in soundness.of_part(backup / part.file, part)[0]


@pytest.mark.parametrize("change", [
    lambda told: told.pop("stack"), lambda told: told.update(schema=2), lambda told: told.update(more=1),
    lambda told: told["parts"][0].update(file="../database.sqlite"), lambda told: told["parts"][0].update(file="/etc/passwd"),
    lambda told: told["parts"][2].update(file="secrets.tar"), lambda told: told["parts"][2].update(volume=None),
    lambda told: told["parts"].pop(1), lambda told: told["parts"][2]["volume"].pop("name"), lambda told: told.update(parts=3)])
def test_a_manifest_of_another_form_is_refused_in_a_sentence(backup, change):
    rewritten(backup, change)
    with pytest.raises(Refused, match="is no manifest that this version reads") as refusal:
        manifest.read(backup)
    assert len(refusal.value.complaints) == 1


@pytest.mark.parametrize(("text", "words"), [(None, "is no backup: its manifest.json cannot be read"), ("{", "is no JSON")])
def test_a_folder_without_a_manifest_is_no_backup(backup, text, words):
    (backup / "manifest.json").unlink()
    if text:
        (backup / "manifest.json").write_text(text)
    with pytest.raises(Refused, match=words):
        manifest.read(backup)
