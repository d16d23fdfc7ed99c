"""A stored report is judged again: by the waivers and the rules of today, and without a touch on what it holds."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from acceptance import rejudge
from acceptance.harness.report.report import diagnosis_of

pytest_plugins = "pytester"

TODAY = datetime.now(UTC).date()
CAUSE = "raise StackError(\"{'/hub/metrics': 200} == {}\")"


@pytest.fixture
def again(tmp_path, capsys):
    """again(judged, waive=…, until=…): exit code, last line, all words, and rejudged.json of a report judged again."""

    def judge(judged, *, waive="", until=TODAY, run=None):
        words = [run or str(judged.folder), f"--reports={judged.reports}"]
        if waive:
            (tmp_path / "w.yaml").write_text(f"- check: {waive}\n  reason: r\n  owner: ann\n  expires: {until}\n")
            words.append(f"--waivers={tmp_path / 'w.yaml'}")
        capsys.readouterr()
        code = rejudge.main(words)
        said = capsys.readouterr().out.splitlines()
        path = judged.folder / "rejudged.json"
        return code, said, json.loads(path.read_text()) if path.exists() else None

    return judge


def contents(folder):
    """What a report holds, but for what is written by judging it again."""
    return {path: path.read_bytes() for path in folder.resolve().rglob("*") if path.is_file() and path.name != "rejudged.json"}


@pytest.mark.parametrize(
    ("body", "arguments", "code", "word"),
    [
        ("pass", (), 0, "PASS"),
        (CAUSE, (), 1, "FAIL"),
        ("raise EngineError('x')", (), 14, "ERROR"),
        ("raise Absent('docker', 'asked')", (), 14, "ERROR"),
        ("raise KeyboardInterrupt", (), 2, "ERROR"),
        ("raise SettingsError(['x'])", (), 4, "ERROR"),
        ("run.never_came_up('x')", (), 10, "ERROR"),
        ("run.leftovers.append('volume x')", (), 11, "FAIL"),
        ("pass", ("-k", "login-ok"), 12, "PARTIAL"),
    ],
)
def test_what_has_not_changed_is_worth_what_it_was(tree, again, body, arguments, code, word):
    tree.check("login-ok", body, uses="run", needs=("docker",))
    tree.check("edge-hub")
    judged = tree.judge(*arguments, subprocess="Interrupt" in body)
    before = contents(judged.folder)
    found, said, told = again(judged)
    assert (found, judged.code, told["exits"]) == (code, code, judged.results["exits"])
    assert said[-1] == f"verdict={word} exit={code} report=reports/{judged.results['run']}/rejudged.json"
    assert told["was"] == {"verdict": word, "exit": code, "exits": judged.results["exits"]}
    assert contents(judged.folder) == before


def test_what_could_not_be_judged_is_missed_by_nobody_afterwards(tree, again):
    tree.check("login-ok")
    tree.check("upgrade", profile="image", needs=("previous",))
    judged = tree.judge("--profile=image")
    assert (judged.code, again(judged)[0]) == (0, 0)


def test_a_waiver_of_today_changes_the_verdict_and_not_the_outcome(tree, again):
    tree.check("login-ok", CAUSE)
    judged = tree.judge()
    code, said, told = again(judged, waive="login-ok")
    assert (judged.code, code, told["checks"]) == (1, 0, [
        {"id": "login-ok", "outcome": "FAIL", "waived": {"reason": "r", "owner": "ann", "expires": str(TODAY)}}])
    assert said[0].startswith("1 waived: login-ok until")
    assert judged.results["exit"] == 1


@pytest.mark.parametrize(("waive", "until", "exits"), [("login-ok", TODAY - timedelta(days=1), [1, 15]),
                                                      ("login-okay", TODAY, [1, 15])])
def test_a_waiver_that_is_none_is_told(tree, again, waive, until, exits):
    tree.check("login-ok", CAUSE)
    assert again(tree.judge(), waive=waive, until=until)[2]["exits"] == exits


def test_the_cause_is_named_by_the_rules_of_today(tree, again, monkeypatch):
    tree.check("login-ok", CAUSE.replace("login-ok", "x"))
    tree.check("edge-closed", CAUSE)
    with monkeypatch.context() as yesterday:
        yesterday.setattr("acceptance.harness.report.report.diagnosis_of", lambda *_: diagnosis_of(tree.path, []))
        judged = tree.judge()
    assert judged.results["diagnosis"]["cause"] is None
    _, said, told = again(judged)
    assert told["diagnosis"]["cause"].startswith("the hub's metrics are open to anybody")
    assert any(line.startswith("sure cause: the hub's metrics") for line in said)


def test_a_run_is_named_by_its_id_too(tree, again):
    tree.check("login-ok")
    judged = tree.judge()
    assert again(judged, run=judged.results["run"])[0] == again(judged, run="latest")[0] == 0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "results.json").unlink(), "holds no results.json"),
        (lambda folder: (folder / "results.json").write_text('{"checks": 1}'), "holds no results.json that can be read"),
        (lambda folder: (folder / "results.json").write_text('{"checks": []}'), "lacks what can be judged again"),
        (lambda folder: (folder / "checks.lock").unlink(), "checks.lock is missing"),
        (lambda folder: (folder / "evidence").rename(folder / "lost"), "evidence/login-ok is named by results.json"),
    ],
)
def test_a_report_that_is_not_whole_ends_4_and_is_left_alone(tree, again, spoil, words):
    tree.check("login-ok", CAUSE)
    judged = tree.judge()
    spoil(judged.folder.resolve())
    code, said, told = again(judged)
    assert (code, said[-1], told) == (4, "verdict=ERROR exit=4 report=none", None)
    assert words in said[0]


@pytest.mark.parametrize("run", ["20260101-000000-0000", "/nowhere", ""])
def test_a_run_that_is_not_there_ends_4(tmp_path, capsys, run):
    assert rejudge.main([run, f"--reports={tmp_path}"]) == 4
    assert f"RUN={run}: no such folder" in capsys.readouterr().out
