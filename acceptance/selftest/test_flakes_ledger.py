"""What the ledger of many runs has, lacks and says: what failed once on a stack that did well is told."""

import json
import xml.etree.ElementTree

import pytest

from acceptance.flakes import __main__ as command
from acceptance.flakes.figures import failures_of, figures_of, flakes_of
from acceptance.flakes.ledger import Ledger
from acceptance.flakes.picture import picture_of
from acceptance.flakes.repeat import FILE
from acceptance.flakes.telling import table
from acceptance.harness.errors import SettingsError

KEY = {"revision": "abc", "profile": "core", "given": {}}


def entry(exits=(0,), run="r1", fresh=False, seconds=60.0, **checks):
    """A line of the ledger; each check as `outcome` or `(outcome, seconds)`, `_` standing for `-`."""
    told = {}
    for name, each in checks.items():
        outcome, took = each if isinstance(each, tuple) else (each, 1.0)
        told[name.replace("_", "-")] = {"outcome": outcome, "seconds": took, "reason": "why", "evidence": "evidence/x"}
    verdict = {0: "PASS"}.get(exits[0] if exits else None, "FAIL")
    return {"run": run, "fresh": fresh, "began": "", "seconds": seconds, "verdict": verdict, "exit": exits[0] if exits else None,
            "exits": list(exits), "engine": "", "phases": {}, "leftovers": ["volume x"] if 11 in exits else [], "checks": told,
            "report": f"x/{run}"}


def ledger_of(folder, *entries, **key):
    """A ledger with these lines."""
    made = Ledger(folder / FILE, {**KEY, **key})
    [made.add(each) for each in entries]
    return made


@pytest.mark.parametrize("other", [{"revision": "abd"}, {"profile": "full"}, {"given": {"hub-image": "h:1"}}, {"revision": ""}])
def test_runs_of_another_state_or_another_kind_are_not_counted(tmp_path, other):
    ledger_of(tmp_path, entry(edge_hub="PASS"))
    assert len(ledger_of(tmp_path).whole) == 1
    assert ledger_of(tmp_path, **other).whole == []


def test_no_line_is_ever_taken_out(tmp_path):
    ledger_of(tmp_path, entry(run="r1"))
    ledger_of(tmp_path, entry(run="r2"), revision="other")
    assert [json.loads(line)["run"] for line in (tmp_path / FILE).read_text().splitlines()] == ["r1", "r2"]


def test_runs_of_other_machines_count_once(tmp_path):
    ledger_of(tmp_path / "there", entry(run="r1"), entry(run="r2"))
    ledger_of(tmp_path / "there", entry(run="r3"), revision="other")
    ledger_of(tmp_path / "here", entry(run="r2"), entry(run="r4"))
    ledger = Ledger(tmp_path / "here" / FILE, KEY, tmp_path / "there" / FILE)
    ledger.add(entry(run="r5"))
    assert [each["run"] for each in ledger.entries] == ["r1", "r2", "r4", "r5"]
    assert "r1" not in (tmp_path / "here" / FILE).read_text()


@pytest.mark.parametrize("line", ["{", "[]", "{}"])
def test_a_line_that_tells_of_no_run_is_refused(tmp_path, line):
    (tmp_path / FILE).write_text(line + "\n")
    with pytest.raises(SettingsError, match="line 1 tells of no run"):
        ledger_of(tmp_path)


@pytest.mark.parametrize(
    ("there", "runs", "fresh", "missing"),
    [
        ([], 4, 2, [True, False, True, False]),
        ([], 2, 0, [False, False]),
        ([entry(fresh=True)], 3, 1, [False, False]),
        ([entry(), entry(), entry()], 3, 1, [True]),
        ([entry((1,), edge_hub="FAIL")], 1, 0, []),
        ([entry((14, 12), edge_hub="ERROR"), entry(())], 1, 0, [False]),
    ],
    ids=["none yet", "none fresh", "a fresh one is there", "only the fresh one lacks", "a failed run counts", "half a run not"],
)
def test_what_was_judged_is_not_judged_again(tmp_path, there, runs, fresh, missing):
    assert ledger_of(tmp_path, *there).missing(runs, fresh) == missing


def test_each_check_has_a_line_an_outcome_with_its_seconds():
    runs = [entry(b=("PASS", 3.0), a="PASS"), entry(b=("PASS", 1.0), a="PASS"), entry((1,), b=("FAIL", 9.0), a="PASS")]
    assert figures_of(runs)[:2] == [("b", "PASS", 2, 1.0, 2.0, 3.0), ("b", "FAIL", 1, 9.0, 9.0, 9.0)]


@pytest.mark.parametrize(
    ("found", "failures"),
    [
        (entry(a="PASS", b="SKIP"), []),
        (entry((1,), a="FAIL", b="ERROR"), [("a", "FAIL"), ("b", "ERROR")]),
        (entry((10, 14), a="ERROR", b="ERROR"), [("the deployment", "FAIL")]),
        (entry((11,), a="PASS"), [("the removal", "FAIL")]),
        (entry((3,), a="PASS"), [("the run", "ERROR")]),
        (entry(()), [("the run", "ERROR")]),
    ],
)
def test_what_went_wrong_in_a_run_is_told_once(found, failures):
    assert [(each.what, each.outcome) for each in failures_of(found)] == failures


@pytest.mark.parametrize(
    ("runs", "flakes"),
    [
        ([entry(a="PASS"), entry((1,), a="FAIL")], ["a"]),
        ([entry((1,), a="FAIL"), entry((1,), a="FAIL")], []),
        ([entry((10,), a="ERROR"), entry(a="PASS")], ["the deployment"]),
        ([entry((10,), a="ERROR"), entry((1,), a="FAIL")], ["the deployment"]),
        ([entry((1,), a="FAIL"), entry((10,), a="ERROR")], ["the deployment"]),
        ([entry((11,), a="PASS")], []),
    ],
)
def test_what_went_well_in_another_run_was_no_fault_of_the_stack(runs, flakes):
    assert [each.what for each in flakes_of(runs)] == flakes


def test_the_table_ends_with_the_number_that_matters(tmp_path):
    runs = [entry(a="PASS", b="FAIL", exits=(1,)), entry(a="FAIL", b="FAIL", exits=(1,), run="r2", fresh=True)]
    lines = table(ledger_of(tmp_path, *runs)).splitlines()
    assert lines[1].split() == ["a", "PASS", "1", "1.0", "1.0", "1.0"]
    assert [line.split()[1] for line in lines if line.startswith("  FAIL")] == ["b:", "a:"]
    assert "        x/r1/evidence/x  (and so in 2 runs)" in lines
    assert lines[-1] == ("2 runs, 1 of them fresh, of profile core at revision abc; failures without the stack being broken: 1;"
                         " failed whenever judged: b")


def test_the_picture_has_a_mark_for_each_check_of_each_run():
    picture = xml.etree.ElementTree.fromstring(picture_of([entry(a="PASS", b=("PASS", 0)), entry((1,), a="FAIL", b="SKIP")]))
    names = [each.tag.partition("}")[2] for each in picture.iter()]
    assert (names.count("circle"), names.count("path")) == (3, 1)


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ([], (20, 3)),
        (["--runs=2"], (2, 1)),
        (["--engine=current"], (20, 0)),
        (["--runs=5", "--fresh=0"], (5, 0)),
        (["--runs=0"], "N=0: not a whole number"),
        (["--runs=2", "--fresh=3"], "FRESH=3 of N=2"),
        (["--engine=current", "--fresh=1"], "ENGINE=current for none"),
    ],
)
def test_wishes_are_read_or_refused(monkeypatch, tmp_path, capsys, words, wishes):
    seen = []
    monkeypatch.setattr(command, "prove", lambda run, *given: seen.append(given))
    code = command.main([f"--reports={tmp_path}", *words])
    assert (seen, code) == (([wishes], 0) if isinstance(wishes, tuple) else ([], 4))
    assert isinstance(wishes, tuple) or wishes in capsys.readouterr().out
