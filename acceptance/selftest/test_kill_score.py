"""The kill score of a run: from the matrix of these very checks and this very harness, or unknown with the reason."""

import json
import shutil

import pytest

from acceptance.faults.past import Past
from acceptance.faults.published import write
from acceptance.harness.report.kill_score import JUDGES, judges_of, kill_score_of
from acceptance.proof import ROOT

pytest_plugins = "pytester"

ROWS = [
    {"id": "a", "benign": False, "verdict": "killed", "kills": "edge-hub"},
    {"id": "b", "benign": False, "verdict": "killed", "kills": "edge-hub"},
    {"id": "c", "benign": False, "verdict": "killed", "kills": "edge-deep"},
    {"id": "d", "benign": False, "verdict": "survived", "kills": "login-ok"},
    {"id": "e", "benign": True, "verdict": "clean", "kills": None},
]
SCORE = {"killed": 3, "faults": 4, "checks": 1}


@pytest.fixture
def checkout(tmp_path):
    """A tree with something of each kind."""
    for name in ("conftest.py", "acceptance/test_it.py", "acceptance/checks.lock", "acceptance/fixtures/a/Dockerfile",
                 "acceptance/harness/site/site.py", "acceptance/harness/report/page.py", "acceptance/plugin.py",
                 "acceptance/harness/diagnosis/rules/x.yaml", "acceptance/harness/__pycache__/x.pyc", "docs/matrix.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def publish(tree, rows, judges):
    """docs/matrix.json of a tree."""
    (tree / "docs").mkdir(exist_ok=True)
    (tree / "docs" / "matrix.json").write_text(json.dumps({**({"judges": judges} if judges else {}), "faults": rows}))


@pytest.mark.parametrize(("name", "counts"), [
    ("conftest.py", True), ("acceptance/test_it.py", True), ("acceptance/checks.lock", True),
    ("acceptance/fixtures/a/Dockerfile", True), ("acceptance/harness/site/site.py", True),
    ("acceptance/harness/report/page.py", False), ("acceptance/harness/diagnosis/rules/x.yaml", False),
    ("acceptance/harness/__pycache__/x.pyc", False), ("acceptance/plugin.py", False), ("docs/matrix.json", False)])
def test_what_judges_a_stack_makes_the_hash(checkout, name, counts):
    before = judges_of(checkout)
    (checkout / name).write_text("y")
    changed = judges_of(checkout)
    (checkout / name).unlink()
    assert (changed != before, judges_of(checkout) != before) == (counts, counts)


def test_a_file_that_was_renamed_is_another(checkout):
    before = judges_of(checkout)
    (checkout / "acceptance/test_it.py").rename(checkout / "acceptance/test_other.py")
    assert judges_of(checkout) != before


@pytest.mark.parametrize("pattern", JUDGES)
def test_each_kind_of_judge_is_in_this_tree(pattern):
    assert [*ROOT.glob(pattern)]


def test_kills_are_counted_and_the_checks_of_the_run_that_did_it(checkout):
    publish(checkout, ROWS, judges_of(checkout))
    assert kill_score_of(checkout, ["edge-hub", "login-ok"]) == (SCORE, "")


@pytest.mark.parametrize(("judges", "why"), [("", "does not say which checks"), ("abc", "is of other checks")])
def test_a_matrix_of_others_says_nothing(checkout, judges, why):
    publish(checkout, ROWS, judges)
    score, said = kill_score_of(checkout, ["edge-hub"])
    assert (score, why in said) == ("unknown", True)


def test_no_matrix_says_nothing(checkout):
    shutil.rmtree(checkout / "docs")
    assert kill_score_of(checkout, []) == ("unknown", "docs/matrix.json cannot be read: FileNotFoundError")


def test_the_certificate_has_the_score_of_the_tree_that_was_collected(tree):
    tree.check("edge-hub")
    tree.check("login-ok")
    tree.judge()
    publish(tree.path, ROWS, judges_of(tree.path))
    found = json.loads(tree.judge().text("certificate.json"))
    assert (found["kill_score"], found["kill_score_why"]) == (SCORE, "")


def test_who_judged_is_kept_with_what_they_found_and_published(tmp_path):
    past = Past(tmp_path / "faults.json", "revision", "judges")
    past.add("a", ROWS[0])
    kept = json.loads((tmp_path / "faults.json").read_text())
    assert (kept["revision"], kept["judges"], [*kept["faults"]]) == ("revision", "judges", ["a"])
    write([], tmp_path, kept["judges"])
    assert json.loads((tmp_path / "matrix.json").read_text()) == {"judges": "judges", "faults": []}
