"""Each way to deploy is judged by its checks, and told in a table."""

import pytest

from acceptance.harness.errors import SettingsError
from acceptance.harness.report.check import Check
from acceptance.harness.report.outcome import Outcome
from acceptance.rows.row import Row, kept_of, load, verdict_on
from acceptance.rows.table import HEAD, line_of

LOCKED = [
    Check(name, profile, "c", (), "s")
    for name, profile in (("edge-hub", "smoke"), ("login-ldap", "full"), ("spawn-one", "core"))
]
LDAP = Row("ldap", "A directory.", {"OVERLAYS": "stack/ldap.yml"}, ("login-ldap",))


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


def test_only_what_was_wanted_is_counted():
    found = results((12,), edge_hub="PASS", login_sign_up="PASS", login_sign_up_names="PASS", stop_clean="FAIL")
    assert kept_of(["edge-hub", "login-sign-up", "stop-clean"], found) == 2
    assert kept_of(["edge-hub"], None) == 0


def test_a_row_is_judged_by_smoke_and_what_it_touches():
    assert LDAP.wanted(LOCKED) == ["edge-hub", "login-ldap"]


def test_a_whole_row_is_judged_by_every_check():
    assert Row("default", "s", {}, ("all",)).wanted(LOCKED) == ["edge-hub", "login-ldap", "spawn-one"]


def test_the_parts_of_a_whole_row_have_all_of_its_checks_and_each_looks_into_the_logs():
    locked = [Check(name, "full", "c", (), "s") for name in ("a", "b", "logs-clean", "z")]
    parts = Row("default", "s", {}, ("all",)).parts
    assert [(part.id, part.wanted(locked)) for part in parts] == [
        ("default-1of2", ["a", "logs-clean"]), ("default-2of2", ["b", "logs-clean", "z"])]
    assert LDAP.parts == [LDAP]


def test_rows_are_read_in_their_order_or_by_name(tmp_path):
    line = "- {id: %s, story: s, settings: {}, checks: [edge-hub]}\n"
    path = rows_file(tmp_path, line % "b" + line % "a")
    assert [row.id for row in load(path, LOCKED)] == ["b", "a"]
    assert [row.id for row in load(path, LOCKED, ("a",))] == ["a"]


def test_all_complaints_about_rows_come_together(tmp_path):
    path = rows_file(tmp_path, "- {id: a, story: s, settings: {}, checks: [nope]}\n- {id: b}\n")
    with pytest.raises(SettingsError) as refused:
        load(path, LOCKED, ("c",))
    assert [complaint.split(":")[0] for complaint in refused.value.complaints] == ["row a", "row b", "rows.yaml has no row c"]


def test_a_row_is_a_line_of_the_table():
    entry = {"id": "ldap", "outcome": "FAIL", "reason": "edge-hub: why", "passed": 1, "checks": 2, "seconds": 60}
    assert line_of(entry).split() == ["ldap", "FAIL", "1/2", "60", "s", "edge-hub:", "why"]
    assert len(line_of({**entry, "reason": ""})) <= len(HEAD)
