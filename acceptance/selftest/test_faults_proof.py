"""The runner finds the verdict on a fault in a run of the ordinary command on a patched copy."""

import json
import re

import pytest

from acceptance import judged
from acceptance.faults.matrix import judge_all
from acceptance.faults.past import Past
from acceptance.faults.runner import command, sweep
from acceptance.harness.errors import EngineError
from acceptance.harness.report.check import Check, read_lock
from acceptance.harness.report.report import conclude
from acceptance.harness.report.run import Run
from acceptance.harness.settings import gather
from acceptance.selftest.made_faults import BENIGN, made_in

pytest_plugins = "pytester"

@pytest.fixture
def fault(tmp_path):
    """Makes a fault that differs from a good one in some keys."""
    return made_in(tmp_path)


@pytest.fixture
def broken_tree(tree, monkeypatch):
    """A tree whose one check reads the tree that is judged; the runner takes its checks from there."""
    (tree.path / "conftest.py").write_text("pytest_plugins = ['acceptance.plugin']\n")
    (tree.path / "nginx.conf").write_text("upstream hub;\n")
    words = "'nginx answered ' + str(502)"
    tree.check(
        "edge-hub", f"assert 'hub' in (settings.source / 'nginx.conf').read_text(), {words}", uses="settings"
    )
    tree.check("login-ok", locked=True)
    tree.judge()
    monkeypatch.setattr(judged, "CHECKS", tree.path / "acceptance")
    return tree


@pytest.fixture
def run(broken_tree):
    """A run of the faults, with its report in the tree."""
    return Run(gather({"reports": str(broken_tree.path / "proof")}, broken_tree.path))


def judged_at(host, run, *faults, company="", revision="", engines=1):
    """Judges faults with a memory of the tree's own; returns the rows of matrix.json."""
    past = Past(run.settings.reports / "faults.json", revision, "judges")
    judge_all(run, list(faults), past.rows(faults), [host] * engines, company, past)
    return json.loads((run.folder / "matrix.json").read_text())["faults"]


WRONG_UPSTREAM = {"replace": [{"file": "nginx.conf", "find": "hub", "with": "bub"}]}
COMMENT = {"append": [{"file": "nginx.conf", "text": "# nothing\n"}]}


@pytest.mark.parametrize(
    ("changes", "line", "code"),
    [
        ({"patch": WRONG_UPSTREAM}, "killed .*broken .*edge-hub says '502'", 0),
        ({"patch": WRONG_UPSTREAM, "words": ["a page nobody saw"]}, "other ", 13),
        ({"patch": COMMENT}, "survived .*no check failed", 13),
        ({"patch": COMMENT, **BENIGN}, "clean ", 0),
        ({"patch": WRONG_UPSTREAM, **BENIGN}, "false-alarm .*edge-hub: nginx answered 502", 13),
        ({"patch": {"delete": ["gone"]}}, "not judged .*no longer applies", 14),
    ],
)
def test_a_fault_is_judged_by_the_ordinary_command_on_a_copy(run, fault, capsys, changes, line, code):
    judged_at("unix:///nowhere.sock", run, fault(**changes))
    assert conclude(run, run.settings.reports) == code
    assert [each for each in capsys.readouterr().out.splitlines() if re.search(line, each)]
    (row,) = json.loads((run.folder / "matrix.json").read_text())["faults"]
    assert list(row)[:6] == ["id", "benign", "kills", "verdict", "failed", "diagnosis"]
    assert "hub" in (run.settings.source / "nginx.conf").read_text()


def test_what_was_proved_at_this_state_is_not_judged_again_and_what_survived_is(run, fault, capsys):
    faults = [fault("wrong", patch=WRONG_UPSTREAM), fault("hidden", patch=COMMENT)]
    judged_at("unix:///nowhere.sock", run, *faults, revision="abc", engines=2)
    capsys.readouterr()
    rows = judged_at("unix:///nowhere.sock", run, *faults, revision="abc")
    told = capsys.readouterr().out
    assert [(row["id"], row["verdict"]) for row in rows] == [("wrong", "killed"), ("hidden", "survived")]
    assert "survived    hidden" in told
    assert "killed      wrong" not in told


def test_other_words_are_looked_for_in_the_kept_report_and_another_patch_is_judged_anew(run, fault, capsys):
    judged_at("unix:///nowhere.sock", run, fault("wrong", patch=WRONG_UPSTREAM), revision="abc")
    capsys.readouterr()
    other = fault("wrong", patch=WRONG_UPSTREAM, words=["nginx answered"])
    (row,) = judged_at("unix:///nowhere.sock", run, other, revision="abc")
    assert (row["verdict"], row["seen"]) == ("killed", "nginx answered")
    kept = json.loads((run.settings.reports / "faults.json").read_text())   # what is published is what was read last
    assert kept["faults"]["wrong"]["seen"] == "nginx answered"
    assert "killed      wrong" not in capsys.readouterr().out
    (row,) = judged_at("unix:///nowhere.sock", run, fault("wrong", patch=COMMENT), revision="abc")
    assert row["verdict"] == "survived"


def test_the_smoke_profile_is_asked_too_and_the_page_tells_all(run, fault):
    run.locked = read_lock(judged.CHECKS / "checks.lock")
    broken = fault("wrong", patch=WRONG_UPSTREAM, story="It was <b>late</b>.")
    (row,) = judged_at("unix:///nowhere.sock", run, broken, company="smoke")
    assert (row["asked"], row["seen"], row["verdict"]) == (["edge-hub", "login-ok"], "502", "killed")
    conclude(run, run.settings.reports)
    report = (run.folder / "index.html").read_text()
    assert "1 of 1 faults were killed by the named check for the named reason, 0 of 0 harmless changes left alone." in report
    assert '<a href="matrix.html">' in report and "promises" not in report.lower()
    page = (run.folder / "matrix.html").read_text()
    assert "It was &lt;b&gt;late&lt;/b&gt;." in page
    assert "wrong × edge-hub: nginx answered 502" in page
    assert not re.search("(src|href)=", page)


def test_words_of_another_fault_in_the_evidence_are_kept(run, fault):
    faults = [fault("wrong", patch=WRONG_UPSTREAM), fault("other", patch=COMMENT, words=["nginx answered"])]
    first, second = judged_at("unix:///nowhere.sock", run, *faults)
    assert (first["echoes"], second["echoes"]) == ({"other": "nginx answered"}, {})


def test_a_fault_can_act_once_the_stack_stands(broken_tree, run, fault):
    broken_tree.fixture(
        "from types import SimpleNamespace\n"
        "@pytest.fixture(scope='session')\ndef stack():\n    return SimpleNamespace(name='nbi-test')\n"
    )
    broken_tree.check("edge-acted", "assert not os.path.exists('acted'), open('acted').read()", uses="stack")
    broken_tree.judge("--collect-only")
    acting = {"patch": {"act": ["echo $STACK_NAME $DOCKER_HOST > acted"]}, "kills": "edge-acted"}
    judged_at("unix:///here", run, fault(**acting, words=["nbi-test unix:///here"]))
    assert json.loads((run.folder / "matrix.json").read_text())["faults"][0]["verdict"] == "killed"


def test_an_act_that_fails_proves_nothing(broken_tree, run, fault):
    broken_tree.fixture(
        "from types import SimpleNamespace\n"
        "@pytest.fixture(scope='session')\ndef stack():\n    return SimpleNamespace(name='nbi-test')\n"
    )
    broken_tree.check("edge-acted", uses="stack")
    broken_tree.judge("--collect-only")
    judged_at("unix:///here", run, fault(patch={"act": ["exit 7"]}, kills="edge-acted"))
    (row,) = json.loads((run.folder / "matrix.json").read_text())["faults"]
    assert (row["verdict"], "ended 7" in row["unjudged"]) == (None, True)


@pytest.fixture
def left(run, fault):
    """A judged fault whose run left something, and what the sound tree's make was asked to do about it."""

    def make(says):
        makefile = f"remove:\n\t@echo $(MAKECMDGOALS) $$STACK_NAME $$DOCKER_HOST $$VOLUMES > asked; echo '{says}'\n"
        (run.settings.source / "Makefile").write_text(makefile)
        folder = run.folder / "faults" / "broken" / "latest"
        folder.mkdir(parents=True)
        told = {"run": "20261123-060435-c98a", "leftovers": ["service nbi-c98a-alice"]}
        (folder / "results.json").write_text(json.dumps(told))
        sweep(fault(), run, "unix:///here")
        return (run.settings.source / "asked").read_text().split()

    return make


def test_what_a_broken_removal_left_is_removed_by_the_sound_tree(left):
    assert left("stack nbi-c98a is gone") == ["remove", "nbi-c98a", "unix:///here", "1"]


def test_what_stays_all_the_same_ends_the_proof(left):
    with pytest.raises(EngineError, match="broken was judged, but its stack is still there: .*in use"):
        left("network is in use")


@pytest.mark.parametrize(
    ("changes", "company", "users"),
    [
        ({"kills": "edge-slow"}, "smoke", "--users=2"),
        ({"kills": "edge-slow", "patch": {"options": {"users": 9}}}, "smoke", "--users=9"),
        ({"kills": "edge-slow"}, "full", "--users=5"),
        ({"kills": "edge-hub"}, "smoke", "--users=5"),
        (BENIGN, "smoke", "--users=5"),
    ],
)
def test_few_come_where_the_smoke_profile_only_keeps_company(run, fault, tmp_path, changes, company, users):
    run.locked = [Check(name, profile, "r", (), "s") for name, profile in (("edge-hub", "smoke"), ("edge-slow", "full"))]
    words = command(fault(**changes), run, tmp_path, tmp_path, company)
    assert [word for word in words if word.startswith("--users")] == [users]
