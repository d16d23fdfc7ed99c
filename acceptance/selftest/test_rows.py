"""Each way to deploy is judged by its checks, told in a table, and not judged twice at one state of the tree."""

import json
import subprocess
from types import SimpleNamespace

import pytest

from acceptance import judged
from acceptance.harness.errors import SettingsError
from acceptance.harness.report.check import Check
from acceptance.harness.report.outcome import Outcome
from acceptance.rows.judging import side_by_side
from acceptance.rows.row import Row, load, verdict_on
from acceptance.rows.table import Kept, revision_of, table

LOCKED = [
    Check(name, profile, "c", (), "s")
    for name, profile in (("edge-hub", "smoke"), ("login-ldap", "full"), ("spawn-one", "core"))
]
LDAP = Row("ldap", "A directory.", {"OVERLAYS": "stack/ldap.yml"}, ("login-ldap",))
KEPT = {"outcome": "PASS", "reason": "", "passed": 2, "checks": 2, "seconds": 60}


def results(exits=(0,), **outcomes):
    """results.json with these outcomes; `_` stands for `-` in ids."""
    checks = [{"id": name.replace("_", "-"), "outcome": outcome, "reason": "why\nmore"} for name, outcome in outcomes.items()]
    return {"exits": list(exits), "exit": exits[0], "checks": checks, "leftovers": ["volume x"] if 11 in exits else []}


def rows_file(folder, text):
    """A file of rows."""
    path = folder / "rows.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("found", "outcome", "reason"),
    [
        (results((12,), edge_hub="PASS", login_ldap="PASS"), Outcome.PASS, ""),
        (results((1,), edge_hub="FAIL", login_ldap="PASS"), Outcome.FAIL, "edge-hub: why"),
        (results((12,), edge_hub="PASS"), Outcome.ERROR, "not judged: login-ldap"),
        (results((14,), edge_hub="PASS", login_ldap="SKIP"), Outcome.ERROR, "not judged: login-ldap"),
        (results((14,), edge_hub="PASS", login_ldap="PASS"), Outcome.ERROR, "the run"),
        (results((11, 12), edge_hub="PASS", login_ldap="PASS"), Outcome.FAIL, "volume x"),
        (results((10,)), Outcome.FAIL, "never came up"),
        (None, Outcome.ERROR, "no results"),
    ],
)
def test_a_row_is_kept_only_if_each_of_its_checks_passed(found, outcome, reason):
    told = verdict_on(["edge-hub", "login-ldap"], found)
    assert (told[0], reason in told[1]) == (outcome, True)


def test_a_row_is_judged_by_smoke_and_what_it_touches():
    assert LDAP.wanted(LOCKED) == ["edge-hub", "login-ldap"]


def test_a_whole_row_is_judged_by_every_check():
    assert Row("default", "s", {}, ("all",)).wanted(LOCKED) == ["edge-hub", "login-ldap", "spawn-one"]


def test_rows_are_read_in_their_order_or_by_name(tmp_path):
    line = "- {id: %s, story: s, settings: {}, checks: [all]}\n"
    path = rows_file(tmp_path, line % "b" + line % "a")
    assert [row.id for row in load(path, LOCKED)] == ["b", "a"]
    assert [row.id for row in load(path, LOCKED, ("a",))] == ["a"]


def test_all_complaints_about_rows_come_together(tmp_path):
    path = rows_file(tmp_path, "- {id: a, story: s, settings: {}, checks: [nope]}\n- {id: b}\n")
    with pytest.raises(SettingsError) as refused:
        load(path, LOCKED, ("c",))
    assert [complaint.split(":")[0] for complaint in refused.value.complaints] == ["row a", "row b", "rows.yaml has no row c"]


def test_what_was_kept_at_this_state_is_known_and_what_failed_is_not(tmp_path):
    kept = Kept(tmp_path / "rows.json", "abc")
    kept.add(LDAP.id, KEPT)
    assert Kept(tmp_path / "rows.json", "abc").has(LDAP)
    kept.add(LDAP.id, {**KEPT, "outcome": "FAIL"})
    assert not Kept(tmp_path / "rows.json", "abc").has(LDAP)


@pytest.mark.parametrize("revision", ["other", ""])
def test_another_state_of_the_tree_begins_anew(tmp_path, revision):
    Kept(tmp_path / "rows.json", "").add(LDAP.id, KEPT)
    assert not Kept(tmp_path / "rows.json", revision).has(LDAP)


def test_the_table_has_a_line_a_row(tmp_path):
    kept = Kept(tmp_path / "rows.json", "abc")
    kept.add(LDAP.id, {**KEPT, "outcome": "FAIL", "reason": "edge-hub: why"})
    assert table([LDAP], kept).splitlines()[1].split() == ["ldap", "FAIL", "2/2", "60", "s", "edge-hub:", "why"]
    assert json.loads((tmp_path / "rows.json").read_text())["revision"] == "abc"


@pytest.fixture
def run(tmp_path):
    """What is known of a run that judges rows."""
    return SimpleNamespace(folder=tmp_path, settings=SimpleNamespace(run="r", environment={}))


@pytest.fixture
def begun(monkeypatch):
    """The processes that were begun: each sleeps as long as its row says."""
    seen = []

    def start(words, variables, output):
        seen.append(subprocess.Popen(words))
        return seen[-1]

    monkeypatch.setattr(judged, "command", lambda run, folder, profile, only: ["sleep", folder.name.partition("-")[0]])
    monkeypatch.setattr(judged, "start", start)
    return seen


def rows(*seconds):
    """Rows whose judging takes so long."""
    return [Row(f"{each}-{number}", "s", {}, ("all",)) for number, each in enumerate(seconds)]


def test_rows_are_judged_side_by_side_and_one_at_a_time_on_each_engine(run, begun):
    working, seen = [], []
    for row, entry in side_by_side(run, rows("0", "0.3", "0", "0", "0"), LOCKED, ["a", "b"], working):
        seen.append((row.id, entry["outcome"]))
        assert len(working) <= 1
    assert sorted(seen) == [(each, "ERROR") for each in ("0-0", "0-2", "0-3", "0-4", "0.3-1")]
    assert len(begun) == 5


def test_whoever_stops_early_leaves_nothing_running(run, begun):
    judging = side_by_side(run, rows("0", "60"), LOCKED, ["a", "b"], [])
    assert next(judging)[0].id == "0-0"
    judging.close()
    assert [process.returncode for process in begun] == [0, -15]


def test_any_change_of_a_file_is_another_state(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "a").write_text("1")
    before = revision_of(tmp_path)
    (tmp_path / "a").write_text("2")
    assert revision_of(tmp_path) != before != ""


def test_a_tree_without_git_has_no_state(tmp_path):
    assert revision_of(tmp_path) == ""
