"""A sandbox that cannot be is refused before anything is made, in one message that says what to do."""

from types import SimpleNamespace

import pytest

from acceptance.harness.errors import EngineError, SettingsError
from acceptance.sandbox import command, packages, preflight, tree


def test_all_wrong_wishes_are_told_together():
    with pytest.raises(SettingsError) as refusal:
        preflight.check(engine_version="19.03", nodes=0)
    assert [complaint.split()[0] for complaint in refusal.value.complaints] == [
        "ENGINE_VERSION=19.03",
        "--nodes",
    ]


def test_whoever_is_not_root_is_told_both_ways_on(monkeypatch):
    monkeypatch.setattr(preflight.os, "geteuid", lambda: 1000)
    with pytest.raises(EngineError, match=r"needs root.*user 1000: run it as root, or .* ENGINE=current"):
        preflight.check(engine_version="20.10", nodes=1)


def test_a_full_disk_is_named_with_its_figures(tmp_path, monkeypatch):
    monkeypatch.setattr(tree.shutil, "disk_usage", lambda _: SimpleNamespace(free=1.2e9))
    with pytest.raises(
        EngineError, match=rf"1\.2 GB are free under {tmp_path} and the sandbox needs \d+: .*XDG_CACHE_HOME"
    ):
        tree.check_space(tmp_path)


def test_a_kernel_without_vxlan_is_refused_in_its_own_words(monkeypatch):
    def refuse(*words):
        raise EngineError(f"`{words[-1]}` ended 2: Error: Unknown device type.")

    monkeypatch.setattr(preflight, "output_of", refuse)
    with pytest.raises(EngineError, match=r"lacks VXLAN .*: 2: Error: Unknown device type\..*modprobe vxlan"):
        preflight.check_kernel()


def test_a_machine_that_has_nothing_is_asked_for_packages_before_its_kernel_is_tried(monkeypatch, tmp_path):
    """The trials, and the bootstrap of the engine, run commands of those packages."""
    done = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(preflight.os, "geteuid", lambda: 0)
    monkeypatch.setattr(preflight.packages, "ensure", lambda names, say: done.append(names))
    monkeypatch.setattr(preflight, "check_kernel", lambda: done.append("kernel"))
    assert preflight.made_ready("20.10") == tmp_path / "nbi-jupyter-service"
    assert done == [packages.SANDBOX, "kernel"]


def test_a_command_that_fails_is_shown_with_its_last_words():
    with pytest.raises(EngineError, match=r"`sh -c 'echo so be it >&2; exit 3'` ended 3: so be it"):
        command.output_of("sh", "-c", "echo so be it >&2; exit 3")


def test_a_command_that_is_not_there_is_named():
    with pytest.raises(EngineError, match=r"`no-such-command` is not on this machine's PATH"):
        command.output_of("no-such-command")
