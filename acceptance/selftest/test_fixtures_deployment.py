"""A run's deployment: what make says becomes an outcome, and a failed `up` leaves nothing behind."""

import os
import sys
from pathlib import Path

import pytest

from acceptance.fixtures import compose_shim
from acceptance.fixtures.deployment import Deployment, complaints
from acceptance.harness.errors import EngineError, SettingsError, StackError

MAKE = """#!{python}
import os, sys
target = sys.argv[4]
open({said!r}, "a").write(" ".join([target, os.environ["STACK_NAME"], os.environ.get("VOLUMES", "-")]) + "\\n")
print(os.environ.get("SAYS_" + target.upper(), "stack " + os.environ["STACK_NAME"] + " is gone"))
"""
OK, REFUSED, FAILED = (f"image x: up to date\nwords\ndeploy={ending}" for ending in
                       ("OK exit=0", "REFUSED exit=4", "FAILED exit=10"))


@pytest.fixture
def deployed(tmp_path, monkeypatch):
    """deployed(deploy=…, remove=…): a deployment whose `make` says these things, saved for the shim."""
    make = tmp_path / "bin" / "make"
    make.parent.mkdir()
    make.write_text(MAKE.format(python=sys.executable, said=str(tmp_path / "asked")))
    make.chmod(0o755)
    monkeypatch.setenv("PATH", f"{make.parent}{os.pathsep}{os.environ['PATH']}")

    def save(**says):
        settings = {"HTTP_PORT": "18080", "HTTPS_PORT": "18443",
                    **{f"SAYS_{target.upper()}": words for target, words in says.items()}}
        found = Deployment(source=str(tmp_path), stack="nbi-test", python="python3", log=str(tmp_path / "log"),
                           settings=settings)
        found.save(tmp_path / "deployment.json")
        return found

    return save


@pytest.fixture
def asked(tmp_path):
    """What make was asked for, in order: target, stack, VOLUMES."""
    return lambda: (tmp_path / "asked").read_text().splitlines()


def shim(tmp_path, *words):
    """The shim as pytest-docker calls it."""
    return compose_shim.main(["--deployment", str(tmp_path / "deployment.json"), "-f", "x.yml", "-p", "y", *words])


def test_a_saved_deployment_is_read_as_it_was(deployed, tmp_path):
    assert Deployment.load(tmp_path / "deployment.json" if deployed() else "") == deployed()


def test_up_deploys_and_touches_nothing_else(deployed, asked, tmp_path):
    deployed(deploy=OK)
    assert shim(tmp_path, "up", "--build", "--wait") == 0
    assert asked() == ["deploy nbi-test -"]


def test_an_up_that_failed_takes_all_away_and_tells_the_reason(deployed, asked, tmp_path, capsys):
    deployed(deploy=FAILED)
    assert shim(tmp_path, "up", "--build", "--wait") == 10
    assert asked() == ["deploy nbi-test -", "status nbi-test -", "logs nbi-test -", "remove nbi-test 1"]
    assert capsys.readouterr().err == "the stack did not come up: words\n"


def test_an_up_that_was_refused_touches_nothing(deployed, asked, tmp_path, capsys):
    deployed(deploy=REFUSED)
    assert shim(tmp_path, "up", "--build", "--wait") == 4
    assert asked() == ["deploy nbi-test -"]
    assert capsys.readouterr().err == "words\n"


def test_an_up_without_a_last_word_could_not_be_asked_and_is_taken_away(deployed, asked, tmp_path, capsys):
    deployed(deploy="make: *** No rule to make target 'deploy'.")
    assert shim(tmp_path, "up", "--build", "--wait") == 14
    assert [line.split()[0] for line in asked()] == ["deploy", "status", "logs", "remove"]
    assert "No rule to make target" in capsys.readouterr().err


def test_a_failed_up_that_cannot_be_taken_away_tells_both(deployed, tmp_path, capsys):
    deployed(deploy=FAILED, remove="waited 120 s for stack nbi-test to go; last seen: network nbi-test_default")
    assert shim(tmp_path, "up", "--build", "--wait") == 10
    said = capsys.readouterr().err
    assert "the stack did not come up: words" in said
    assert "network nbi-test_default" in said


@pytest.mark.parametrize(("words", "volumes"), [(("down", "-v"), "1"), (("down",), "-")])
def test_down_takes_users_volumes_only_when_told(deployed, asked, tmp_path, words, volumes):
    deployed()
    assert shim(tmp_path, *words) == 0
    assert asked() == [f"remove nbi-test {volumes}"]


def test_down_that_left_something_is_a_failure(deployed, tmp_path, capsys):
    deployed(remove="last seen: service nbi-test_hub")
    assert shim(tmp_path, "down", "-v") == 10
    assert "left something behind: last seen: service nbi-test_hub" in capsys.readouterr().err


def test_ports_are_told_as_compose_tells_them(deployed, tmp_path, capsys):
    deployed()
    assert (shim(tmp_path, "port", "nginx", "443"), capsys.readouterr().out) == (0, "0.0.0.0:18443\n")
    assert (shim(tmp_path, "port", "hub", "8000"), "hub publishes no port 8000" in capsys.readouterr().err) == (4, True)


@pytest.mark.parametrize(("said", "kind"), [(REFUSED, SettingsError), (FAILED, StackError), ("", EngineError)])
def test_each_ending_of_make_deploy_is_an_error_of_its_own(deployed, said, kind):
    with pytest.raises(kind):
        deployed(deploy=said).deploy()


def test_a_build_tells_which_images_stand_for_the_settings(deployed):
    said = "image a:1: built in 3 s\nHUB_IMAGE=given-hub:1\nNGINX_IMAGE=r:5000/nginx@sha256:2\nimages=OK exit=0"
    assert deployed(images=said).build() == {"HUB_IMAGE": "given-hub:1", "NGINX_IMAGE": "r:5000/nginx@sha256:2"}


def test_progress_is_no_complaint():
    said = "image a: built in 3 s\n  hub: Step 1/9\nCreating network x\nPort 443 is taken.\nmake: *** [deploy] Error 4\n"
    assert complaints(said) == ["Port 443 is taken."]


def test_make_is_told_nothing_of_an_outer_make(deployed, tmp_path, monkeypatch):
    monkeypatch.setenv("MAKEFLAGS", "-n")
    (tmp_path / "bin" / "make").write_text("#!/bin/sh\necho flags: $MAKEFLAGS\n")
    assert deployed().make("deploy", {}).strip() == "flags:"
    assert "$ make deploy" in Path(deployed().log).read_text()
