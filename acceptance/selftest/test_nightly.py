"""The night: where a context leads, what a killed run left, and how the run is heard to its end."""

import json
import subprocess
import sys

import pytest

from acceptance import judged
from acceptance.fixtures.room import is_present, present
from acceptance.harness.errors import SettingsError, StackError
from acceptance.harness.settings import gather
from acceptance.nightly import __main__ as command
from acceptance.nightly import abandoned, context, history, night
from acceptance.selftest.test_nightly_history import RUNS, ended

WAY = {"DOCKER_HOST": "tcp://192.0.2.1:2376"}


def told(host, keys=None, unverified=False):
    """A context as the docker client tells it."""
    return {"Endpoints": {"docker": {"Host": host, "SkipTLSVerify": unverified}},
            "TLSMaterial": {"docker": keys} if keys else {}, "Storage": {"TLSPath": "/keys"}}


@pytest.fixture
def settings(tmp_path):
    """Of a night whose reports lie apart."""
    return gather({"profile": "smoke", "engine": "current", "reports": str(tmp_path)}, judged.CHECKS.parent)


@pytest.fixture
def says(monkeypatch):
    """says(source): the ordinary command is this program instead."""
    return lambda source: monkeypatch.setattr(judged, "command", lambda *_, options: [sys.executable, "-c", source])


@pytest.mark.parametrize(
    ("known", "way"),
    [
        (told("unix:///run/docker.sock"), {"DOCKER_HOST": "unix:///run/docker.sock"}),
        (told("tcp://192.0.2.1:2376", ["ca.pem"]), {**WAY, "DOCKER_CERT_PATH": "/keys/docker", "DOCKER_TLS_VERIFY": "1"}),
        (told("tcp://192.0.2.1:2376", ["ca.pem"], True), {**WAY, "DOCKER_CERT_PATH": "/keys/docker", "DOCKER_TLS_VERIFY": ""}),
    ],
)
def test_a_context_leads_to_its_engine_with_its_certificates(monkeypatch, known, way):
    monkeypatch.setattr(context, "inspected", lambda name: known)
    assert context.way_to("swarm") == way


def test_a_context_is_read_as_the_docker_client_keeps_it(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    made = ["docker", "context", "create", "swarm", "--docker", "host=tcp://192.0.2.1:2375"]
    subprocess.run(made, capture_output=True, check=True)
    assert context.way_to("swarm") == {"DOCKER_HOST": "tcp://192.0.2.1:2375"}
    with pytest.raises(SettingsError, match=r"CONTEXT=other: context .* `docker context ls` lists"):
        context.way_to("other")


@pytest.mark.parametrize(("name", "words"), [("", "CONTEXT is empty"), ("far", "CONTEXT=far: leads to ssh://far, and")])
def test_a_context_that_cannot_be_gone_to_is_refused(monkeypatch, name, words):
    monkeypatch.setattr(context, "inspected", lambda name: told("ssh://far"))
    with pytest.raises(SettingsError, match=words):
        context.way_to(name)


def test_the_caller_s_other_ways_to_docker_do_not_go_along(monkeypatch, tmp_path):
    [monkeypatch.setenv(name, "elsewhere") for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY")]
    monkeypatch.setenv("REGISTRY", "reg.example:5000")
    found = night.environment(gather({"reports": str(tmp_path)}, judged.CHECKS.parent), WAY)
    assert {name: value for name, value in found.items() if name.startswith("DOCKER_") or name == "REGISTRY"} == {
        **WAY, "REGISTRY": "reg.example:5000"}


def test_a_run_that_lives_is_seen_by_others_and_a_dead_one_is_not():
    with present(RUNS[0]):
        assert (is_present(RUNS[0]), is_present(RUNS[1])) == (True, False)
    assert not is_present(RUNS[0])


def test_only_runs_that_nobody_will_clean_up_after_are_abandoned(tmp_path):
    killed, left, kept, alive, broken = (tmp_path / name for name in RUNS)
    [folder.mkdir() for folder in (killed, left, kept, alive, broken, tmp_path / "notes")]
    (left / "results.json").write_text('{"leftovers": ["network x"]}')
    (kept / "results.json").write_text('{"leftovers": []}')
    (broken / "results.json").write_text('{"lef')
    with present(alive.name):
        assert abandoned.abandoned(tmp_path) == {killed.name, left.name, broken.name}


def test_a_run_is_heard_to_its_last_word_and_its_results_are_read(says, settings, tmp_path, capsys):
    (tmp_path / "results.json").write_text('{"run": "r"}')
    says(f"print('PASS  a'); print('verdict=FAIL exit=1 report={tmp_path}/index.html'); raise SystemExit(1)")
    found = night.judged(settings, WAY)
    assert (found.code, found.results, found.report) == (1, {"run": "r"}, f"{tmp_path}/index.html")
    assert capsys.readouterr().out.startswith("PASS  a\nverdict=FAIL")


def test_a_run_without_a_last_word_is_the_harness_s_failure(says, settings):
    says("print('run begins')")
    assert (night.judged(settings, WAY).code, night.judged(settings, WAY).results) == (3, None)


def test_waivers_of_the_night_are_the_run_s(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(judged, "command", lambda *_, options: ["echo", f"verdict=PASS exit=0 report={options['waivers']}"])
    assert night.judged(settings, WAY, tmp_path / "waivers.yaml").report == str(tmp_path / "waivers.yaml")


def test_whoever_interrupts_waits_until_the_run_has_cleaned_up(says, settings, monkeypatch):
    """The first words are there before the interrupt comes, so that the run hears it."""
    says("import signal, sys\ndef end(*_):\n    print('removed')\n    print('verdict=ERROR exit=2 report=none'); sys.exit(2)\n"
         "signal.signal(signal.SIGTERM, end)\nprint('begun', flush=True)\nsignal.pause()")
    heard = []

    def interrupted(process, whole=night.passed_on):
        heard.append(whole(process) if heard else process.stdout.readline())
        if len(heard) == 1:
            raise KeyboardInterrupt
        return heard[-1]

    monkeypatch.setattr(night, "passed_on", interrupted)
    assert (night.judged(settings, WAY).code, heard) == (2, ["begun\n", "verdict=ERROR exit=2 report=none"])


def test_all_that_is_wrong_is_told_together_and_nothing_is_begun(capsys, monkeypatch):
    monkeypatch.setattr(night, "judged", None)
    assert command.main(["--profile=x"]) == 4
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[0] for line in said] == ["PROFILE=x:", "CONTEXT", "verdict=ERROR"]


@pytest.mark.parametrize(
    ("left", "code", "last"), [("", 0, "verdict=PASS exit=0"), ("of run r there is", 11, "verdict=FAIL exit=11")]
)
def test_what_an_earlier_run_left_and_will_not_go_fails_the_night(monkeypatch, tmp_path, capsys, left, code, last):
    def removed(reports, way):
        if left:
            raise StackError(left)
        yield "removed stack nbi-ab12"

    monkeypatch.setattr(context, "inspected", lambda name: told("tcp://192.0.2.1:2376"))
    monkeypatch.setattr(abandoned, "removed", removed)
    monkeypatch.setattr(night, "judged", lambda settings, way, waivers: ended(a="PASS"))
    assert command.main(["--context=swarm", f"--reports={tmp_path}"]) == code
    assert capsys.readouterr().out.splitlines()[-1].startswith(last)
    assert [json.loads(line)["context"] for line in (tmp_path / history.FILE).read_text().splitlines()] == ["swarm"]
