"""A fault file is refused with every complaint, and applied only where it still means what it meant."""

from pathlib import Path

import pytest
import yaml

from acceptance.faults.fault import FOLDER, FURTHER, load, load_all, told_by_checks
from acceptance.faults.patch import Patch, copied, merged
from acceptance.harness.errors import SettingsError
from acceptance.harness.report.check import read_lock

ROOT = Path(__file__).parents[2]
GOOD = {
    "id": "no-upgrade",
    "story": "An operator copied a proxy block without the websocket lines.",
    "source": "nginx manual, WebSocket proxying",
    "patch": {"replace": [{"file": "nginx.conf", "find": "Upgrade", "with": "X-Nothing"}]},
    "kills": "edge-websocket",
    "words": ["400 Bad Request"],
    "benign": False,
}


@pytest.fixture
def written(tmp_path):
    """Writes a fault file that differs from a good one in some keys."""

    def write(**changes):
        data = {key: value for key, value in {**GOOD, **changes}.items() if value is not ...}
        path = tmp_path / "no-upgrade.yaml"
        path.write_text(yaml.safe_dump(data))
        return path

    return write


@pytest.fixture
def nginx(tmp_path):
    """A tree with one file, and a stack file."""
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "docker-compose.yml").write_text(
        "services: {hub: {image: a, labels: {x: y}}, nginx: {image: b}}"
    )
    (tmp_path / "nginx.conf").write_text("header Upgrade on;\n")
    return tmp_path


def test_a_good_fault_is_read(written):
    fault = load(written())
    assert (fault.id, fault.kills, fault.words, fault.benign) == (
        "no-upgrade",
        "edge-websocket",
        ("400 Bad Request",),
        False,
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"story": ...}, "exactly the keys id, story, source, patch, kills, words, benign"),
        ({"switch": 1}, "exactly the keys"),
        ({"id": "other"}, "is not the file's name"),
        ({"story": ""}, "story is empty"),
        ({"source": None}, "source is empty"),
        ({"kills": None}, "kills names a check"),
        ({"words": []}, "words its observed cause"),
        ({"words": "400"}, "words is a list of texts"),
        ({"benign": "no"}, "benign is true or false"),
        ({"benign": True}, "a benign change kills nothing"),
        ({"patch": {}}, "patch has to have one or more of replace"),
        ({"patch": {"shell": "rm"}}, "and nothing else"),
        ({"patch": {"delete": "a"}}, "delete is a list"),
        ({"patch": {"replace": [{"file": "a"}]}}, "each replace has the keys file, find, with"),
        ({"patch": {"options": {"hub_image": "x"}}}, "--hub_image is no option"),
    ],
)
def test_a_bad_fault_is_refused_in_words(written, changes, words):
    with pytest.raises(SettingsError, match=words):
        load(written(**changes))


def test_all_complaints_about_all_files_come_together(tmp_path, written):
    written(story="", source="")
    (tmp_path / "broken.yaml").write_text("id: [")
    with pytest.raises(SettingsError) as raised:
        load_all(tmp_path, ["no-upgrade", "broken", "missing"])
    assert len(raised.value.complaints) == 4


def test_words_that_a_check_says_itself_are_refused(tmp_path, written):
    (tmp_path / "test_edge.py").write_text("assert code == 101, '400 Bad Request'\n")
    (complaint,) = told_by_checks([load(written())], tmp_path)
    assert "stand in test_edge.py" in complaint


def test_each_kind_of_change_is_made(nginx):
    Patch(
        replace=[{"file": "nginx.conf", "find": "Upgrade", "with": "Nothing"}],
        append=[{"file": "nginx.conf", "text": "more\n"}],
        write=[{"file": "new/file", "text": "text"}],
        stack={"services": {"hub": {"image": "c", "labels": {"x": None}}}},
    ).apply(nginx)
    assert (nginx / "nginx.conf").read_text() == "header Nothing on;\nmore\n"
    assert (nginx / "new" / "file").read_text() == "text"
    stack = yaml.safe_load((nginx / "stack" / "docker-compose.yml").read_text())
    assert stack == {"services": {"hub": {"image": "c", "labels": {}}, "nginx": {"image": "b"}}}


def test_a_file_can_go(nginx):
    Patch(delete=["nginx.conf"]).apply(nginx)
    assert not (nginx / "nginx.conf").exists()


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        (
            Patch(replace=[{"file": "nginx.conf", "find": "gone", "with": ""}]),
            "'gone' stands 0 times in nginx.conf",
        ),
        (Patch(replace=[{"file": "nginx.conf", "find": "e", "with": ""}]), "stands 3 times"),
        (Patch(append=[{"file": "gone.conf", "text": ""}]), "there is no gone.conf"),
        (Patch(delete=["gone.conf"]), "there is no gone.conf"),
    ],
)
def test_a_fault_that_no_longer_applies_says_so(nginx, patch, words):
    with pytest.raises(SettingsError, match=f"the fault no longer applies: .*{words}"):
        patch.apply(nginx)


def test_lists_are_replaced_and_mappings_merged():
    assert merged({"a": [1], "b": {"c": 1, "d": 2}}, {"a": [2], "b": {"d": None}}) == {
        "a": [2],
        "b": {"c": 1},
    }


def test_a_copy_holds_what_its_author_sees_and_no_secrets(tmp_path):
    tree = copied(ROOT, tmp_path / "tree")
    assert (tree / "acceptance" / "harness" / "wait.py").read_bytes() == (
        ROOT / "acceptance/harness/wait.py"
    ).read_bytes()
    assert not [
        name for name in (".git", ".venv", ".tox", "reports", "stack/secrets") if (tree / name).exists()
    ]


def test_a_tree_without_git_is_copied_too(nginx, tmp_path_factory):
    (nginx / ".venv").mkdir()
    tree = copied(nginx, tmp_path_factory.mktemp("copy") / "tree")
    assert sorted(path.name for path in tree.iterdir()) == ["nginx.conf", "stack"]


def test_each_check_has_a_fault_and_a_dozen_changes_may_be_complained_of_by_nobody():
    """What `make faults` judges is small enough for a nightly run, and still proves every check (issue 4)."""
    known = {check.id for check in read_lock(ROOT / "acceptance" / "checks.lock")}
    faults = load_all(FOLDER)
    assert sorted(known - {fault.kills for fault in faults}) == []
    assert sum(fault.benign for fault in faults) >= 12


def test_a_further_fault_is_found_by_its_name_and_has_one_of_its_own():
    (found,) = load_all(FOLDER, ["side-door-open"])
    assert found.path.parent == FURTHER
    assert sorted({path.name for path in FOLDER.glob("*.yaml")} & {path.name for path in FURTHER.glob("*.yaml")}) == []


def test_our_faults_are_good_and_apply_to_the_tree_as_it_is(tmp_path):
    faults = [*load_all(FOLDER), *load_all(FURTHER)]
    known = {check.id for check in read_lock(ROOT / "acceptance" / "checks.lock")}
    assert [fault.id for fault in faults if fault.kills and fault.kills not in known] == []
    assert told_by_checks(faults, ROOT / "acceptance") == []
    for fault in faults:
        fault.patch.apply(copied(ROOT, tmp_path / fault.id))
