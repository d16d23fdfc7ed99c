"""Two runs at once never share a slot, and a dead run holds none."""

import subprocess
import sys

import pytest

from acceptance.sandbox import down, slot, status


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(slot, "RUN", tmp_path / "run")
    monkeypatch.setattr(slot, "MACHINE_LOCK", tmp_path)
    (tmp_path / "run").mkdir()
    return tmp_path / "cache"


def nobody(_):
    return False


def test_two_claims_get_two_slots(cache):
    first, second = slot.claim(cache, nobody), slot.claim(cache, nobody)
    assert (first.number, second.number) == (1, 2)


def test_a_slot_that_was_given_back_is_claimed_again(cache):
    slot.claim(cache, nobody).release()
    assert slot.claim(cache, nobody).number == 1


def test_a_kept_sandbox_is_passed_over(cache):
    assert slot.claim(cache, is_taken=lambda each: each.number == 1).number == 2


def test_a_slot_passed_over_is_not_held(cache):
    slot.claim(cache, is_taken=lambda each: each.number == 1)
    assert not slot.Slot(cache, 1).is_in_use()


def test_a_killed_owner_holds_nothing(cache):
    program = (
        "import sys, time; from pathlib import Path; from acceptance.sandbox.slot import Slot; "
        "slot = Slot(Path(sys.argv[1]), 1); slot.try_lock(); print('held', flush=True); sys.stdin.read()"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program, cache], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with owner:
        owner.stdout.readline()
        held = slot.Slot(cache, 1).is_in_use()
        owner.kill()
    assert held and not slot.Slot(cache, 1).is_in_use()


def test_the_kernel_takes_the_longest_name_of_a_cable(cache):
    assert len(f"{slot.Slot(cache, 99).name}n9") <= 15


def test_two_caches_have_two_names(cache):
    assert slot.Slot(cache, 1).name != slot.Slot(cache / "other", 1).name


def test_slots_are_found_also_where_the_cache_was_deleted(cache):
    slot.Slot(cache, 2).write_state({"engine_version": "20.10"})
    assert [each.number for each in slot.known_slots(cache)] == [2]


def test_state_is_read_as_written_and_half_a_file_is_none(cache):
    place = slot.Slot(cache, 1)
    place.write_state({"nodes": 1})
    whole = place.read_state()
    (place.run / "state.json").write_text('{"nodes"')
    assert (whole, place.read_state()) == ({"nodes": 1}, None)


def test_a_slot_without_anything_is_called_free(cache):
    assert status.state_of(slot.Slot(cache, 1)) == "free"


def test_down_says_so_where_there_is_nothing(cache):
    assert down.everything(cache, also_in_use=False) == ["no sandbox is up and nothing is left of one"]


def test_down_leaves_a_living_run_alone_and_says_so(cache):
    slot.claim(cache, nobody).write_state({})
    assert "in use by a living run and was left alone" in down.everything(cache, also_in_use=False)[0]
