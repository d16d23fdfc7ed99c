"""What counts as a kill, and what as a false alarm: by the outcomes of one judged run, and the words in its evidence."""

import pytest

from acceptance.faults.finding import confusions, finding_of
from acceptance.selftest.made_faults import BENIGN, made_in


@pytest.fixture
def fault(tmp_path):
    """Makes a fault that differs from a good one in some keys."""
    return made_in(tmp_path)


def results(exits=(1,), evidence=None, **outcomes):
    """results.json with these outcomes; `_` stands for `-` in ids, and each reason says 502."""
    checks = [
        {"id": name.replace("_", "-"), "outcome": outcome, "reason": "got 502", "evidence": evidence}
        for name, outcome in outcomes.items()
    ]
    return {"exits": list(exits), "checks": checks, "diagnosis": {}}


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (results(edge_hub="FAIL"), "killed"),
        (results(edge_hub="PASS", login_ok="FAIL"), "other"),
        (results(edge_hub="PASS"), "survived"),
        (results(edge_hub="ERROR"), None),
        (results(edge_hub="SKIP"), None),
        (results(login_ok="PASS"), None),
        (results((10, 14), edge_hub="ERROR"), None),
        (results((3,), edge_hub="FAIL"), "other"),
    ],
)
def test_only_the_named_check_kills_and_only_by_a_fail(fault, found, verdict):
    assert finding_of(fault(), found, lambda folder: "").verdict == verdict


@pytest.mark.parametrize(("text", "verdict"), [("upstream 504", "killed"), ("nothing", "other")])
def test_the_words_are_looked_for_in_the_evidence_too(fault, text, verdict):
    found = finding_of(
        fault(words=["upstream 504"]), results(evidence="e", edge_hub="FAIL"), lambda folder: text
    )
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (results((12,), edge_hub="PASS"), "clean"),
        (results(edge_hub="FAIL"), "false-alarm"),
        (results((14,), edge_hub="ERROR"), None),
        (results(edge_hub="FAIL", login_ok="ERROR"), "false-alarm"),
        (results((12,)), None),
    ],
)
def test_nobody_may_complain_of_a_benign_change(fault, found, verdict):
    assert finding_of(fault(**BENIGN), found, lambda folder: "").verdict == verdict


@pytest.mark.parametrize(
    ("words", "complaints"),
    [
        ({"broken": ["got 502"], "other": ["upstream 502"]}, 1),
        ({"broken": ["upstream 502"], "other": ["upstream 502"]}, 0),
        ({"broken": ["502"], "other": ["upstream 502"]}, 0),
    ],
)
def test_words_of_another_cause_are_told_and_shared_words_are_one_cause(words, complaints):
    assert len(confusions([{"id": "broken", "echoes": {"other": "upstream 502"}}], words)) == complaints
