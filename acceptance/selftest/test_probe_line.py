"""The probe's word: one line of JSON on stdout whatever happens, and a code for monitoring."""

import json
import subprocess
from pathlib import Path

import certifi
import pytest

from acceptance import probe as module
from acceptance.harness.errors import StackError
from acceptance.probe import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def given(tmp_path, monkeypatch):
    monkeypatch.setenv("ANN", "ann's own")
    (tmp_path / "accounts.yaml").write_text("users:\n- {name: ann, password_env: ANN}\n")
    return ["--target=https://127.0.0.1:9", f"--accounts={tmp_path}/accounts.yaml", f"--ca-file={certifi.where()}"]


def test_one_line_is_printed_and_nothing_else(given, capsys):
    assert main(given) == 1
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert list(told) == ["ok", "failed", "cause", "seconds"]
    assert (told["ok"], told["failed"], "connection refused" in told["cause"]) == (False, "edge", True)


def test_no_secret_is_told(given, capsys, monkeypatch):
    def go(self):
        raise StackError(f"{self.user.password} opens nothing")

    monkeypatch.setattr(module.Journey, "go", go)
    main(given)
    assert json.loads(capsys.readouterr().out)["cause"] == "[redacted] opens nothing"


@pytest.mark.parametrize(("more", "words"), [
    (["--within=4"], "WITHIN=4: not a whole number of seconds from 5 to 600"),
    (["--target="], "TARGET: which service?"),
    (["--accounts=/nowhere"], "nowhere:1: cannot be read"),
    (["--nonsense"], "unrecognized arguments: --nonsense"),
])
def test_bad_input_ends_4_with_a_line_too(given, capsys, more, words):
    assert main([*given, *more]) == 4
    said = capsys.readouterr()
    assert (json.loads(said.out)["failed"], words in json.loads(said.out)["cause"], words in said.err) == ("input", True, True)


@pytest.mark.parametrize(("error", "code", "cause"), [(TypeError("x"), 3, "the probe itself failed: TypeError: x"),
                                                      (KeyboardInterrupt(), 2, "interrupted by Ctrl-C")])
@pytest.mark.parametrize("place", ["target_of", "Redactor.add", "Site.of", "Journey.__init__"])
def test_whatever_goes_wrong_before_its_first_step_has_its_line_too(given, capsys, monkeypatch, place, error, code, cause):
    def fail(*_):
        raise error

    monkeypatch.setattr(f"acceptance.probe.{place}", fail)
    assert main(given) == code
    said = capsys.readouterr()
    assert json.loads(said.out) == {"ok": False, "failed": "input", "cause": cause, "seconds": 0.0}
    assert ("Traceback" in said.err) == (code == 3)


@pytest.mark.parametrize("character", ["\ud800", "\udcff", "…"])
def test_a_line_can_be_printed_wherever_it_goes(given, capsys, monkeypatch, character):
    def go(_):
        raise StackError(f"the hub says: {character}")

    monkeypatch.setattr(module.Journey, "go", go)
    assert main(given) == 1
    assert capsys.readouterr().out.isascii()


def test_the_probe_is_somebody(given, capsys, tmp_path):
    (tmp_path / "accounts.yaml").write_text("login: token\ntoken_env: ANN\n")
    assert main(given) == 4
    assert "accounts.yaml:1: users: the probe signs in as the first" in capsys.readouterr().err


def test_make_adds_nothing_to_the_line():
    command = ["make", "probe", "TARGET=hub", "CA_FILE=", "WITHIN=7", "PYTHON=echo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "-m acceptance.probe --target=hub --within=7\n"
