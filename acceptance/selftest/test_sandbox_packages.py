"""What the system lacks is installed without starting anything, or named with the line that installs it."""

import subprocess
import sys

import pytest

from acceptance.harness.errors import SettingsError
from acceptance.sandbox import packages


def test_what_is_there_is_not_asked_for():
    assert packages.missing_of(["sh", "/etc", "no-such-package"]) == ["no-such-package"]


def test_a_module_of_this_python_can_be_the_sign():
    assert (packages.is_there("import json"), packages.is_there("import no_such_module")) == (True, False)


def test_whoever_is_not_root_is_told_the_line(monkeypatch):
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    with pytest.raises(
        SettingsError, match=r"lacks no-such-package.*`apt-get update && apt-get install .*no-such-package`"
    ):
        packages.ensure(["no-such-package"])


def test_bad_input_is_exit_code_4(monkeypatch, capsys):
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    assert packages.main(["no-such-package"]) == 4
    assert "apt-get install" in capsys.readouterr().err


def test_nothing_missing_means_nothing_done(capsys):
    assert (packages.main(["sh"]), capsys.readouterr().out) == (0, "")


def test_it_runs_without_the_projects_environment():
    bare = [sys.executable, "-S", "-m", "acceptance.sandbox.packages", "sh"]
    assert subprocess.run(bare, capture_output=True, check=False).stderr == b""


def test_what_came_is_told_with_its_version():
    output = (
        "Unpacking nftables (1.0) ...\nSetting up nftables (1.0) ...\nSetting up libnft1:amd64 (1.0) ...\n"
    )
    assert packages.came_in(output) == ["nftables 1.0", "libnft1 1.0"]


@pytest.fixture
def policy(tmp_path):
    return tmp_path / "policy-rc.d", tmp_path / "aside"


def test_services_are_denied_only_while_we_install(policy):
    with packages.services_denied(*policy):
        denied = subprocess.run(policy[0], check=False).returncode
    assert denied == 101 and not policy[0].exists()


def test_a_policy_that_was_there_comes_back(policy):
    policy[0].write_text("theirs")
    with packages.services_denied(*policy):
        during = policy[0].read_text()
    assert (during, policy[0].read_text(), policy[1].exists()) == (packages.DENY, "theirs", False)


def test_a_policy_comes_back_also_after_a_run_that_was_killed(policy):
    policy[0].write_text(packages.DENY)
    policy[1].write_text("theirs")
    with packages.services_denied(*policy):
        pass
    assert policy[0].read_text() == "theirs"
