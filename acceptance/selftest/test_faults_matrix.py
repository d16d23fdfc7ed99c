"""The matrix: who is asked and in which order, what is kept, what a picture of it shows, and that ours is as it says."""

import json
import re
from pathlib import Path

import pytest

from acceptance.faults.category import CATEGORIES, category_of
from acceptance.faults.fault import FOLDER, load_all
from acceptance.faults.finding import confusions
from acceptance.faults.patch import Patch
from acceptance.faults.picture import columns_of, in_order, picture_of
from acceptance.faults.published import present, public
from acceptance.faults.schedule import Schedule

pytest_plugins = "pytester"

DOCS = Path(__file__).parents[2] / "docs"
PUBLISHED = json.loads((DOCS / "matrix.json").read_text(encoding="utf-8"))["faults"]
FAULTS = {fault.id: fault for fault in load_all(FOLDER)}
ROW = {
    "id": "broken",
    "benign": False,
    "kills": "edge-hub",
    "verdict": "killed",
    "failed": [{"id": "edge-hub", "reason": "got <502> in /tmp/secret/place, which is\nmore"}],
    "diagnosis": {},
    "category": "nginx",
    "asked": ["edge-hub", "login-ok"],
    "seen": "502",
    "echoes": {},
    "seconds": 60,
    "unjudged": "",
}
PLUGIN = ("-p", "acceptance.faults.order")


@pytest.fixture
def many(tree):
    """Six checks, of which three and the named one fail; the last one judges the removal."""
    for name in ("edge-a", "edge-b", "edge-c", "edge-d"):
        tree.check(name, "pass" if name == "edge-b" else "assert False, 'no'")
    tree.check("hub-killed", "assert False, 'named'", cls="d")
    tree.check("removal", cls="d")
    return tree


def test_the_named_check_is_asked_first_and_the_rest_as_ever(many):
    judged = many.judge(*PLUGIN, "--named=hub-killed")
    assert [*judged.outcomes] == ["hub-killed", "edge-a", "edge-b", "edge-c", "edge-d", "removal"]


def test_what_judges_the_removal_stays_last(many):
    assert [*many.judge(*PLUGIN, "--named=removal").outcomes][-1] == "removal"


def test_a_broad_fault_is_not_asked_for_more_than_it_has_shown(many):
    judged = many.judge(*PLUGIN, "--named=hub-killed", "--broad=2")
    assert [*judged.outcomes] == ["hub-killed", "edge-a", "edge-b", "edge-c"]
    assert 2 not in judged.results["exits"] and 3 not in judged.results["exits"]


def test_the_removal_is_asked_however_broad_its_fault_is(many):
    assert "removal" in many.judge(*PLUGIN, "--named=removal", "--broad=1").outcomes


@pytest.mark.parametrize(
    ("patch", "category"),
    [
        ({"append": [{"file": "nginx/nginx.conf", "text": "x"}]}, "nginx"),
        ({"append": [{"file": "hub/jupyterhub_config.py", "text": "c.JupyterHub.x = 1"}]}, "hub settings"),
        ({"append": [{"file": "hub/jupyterhub_config.py", "text": "c.Authenticator.x = 1"}]}, "login and secrets"),
        ({"append": [{"file": "hub/swarm_spawner.py", "text": "x"}]}, "spawner"),
        ({"append": [{"file": "hub/Dockerfile", "text": "RUN x"}]}, "images"),
        ({"options": {"hub-image": "x"}}, "images"),
        ({"stack": {"networks": {"default": {"driver": "x"}}}}, "network and volumes"),
        ({"stack": {"services": {"hub": {"healthcheck": None}}}}, "swarm and engine"),
        ({"environment": {"AUTHENTICATOR_CLASS": "dummy"}}, "login and secrets"),
        ({"environment": {"CULL_AFTER": 1}}, "hub settings"),
        ({"act": ["docker service rm x"]}, "swarm and engine"),
    ],
)
def test_a_fault_is_of_the_kind_that_its_patch_touches(patch, category):
    assert category_of(Patch(**patch)) == category


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_kind_of_mistake_has_six_faults_at_least(category):
    assert sum(fault.category == category for fault in FAULTS.values() if not fault.benign) >= 6


def test_a_patch_is_tried_without_touching_the_tree(tmp_path):
    (tmp_path / "nginx.conf").write_text("hub")
    patch = Patch(replace=[{"file": "nginx.conf", "find": "hub", "with": "bub"}])
    assert patch.refusal(tmp_path) == ""
    assert (tmp_path / "nginx.conf").read_text() == "hub"
    assert "stands 0 times" in Patch(replace=[{"file": "nginx.conf", "find": "x", "with": ""}]).refusal(tmp_path)
    assert "there is no gone" in Patch(delete=["gone"]).refusal(tmp_path)


def test_time_left_is_told_as_soon_as_each_lane_has_ended_one():
    now = iter((0, 60, 60, 120))
    schedule = Schedule(12, 2, lambda: next(now))
    schedule.done()
    assert schedule.told() == "1/12"
    schedule.done()
    assert schedule.told() == "2/12, about 5 min left"


def test_what_is_published_has_no_path_and_one_line_a_reason():
    (row,) = public([ROW])
    assert row["failed"] == [{"id": "edge-hub", "reason": "got <502> in …, which is"}]


def test_what_was_given_up_or_changed_since_is_not_published():
    there = FAULTS["upload-limit"]
    row = {**ROW, "id": there.id, "patch": there.patch.digest}
    assert present([row, {**row, "patch": "another"}, {**row, "id": "given-up"}], [there]) == [row]


def test_a_picture_tells_each_cell():
    survived = {**ROW, "id": "hidden", "verdict": "survived", "failed": [], "seen": ""}
    picture = picture_of([ROW, survived])
    assert "nginx 1/2" in picture
    assert "broken × edge-hub: got &lt;502&gt;" in picture
    assert "hidden × edge-hub: not seen" in picture
    assert picture.count('r="1.5"') == 2     # login-ok was asked of both, and passed


def test_the_legend_of_a_small_matrix_is_not_cut_off():
    picture = picture_of([ROW])
    width, last = re.search(r'width="(\d+)"', picture), re.search(r'x="(\d+)" y="\d+">not judged<', picture)
    assert int(width[1]) >= int(last[1]) + 7 * len("not judged")


def test_a_picture_of_nothing_says_so():
    assert "No fault was judged yet" in picture_of([])


def test_kills_run_down_the_picture_and_the_benign_stand_apart():
    benign = {**ROW, "id": "a", "benign": True, "kills": "", "verdict": "clean", "failed": []}
    rows = in_order([benign, {**ROW, "id": "z", "category": "spawner", "kills": "spawn-one"}, ROW])
    assert [row["id"] for row in rows] == ["broken", "z", "a"]
    assert columns_of(rows) == ["edge-hub", "spawn-one", "login-ok"]


def test_the_published_picture_is_of_the_published_matrix():
    assert (DOCS / "matrix.svg").read_text(encoding="utf-8") == picture_of(PUBLISHED), "make matrix draws it anew"


def test_each_fault_is_published_as_it_is():
    """`make faults`, and then `make matrix`."""
    assert {row["id"]: row["patch"] for row in PUBLISHED} == {name: fault.patch.digest for name, fault in FAULTS.items()}


def test_words_in_the_published_matrix_tell_one_cause():
    assert confusions(PUBLISHED, {name: fault.words for name, fault in FAULTS.items()}) == []


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in PUBLISHED])
def test_the_published_matrix_is_of_the_faults_as_they_are(row):
    fault = FAULTS[row["id"]]
    assert (row["kills"], row["benign"], row["category"]) == (fault.kills, fault.benign, fault.category)
    assert fault.benign or row["verdict"] != "killed" or row["seen"] in fault.words
