"""Waivers: what a file of them may say, what a waived check costs a run, and that none outlives its day unseen."""

import xml.etree.ElementTree
from datetime import UTC, date, datetime, timedelta

import pytest

from acceptance.harness.errors import SettingsError
from acceptance.harness.waivers import Waiver, read_waivers

pytest_plugins = "pytester"

TODAY = datetime.now(UTC).date()
BROKEN = "assert 1 == 2, 'two are not one'"


def entry(check="login-ok", reason="ticket 7", owner="ann", expires=TODAY):
    """An entry of waivers.yaml, five lines with the empty one."""
    return f"- check: {check}\n  reason: {reason}\n  owner: {owner}\n  expires: {expires}\n\n"


@pytest.fixture
def waivers(tmp_path):
    """Writes waivers.yaml."""

    def write(text):
        path = tmp_path / "waivers.yaml"
        path.write_text(text)
        return path

    return write


def complaints_of(path):
    """What is said of this file, without the file's own name."""
    with pytest.raises(SettingsError) as raised:
        read_waivers(path)
    return [complaint.removeprefix(f"{path.name}:") for complaint in raised.value.complaints]


def test_waivers_are_read(waivers):
    assert read_waivers(waivers(entry(expires="2026-12-31"))) == (Waiver("login-ok", "ticket 7", "ann", date(2026, 12, 31)),)


def test_all_that_is_wrong_is_said_with_its_line(waivers):
    text = entry(reason="") + entry("edge-hub", expires="2026-13-01") + "- check: x\n  until: never\n  owner: [ann]\n"
    assert complaints_of(waivers(text)) == [
        "2: reason is missing or says nothing",
        "9: expires: 2026-13-01: no date; write YYYY-MM-DD",
        "12: unknown key until; an entry has check, reason, owner, expires",
        "11: reason is missing or says nothing",
        "13: owner is missing or says nothing",
        "11: expires is missing or says nothing",
    ]


@pytest.mark.parametrize("day", ["soon", "20261231", "2026-12-31 10:00", "[2026-12-31]", "2026-W01-1"])
def test_a_day_is_written_in_one_way(waivers, day):
    assert any("4: expires" in complaint for complaint in complaints_of(waivers(entry(expires=day))))


def test_a_check_is_waived_once(waivers):
    assert complaints_of(waivers(entry() + entry(reason="another"))) == ["6: login-ok is waived in line 1 already"]
    flow = "{check: login-ok, reason: r, owner: o, expires: 2099-01-01}"
    assert complaints_of(waivers(f"[{flow}, {flow}]\n")) == ["1: login-ok is waived in line 1 already"]


def test_a_bad_file_ends_4_and_nothing_is_started(tree, waivers):
    tree.fixture("open('started', 'w')")
    tree.check("login-ok")
    judged = tree.judge(f"--waivers={waivers(entry(owner='', expires='soon'))}", "--users=0")
    assert (judged.code, (tree.path / "started").exists()) == (4, False)
    said = "\n".join(judged.lines)
    assert "waivers.yaml:3: owner is missing" in said and "waivers.yaml:4: expires: soon" in said and "USERS=0" in said


def test_a_fault_that_is_waived_would_prove_nothing(tree, waivers):
    (tree.path / "x.yaml").write_text("")
    judged = tree.judge(f"--waivers={waivers(entry())}", f"--faults={tree.path}")
    assert judged.code == 4
    assert any("WAIVERS and FAULTS" in line for line in judged.lines)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [(BROKEN, "FAIL"), ("raise EngineError('no engine')", "ERROR"), ("raise Absent('docker', 'asked')", "SKIP")],
)
def test_a_waived_check_is_judged_and_shown_and_costs_nothing(tree, waivers, body, outcome):
    tree.check("login-ok", body, needs=("docker",))
    tree.check("edge-hub")
    judged = tree.judge(f"--waivers={waivers(entry())}")
    waiver = {"check": "login-ok", "reason": "ticket 7", "owner": "ann", "expires": str(TODAY)}
    assert (judged.code, judged.results["exits"], judged.outcomes["login-ok"]) == (0, [0], outcome)
    assert judged.check("login-ok")["waived"] == {key: value for key, value in waiver.items() if key != "check"}
    assert (judged.check("edge-hub")["waived"], judged.results["waivers"]) == (None, [waiver])
    assert [line for line in judged.lines if line.startswith(f"{outcome} WAIVED login-ok ")]
    assert f"1 waived: login-ok until {TODAY} (ticket 7; ann)" in judged.lines


def test_what_is_not_waived_still_ends_1_and_is_the_one_that_is_explained(tree, waivers):
    tree.check("login-ok", "raise StackError(\"{'/hub/metrics': 200} == {}\")")
    tree.check("edge-hub", BROKEN)
    judged = tree.judge(f"--waivers={waivers(entry())}")
    assert (judged.code, judged.results["exits"], judged.results["diagnosis"]["cause"]) == (1, [1], None)
    assert " 1: broken: edge-hub" in judged.lines


def test_a_waiver_whose_check_passed_is_told(tree, waivers):
    tree.check("login-ok")
    judged = tree.judge(f"--waivers={waivers(entry())}")
    assert (judged.code, judged.check("login-ok")["waived"]) == (0, None)
    assert "waiver for login-ok is not needed: it passed" in judged.lines


def test_an_expired_waiver_excuses_nothing_and_ends_15(tree, waivers):
    day = TODAY - timedelta(days=1)
    path = waivers(entry(expires=day))
    tree.check("login-ok")
    judged = tree.judge(f"--waivers={path}")
    assert (judged.code, judged.last[:21]) == (15, "verdict=ERROR exit=15")
    assert f"15: the waiver of login-ok expired on {day} (ann): mend it, or take the waiver out" in judged.lines


def test_a_broken_promise_whose_waiver_expired_is_a_broken_promise(tree, waivers):
    tree.check("login-ok", BROKEN)
    judged = tree.judge(f"--waivers={waivers(entry(expires=TODAY - timedelta(days=1)))}")
    assert (judged.code, judged.results["exits"], judged.check("login-ok")["waived"]) == (1, [1, 15], None)


def test_a_waiver_of_no_check_ends_15(tree, waivers):
    tree.check("login-ok")
    judged = tree.judge(f"--waivers={waivers(entry('login-okay'))}")
    assert (judged.code, judged.results["exits"]) == (15, [15])
    assert "15: login-okay is waived (ann), and checks.lock has no such check" in judged.lines


def test_a_waived_failure_is_a_skip_with_its_text_in_junit(tree, waivers):
    tree.check("login-ok", BROKEN)
    judged = tree.judge(f"--waivers={waivers(entry())}")
    root = xml.etree.ElementTree.fromstring(judged.text("junit.xml"))
    (skipped,) = root.iter("skipped")
    assert skipped.get("message") == f"waived until {TODAY}: ticket 7"
    assert "two are not one" in skipped.text
    assert [root.find("testsuite").get(key) for key in ("failures", "errors", "skipped")] == ["0", "0", "1"]
