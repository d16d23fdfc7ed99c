"""The stack is judged as often as was asked, by the ordinary command, at one state of the tree, and not once more."""

import json
import subprocess

import pytest

from acceptance import judged, lanes
from acceptance.flakes.repeat import prove
from acceptance.harness.report.report import conclude
from acceptance.harness.report.run import Run
from acceptance.harness.settings import gather

pytest_plugins = "pytester"

BODY = """
with open('judged', 'a') as file:
    file.write(os.environ['XDG_CACHE_HOME'] + '\\n')
assert len(open('judged').readlines()) != 2, 'the second time'
"""


def results(outcome="PASS", exits=(0,)):
    """What a judged run leaves, of a profile with one check."""
    check = {"id": "edge-hub", "outcome": outcome, "seconds": 1.0, "reason": "why", "evidence": None}
    verdict = "PASS" if exits == (0,) else "FAIL"
    return {"run": "r", "verdict": verdict, "exit": exits[0], "exits": exits, "engine": "", "phases": {}, "leftovers": [],
            "checks": [check]}


@pytest.fixture
def judge(tree, monkeypatch):
    """Judges a small tree many times, where no engine is asked; gives the exit code and the run."""
    (tree.path / "conftest.py").write_text("pytest_plugins = ['acceptance.plugin']\n")
    (tree.path / "stack" / "stack.env").write_text("OVERLAYS=\n")
    (tree.path / ".gitignore").write_text("judged\nreports\n__pycache__\n.cache\n")
    tree.check("edge-hub", BODY)
    tree.judge("--collect-only")
    subprocess.run(["git", "init", "-q", str(tree.path)], check=True)
    monkeypatch.setattr(judged, "CHECKS", tree.path / "acceptance")
    monkeypatch.setattr(lanes, "engines", lambda run, pieces, stack: ["unix:///here.sock"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tree.path / ".cache"))

    def judge(runs, fresh=0):
        run = Run(gather({"profile": "smoke"}, tree.path))
        prove(run, runs, fresh)
        return conclude(run, run.settings.reports), run

    return judge


@pytest.fixture
def each_leaves(monkeypatch):
    """In place of the ordinary command, which takes its time: what each run leaves, in their order; gives those that began."""

    def given(*found, meanwhile=lambda: None):
        begun = []

        def command(run, reports, profile, options):
            if left := found[len(begun)]:
                (reports / "latest").mkdir()
                (reports / "latest" / "results.json").write_text(json.dumps(left))
            begun.append(reports)
            meanwhile()
            return ["true"]

        monkeypatch.setattr(judged, "command", command)
        return begun

    return given


def test_one_failure_in_many_runs_is_a_broken_promise_with_its_evidence(judge, tree, capsys):
    """By the ordinary command; the first run is a fresh one, with a cache of its own, which goes with it."""
    code, run = judge(runs=2, fresh=1)
    assert code == 1
    assert "2 runs, 1 of them fresh, of profile smoke" in capsys.readouterr().out
    check = json.loads((run.folder / "results.json").read_text())["checks"][0]
    assert "the second time" in check["reason"]
    assert "the second time" in (run.folder / check["evidence"] / "traceback-call.txt").read_text()
    assert (run.folder / "evidence" / "run" / "seconds.svg").exists()
    homes = (tree.path / "judged").read_text().split()
    assert [home == str(tree.path / ".cache") for home in homes] == [False, True]
    assert [path.name for path in (tree.path / ".cache" / "nbi-jupyter-service").iterdir()] == ["engines"]


def test_what_the_ledger_has_is_not_judged_again(judge, each_leaves):
    begun = each_leaves(*[results()] * 3)
    assert (judge(runs=2)[0], len(begun)) == (0, 2)
    assert (judge(runs=3)[0], len(begun)) == (0, 3)
    assert (judge(runs=3)[0], len(begun)) == (0, 3)


def test_a_changed_tree_is_counted_anew(judge, each_leaves, tree):
    begun = each_leaves(*[results()] * 3)
    judge(runs=2)
    (tree.path / "nginx.conf").write_text("x")
    assert (judge(runs=1)[0], len(begun)) == (0, 3)


def test_a_tree_that_changes_meanwhile_ends_the_count(judge, each_leaves, tree, capsys):
    begun = each_leaves(*[results()] * 2, meanwhile=lambda: (tree.path / "nginx.conf").write_text("x"))
    assert (judge(runs=2)[0], len(begun)) == (14, 1)
    assert "The tree was changed while it was judged" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("odd", "code", "words"),
    [
        (results("ERROR", (14,)), 14, "not judged: edge-hub"),
        (results("SKIP", (14,)), 14, "skipped: edge-hub"),
        (results("ERROR", (10, 14)), 10, "run r: why"),
        (results("PASS", (3,)), 14, "run r: ended 3"),
        ({**results("PASS", (11,)), "leftovers": ["volume x"]}, 11, "volume x (run r)"),
        (None, 14, "left no results"),
        (results("ERROR", (2, 14)), 14, "interrupted, and not counted"),
    ],
)
def test_whatever_befell_one_run_is_the_end_of_all(judge, each_leaves, capsys, odd, code, words):
    each_leaves(results(), odd)
    assert judge(runs=2)[0] == code
    assert words in capsys.readouterr().out


def test_a_failure_counts_more_than_what_could_not_be_judged(judge, each_leaves):
    each_leaves(results("ERROR", (14,)), results("FAIL", (1,)))
    assert judge(runs=2)[0] == 1


def test_whoever_interrupts_it_leaves_nothing_running_and_loses_no_run(tree, judge, monkeypatch):
    started, begun = judged.start, []

    def start(words, variables, output):
        left = output.parent / "latest"
        left.mkdir()
        (left / "results.json").write_text(json.dumps(results()))
        begun.append(started(["true"] if not begun else ["sleep", "60"], variables, output))
        return begun[-1]

    def say(line, color=""):
        if line.startswith("run "):
            raise KeyboardInterrupt

    monkeypatch.setattr(judged, "start", start)
    monkeypatch.setattr(lanes, "engines", lambda run, pieces, stack: ["unix:///here.sock", "unix:///there.sock"])
    run = Run(gather({"profile": "smoke"}, tree.path), say=say)
    with pytest.raises(KeyboardInterrupt):
        prove(run, 2, 0)
    assert [process.returncode for process in begun] == [0, -15]
    assert len((tree.path / "reports" / "flakes.jsonl").read_text().splitlines()) == 1
