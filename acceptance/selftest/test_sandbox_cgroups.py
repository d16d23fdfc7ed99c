"""Who belongs to a sandbox is told by the cgroup, on v1 and v2, never by a name that merely begins alike."""

import pytest

from acceptance.sandbox import cgroups


@pytest.fixture
def process(tmp_path):
    def write(membership, state="S"):
        (tmp_path / "cgroup").write_text(membership)
        (tmp_path / "stat").write_text(f"42 (dockerd) {state} 1 42")
        return tmp_path

    return write


@pytest.mark.parametrize(
    "membership", ["0::/nbi-1a2b-1/engine-1\n", "9:cpu:/\n8:pids:/nbi-1a2b-1/node-1/c0ffee\n"]
)
def test_members_are_found_on_both_kinds(process, membership):
    assert cgroups.is_member(process(membership), "nbi-1a2b-1")


@pytest.mark.parametrize("membership", ["0::/\n", "0::/nbi-1a2b-10/engine-1\n", "0::/user/nbi-1a2b-1\n"])
def test_others_are_not(process, membership):
    assert not cgroups.is_member(process(membership), "nbi-1a2b-1")


def test_a_zombie_is_nobody(process):
    assert not cgroups.is_member(process("0::/nbi-1a2b-1/engine-1\n", state="Z"), "nbi-1a2b-1")


def test_a_process_that_ended_meanwhile_is_nobody(tmp_path):
    assert not cgroups.is_member(tmp_path / "gone", "nbi-1a2b-1")


def test_who_was_forked_meanwhile_is_killed_too(monkeypatch):
    seen, killed = iter([[11], [12], []]), []
    monkeypatch.setattr(cgroups, "processes_of", lambda name: next(seen))
    monkeypatch.setattr(cgroups.os, "kill", lambda process, signal: killed.append(process))
    cgroups.end_processes_of("nbi-1a2b-1")
    assert killed == [11, 12]
