"""The files of a report: the same truth for machines and people, whole or not at all."""

import json
import re
import xml.etree.ElementTree

import pytest

from acceptance.harness.report.results import spawn_of

pytest_plugins = "pytester"

KEYS = [
    "schema",
    "run",
    "verdict",
    "exit",
    "exits",
    "profile",
    "target",
    "engine",
    "client",
    "images",
    "versions",
]
KEYS += ["checks", "not_asked", "phases", "timeline", "spawn", "requests", "leftovers", "diagnosis"]
KEYS += ["started", "waivers", "narrowed", "met"]


def test_results_json_has_the_keys_of_the_interface(tree):
    tree.check("login-ok")
    results = tree.judge().results
    assert list(results) == KEYS
    assert list(results["checks"][0]) == ["id", "node", "cls", "outcome", "seconds", "reason", "evidence", "waived"]
    assert {name: list(image) for name, image in results["images"].items()} == dict.fromkeys(
        ("hub", "notebook", "nginx"), ["ref", "id", "digest", "revision"]
    )
    assert (results["schema"], list(results["diagnosis"])) == (1, ["cause", "confidence", "evidence"])


def test_fixtures_tell_what_was_judged(tree):
    tree.fixture(
        "from acceptance.harness.report.run import Image\n"
        "from acceptance.harness.stopwatch import Span\n"
        "@pytest.fixture\ndef stack(run):\n"
        "    run.facts.engine = '20.10.24'\n"
        "    run.facts.images['hub'] = Image('hub:1', id='sha256:1')\n"
        "    run.spawns.extend(Span('ann', run.started, seconds) for seconds in (1.0, 3.0))\n"
        "    run.requests_sent, run.requests_failed = 1, 1\n"
        "    run.counted['hub-upgrades'] = {'sent': 1, 'failed': 0}\n"
        "    with run.phase('deploy'):\n        pass"
    )
    tree.check("login-ok", uses="stack")
    results = tree.judge().results
    assert (results["engine"], results["images"]["hub"]["id"]) == ("20.10.24", "sha256:1")
    assert (results["spawn"], results["requests"]) == (
        {"n": 2, "p50": 1.0, "p95": 3.0},
        {"sent": 1, "failed": 1, "counted": {"hub-upgrades": {"sent": 1, "failed": 0}}},
    )
    assert list(results["phases"]) == ["deploy"]


def test_percentiles_are_times_that_somebody_waited():
    assert spawn_of([5.0, 1.0, 2.0, 3.0, 4.0]) == {"n": 5, "p50": 3.0, "p95": 5.0}
    assert spawn_of([]) == {"n": 0, "p50": None, "p95": None}


def test_junit_carries_ids_and_the_same_outcomes(tree):
    for name, body in (
        ("a", "pass"),
        ("b", "assert 0, '\\x00'"),
        ("c", "1/0"),
        ("d", "raise Absent('docker', 'asked')"),
    ):
        tree.check(name, body, needs=("docker",))
    root = xml.etree.ElementTree.fromstring(tree.judge().text("junit.xml"))
    cases = {
        case.find("properties/property[@name='id']").get("value"): case for case in root.iter("testcase")
    }
    found = {name: [each.tag for each in case if each.tag != "properties"] for name, case in cases.items()}
    assert found == {"a": [], "b": ["failure"], "c": ["error"], "d": ["skipped"]}
    counts = [root.find("testsuite").get(key) for key in ("tests", "failures", "errors", "skipped")]
    assert counts == ["4", "1", "1", "1"]


def test_the_page_stands_alone_and_escapes_what_it_quotes(tree):
    tree.check("login-ok", "assert '<script>alert(1)</script>' == ''")
    page = tree.judge().text("index.html")
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r"<script|<link|@import|(src|href)=.?(https?:|//)|url\(", page)
    assert {"results.json", "junit.xml", "evidence/login-ok/traceback-call.txt"} <= set(
        re.findall(r'href="([^"#]+)"', page)
    )


def test_the_page_shows_a_screenshot_as_data(tree):
    tree.fixture(
        "@pytest.fixture\ndef stack(run):\n"
        "    run.collectors.append(lambda folder, since: (folder / 'page.png').write_bytes(b'\\x89PNG'))"
    )
    tree.check("login-ok", "assert 0", uses="stack")
    assert '<img src="data:image/png;base64,iVBORw=="' in tree.judge().text("index.html")


def test_the_page_of_refused_settings_tells_why(tree):
    page = tree.judge("--users=none").text("index.html")
    assert "USERS=none" in page


def test_latest_is_the_last_run(tree):
    tree.check("login-ok")
    first, second = tree.judge(), tree.judge()
    assert (tree.path / "reports" / "latest").readlink().name == second.results["run"]
    assert len(list(first.reports.iterdir())) == 3


@pytest.mark.parametrize(
    ("body", "line"), [("pass", r"PASS +login-ok +0\.0 s"), ("assert 0, 'no'", r"FAIL +login-ok +0\.0 s +no")]
)
def test_each_check_is_one_line(tree, body, line):
    tree.check("login-ok", body)
    assert [each for each in tree.judge().lines if re.match(line, each)]


def test_a_step_is_one_line_where_no_terminal_is(tree):
    tree.fixture("@pytest.fixture\ndef stack(run):\n    with run.phase('deploy'):\n        yield")
    tree.check("login-ok", uses="stack")
    assert any(re.fullmatch(r"phase deploy … 0\.\d s", line) for line in tree.judge(subprocess=True).lines)


def test_an_upgrade_is_certified_with_the_image_that_it_was_from(tree):
    tree.fixture(
        "from acceptance.harness.report.run import Image\n"
        "@pytest.fixture\ndef previous(run):\n"
        "    yield\n"
        "    run.facts.images['previous'] = Image('hub:5', id='sha256:5')\n"
    )
    tree.check("upgrade", profile="image", uses="previous", needs=("previous",))
    judged = tree.judge("--profile=image", "--previous-hub-image=hub:5")
    certificate = json.loads(judged.text("certificate.json"))
    assert [*certificate["images"]] == ["hub", "notebook", "nginx", "previous"]
    assert judged.results["images"]["previous"]["id"] == "sha256:5"
    assert certificate["images"]["previous"] == {"ref": "hub:5", "id": "sha256:5", "digest": ""}
