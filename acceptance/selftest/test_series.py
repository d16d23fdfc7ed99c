"""Deployments are judged side by side, told in a table, and not judged twice at one state of the tree."""

import json
import socket
import subprocess
from collections import defaultdict
from contextlib import closing, nullcontext
from types import SimpleNamespace

import pytest

from acceptance import lanes, series
from acceptance.harness.errors import EngineError
from acceptance.harness.report.check import Check
from acceptance.revision import revision_of
from acceptance.series import Series


class Piece(SimpleNamespace):
    """A deployment whose judging is over when the file `until` is, and what comes of it."""

    @property
    def as_check(self):
        return Check(self.id, "full", "d", (), "s")


class Judging:
    """A process that reads to the end of a file, on the engine at `host`."""

    def __init__(self, piece, host):
        self.piece, self.host, self.process = piece, host, subprocess.Popen(["cat"], stdin=piece.until)

    def entry(self):
        return {"id": self.piece.id, "outcome": self.piece.outcome, "reason": "why", "seconds": 1}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """What is known of a run that judges deployments on two engines; `told` has the outcomes of each promise."""
    tree, said, told = tmp_path / "tree", [], defaultdict(list)
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    (tree / "a").write_text("1")
    monkeypatch.setattr(series.lanes, "engines", lambda run, pieces, stack, at_once: ["a", "b"][:pieces])
    return SimpleNamespace(
        settings=SimpleNamespace(source=tree, reports=tmp_path), unjudged=[], said=said, say=said.append, told=told,
        phase=lambda name, doing: nullcontext(),
        result_of=lambda check: SimpleNamespace(add=lambda _phase, outcome, _reason: told[check.id].append(outcome.value)))


@pytest.fixture
def judge(run):
    """judge(pieces): as a command does it, anew each time; the ids that were begun."""

    def judged(*pieces, anew=lambda _, entry: entry):
        begun = []

        def begin(piece, host):
            begun.append(piece.id)
            return Judging(piece, host)

        Series(run, "rows", begin, "HEAD", lambda entry: f"{entry['id']} {entry['outcome']}", anew, ("a",)).judge(pieces)
        return begun

    return judged


def piece(name, outcome="PASS", until=subprocess.DEVNULL):
    """A deployment of this name."""
    return Piece(id=name, outcome=outcome, until=until)


def test_each_is_told_as_it_ends_and_all_of_them_in_the_table(run, judge):
    ours, of_a = socket.socketpair()

    def say(line):
        run.said.append(line)
        if line == "c PASS":
            ours.close()

    run.say = say
    with ours, of_a:
        assert judge(piece("a", until=of_a), piece("b", "FAIL"), piece("c")) == ["a", "b", "c"]
    assert run.said == ["b FAIL", "c PASS", "a PASS", "HEAD\na PASS\nb FAIL\nc PASS"]
    assert run.told == {"a": ["PASS"], "b": ["FAIL"], "c": ["PASS"]}


def test_what_passed_at_this_state_is_told_and_what_failed_is_judged_again(run, judge):
    judge(piece("a"), piece("b", "FAIL"))
    run.told.clear()
    assert judge(piece("a"), piece("b"), piece("c")) == ["b", "c"]
    assert run.told == {"a": ["PASS"], "b": ["PASS"], "c": ["PASS"]}
    assert run.said[-1] == "HEAD\na PASS\nb PASS\nc PASS"


def test_whoever_interrupts_it_reads_what_is_known(run, judge, monkeypatch):
    class Interrupted(Judging):
        def entry(self):
            raise KeyboardInterrupt

    judge(piece("a"))
    monkeypatch.setitem(globals(), "Judging", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        judge(piece("a"), piece("b"))
    assert run.said[-1] == "HEAD\na PASS"


def test_another_state_of_the_tree_begins_anew(run, judge):
    judge(piece("a"))
    (run.settings.source / "b").write_text("2")
    assert judge(piece("a")) == ["a"]
    assert json.loads((run.settings.reports / "rows.json").read_text())["revision"] == revision_of(run.settings.source, ("a",))


def test_what_is_expected_may_change_without_judging_again(run, judge):
    judge(piece("b", "FAIL"))
    (run.settings.source / "a").write_text("the expectations")
    assert judge(piece("b"), anew=lambda piece, entry: {**entry, "outcome": piece.outcome}) == []
    assert run.told == {"b": ["FAIL", "PASS"]}


def test_an_engine_that_does_not_come_up_leaves_them_unjudged(run, judge, monkeypatch):
    def engines(*_):
        raise EngineError("no engine")

    judge(piece("a"))
    monkeypatch.setattr(series.lanes, "engines", engines)
    judge(piece("a"), piece("b"))
    assert (run.unjudged, run.said[-1]) == (["no engine"], "HEAD\na PASS")


def test_one_at_a_time_on_each_engine():
    working, seen = [], []
    for done in lanes.side_by_side([piece(str(n)) for n in range(5)], ["a", "b"], Judging, working):
        seen.append(done.piece.id)
        assert len({each.host for each in working} | {done.host}) == len(working) + 1
    assert sorted(seen) == ["0", "1", "2", "3", "4"]


def test_whoever_stops_early_leaves_nothing_running():
    begun = []

    def begin(*given):
        begun.append(Judging(*given))
        return begun[-1]

    ours, of_long = socket.socketpair()
    pieces = [piece("short"), piece("long", until=of_long)]
    with ours, of_long, closing(lanes.side_by_side(pieces, ["a", "b"], begin, [])) as judging:
        assert next(judging).piece.id == "short"
    assert [each.process.returncode for each in begun] == [0, -15]


def test_any_change_of_a_file_is_another_state(run):
    before = revision_of(run.settings.source)
    (run.settings.source / "a").write_text("2")
    assert revision_of(run.settings.source) != before != ""


def test_a_tree_without_git_has_no_state(tmp_path):
    assert revision_of(tmp_path) == ""
