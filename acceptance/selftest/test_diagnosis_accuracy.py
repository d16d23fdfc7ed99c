"""How often the diagnosis names the true cause: what is counted, what apart, and that each fault has its true cause."""

import json
import re

import yaml

from acceptance import diagnosis as accuracy
from acceptance.document import ROOT
from acceptance.faults.fault import FOLDER


def judged_run(folder, fault, reason, outcome="FAIL"):
    """A judged fault's report, as the faults leave it."""
    run = folder / "faults" / fault / "20260101-000000-aaaa"
    run.mkdir(parents=True)
    check = {"id": "edge-closed", "outcome": outcome, "reason": reason, "evidence": None}
    (run / "results.json").write_text(json.dumps({"checks": [check]}))


def test_accuracy_counts_true_wrong_and_none_and_benign_apart(tmp_path, capsys):
    judged_run(tmp_path, "metrics-open", "{'/hub/metrics': 200}")
    judged_run(tmp_path, "version-shown", "{'/hub/metrics': 200}")
    judged_run(tmp_path, "upload-limit", "?")
    judged_run(tmp_path, "benign-other-log", "{'/hub/metrics': 200}")
    judged_run(tmp_path, "xsrf-off", "", outcome="PASS")
    assert accuracy.main([str(tmp_path)]) == 13
    said = capsys.readouterr().out
    assert "causes: 1 of 3 true (33%)" in said and "held out: 1 of 1 true" in said
    assert "wrong: version-shown" in said and "none: upload-limit" in said and "alarm: benign-other-log" in said
    assert "benign without a confident cause: 0 of 1" in said


def test_accuracy_of_nothing_is_refused(tmp_path):
    assert accuracy.main([str(tmp_path)]) == 4


def test_each_fault_has_its_true_cause_and_the_held_out_are_faults():
    known = yaml.safe_load(accuracy.CAUSES.read_text(encoding="utf-8"))
    broken = {path.stem for path in FOLDER.rglob("*.yaml") if not path.stem.startswith("benign-")}
    assert sorted(broken - known["causes"].keys()) == []
    assert sorted({*known["held_out"], *known["later"]} - broken) == []


def test_the_matrix_tells_its_accuracy_where_the_true_causes_are_written_down():
    row = {"id": "metrics-open", "failed": [{"id": "edge-closed"}], "diagnosis": {"cause": "hub's metrics open: /hub/metrics"}}
    assert accuracy.accuracy([row])[0].startswith("causes: 1 of 1 true")
    assert accuracy.accuracy([{**row, "id": "somebody-elses"}]) == []


def test_readme_tells_what_the_published_matrix_is_worth():
    lines = accuracy.accuracy(json.loads((ROOT / "docs" / "matrix.json").read_text(encoding="utf-8"))["faults"])
    readme = " ".join((ROOT / "README.rst").read_text(encoding="utf-8").split())
    told = re.search(r"In the matrix (\d+ of \d+) were named truly; of the fifteen faults [^,]*stood still, (\d+),", readme)
    assert [line for line in lines if line.startswith(f"causes: {told[1]} true")]
    assert [line for line in lines if line.startswith(f"of them later than the rules: {told[2]} of 15 true")]
