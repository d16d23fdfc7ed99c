"""The cause of a failed run: the rules on small evidence, how the likeliest is chosen, and where it is told."""

import json

import pytest
import yaml

from acceptance.checks_lock import LOCK
from acceptance.faults.fault import FOLDER
from acceptance.harness.diagnosis.case import Case, flattened
from acceptance.harness.diagnosis.diagnosis import diagnosis_of, the_likeliest
from acceptance.harness.diagnosis.rule import load_all
from acceptance.harness.errors import SettingsError
from acceptance.harness.report.check import read_lock

pytest_plugins = "pytester"

HUB, NGINX, NOTEBOOK = "log-s_hub.1.x.txt", "log-s_nginx.1.x.txt", "log-s-ann-abc.1.x.txt"
REJECTED = "s_hub  rejected (wanted: running)  2026-01-01T00:00:00  No such image: hub:9\n"
SOUND = "s_hub  running (wanted: running)  2026-01-01T00:00:00  \n"
SPEC = {"Name": "s_hub", "Labels": {"com.docker.stack.namespace": "s"}, "TaskTemplate": {"Env": ["A=1"], "ReadOnly": True}}
CROSS = "Blocking Cross Origin WebSocket Attempt.  Origin:"
COOKIE = "sets Cookie(name='%s', path='/hub/'"
UNSAFE = f"{COOKIE % 'jupyterhub-hub-login'}, secure=False, http_only=True"
UNREACHED = "Failed to connect to Hub API at 'http://0a1b2c3d4e5f:8081/hub/api'."


@pytest.fixture
def diagnosed(tmp_path):
    """diagnosed(check, reason, {file: text}): the diagnosis of a run with that one failure."""

    def diagnose(check, reason="", files=None, outcome="FAIL", dead=""):
        for name, text in {f"evidence/{check}/{name}": text for name, text in (files or {}).items()}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        entry = {"id": check, "outcome": outcome, "reason": reason, "evidence": f"evidence/{check}"}
        return diagnosis_of(tmp_path, [entry], dead)

    return diagnose


@pytest.mark.parametrize(
    ("check", "reason", "files", "words"),
    [
        ("edge-websocket", 'websocket wss://x was answered 400 and not upgraded; it says: Can "Upgrade" only to "WebSocket".',
         {}, "nginx drops Upgrade: 400 on websocket"),
        ("hub-replaced", "assert 500 == 200", {NOTEBOOK: UNREACHED}, "hub_connect_ip is a container name, 0a1b2c3d4e5f"),
        ("edge-hub", "no way in", {"tasks.txt": REJECTED}, "hub task rejected: No such image: hub:9"),
        ("edge-upload", "413", {NGINX: "client intended to send too large body: 104857600 bytes"}, "client_max_body_size"),
        ("aged-culled", "", {HUB: "idle-culler --max-age=1200", "services.json": json.dumps([{"Spec": {
            **SPEC, "TaskTemplate": {"Env": ["CULL_MAX_AGE=20"]}}}])}, "--max-age=1200 and CULL_MAX_AGE is 20"),
        ("edge-websocket", "wss://a.example:18443/x was answered 403", {
            NOTEBOOK: f"{CROSS} https://a.example:18443, Host: a.example"},
         "another Host than the browser's (a.example and not a.example:18443"),
        ("edge-websocket", "wss://a.example:18443/x was answered 403", {
            NOTEBOOK: f"{CROSS} https://b.example, Host: a.example:18443"}, "Origin by one of its own, b.example"),
        ("login-cookies", "", {"http.txt": f"{UNSAFE}\n{COOKIE % 'jupyterhub-user-ann'}, secure=True, http_only=True"},
         "is not told that browsers come by https"),
        ("login-cookies", "", {"http.txt": f"{UNSAFE}\n{COOKIE % 'jupyterhub-user-ann'}, secure=False, http_only=True"},
         "were told to be set without Secure"),
        ("edge-hub", "assert 503 == 200", {"services.json": json.dumps([{"Spec": {
            **SPEC, "Mode": {"Replicated": {"Replicas": 0}}}}])}, "hub is scaled to nothing: 0 replicas"),
        ("restore-drill", "make backup did not end as it promises: no last word: in demux\nValueError: 0 is no stream\nmake: ***",
         {}, "make backup failed by a mistake of its own: ValueError: 0 is no stream"),
    ],
)  # fmt: skip
def test_a_cause_is_named_with_the_values_seen(diagnosed, check, reason, files, words):
    found = diagnosed(check, reason, files)
    assert (words in found.cause, found.confidence) == (True, "sure")
    assert found.evidence


@pytest.mark.parametrize(
    ("check", "reason", "files"),
    [
        ("edge-hub", "assert 1 == 2", {"tasks.txt": SOUND, HUB: "all is well", NGINX: "all is well"}),
        ("spawn-fails", "assert 5.2 < 5", {HUB: "No such image: s: no suitable node", "tasks.txt": SOUND}),
        ("hub-upgrades", "assert {} == 1", {NOTEBOOK: "Remembered logins linked"}),
        ("aged-culled", "", {HUB: "--max-age=20", "services.json": json.dumps([{"Spec": {
            **SPEC, "TaskTemplate": {"Env": ["CULL_MAX_AGE=20"]}}}])}),
    ],
)  # fmt: skip
def test_no_cause_is_better_than_a_guess(diagnosed, check, reason, files):
    assert diagnosed(check, reason, files).cause is None


def test_what_passed_has_no_cause(diagnosed):
    assert diagnosed("edge-hub", "", {"tasks.txt": REJECTED}, outcome="PASS").told() == {
        "cause": None, "confidence": None, "evidence": []}  # fmt: skip


def test_a_stack_that_never_came_up_is_looked_into(diagnosed, tmp_path):
    (tmp_path / "evidence" / "run").mkdir(parents=True)
    (tmp_path / "evidence" / "run" / "tasks.txt").write_text(REJECTED)
    assert diagnosis_of(tmp_path, [], dead="never converged").cause.startswith("hub task rejected")
    assert diagnosed("edge-hub", "setup: no stack", {}, "ERROR").cause.startswith("hub task rejected")


def test_the_surest_wins_then_what_explains_most_then_the_first(tmp_path):
    rules_file = tmp_path / "rules"
    rules_file.mkdir()
    told = [("one", "likely", "a"), ("two", "sure", "b"), ("three", "sure", "c"), ("four", "sure", "c")]
    rules = [{"cause": cause, "confidence": sure, "seen": [{"reason": for_}]} for cause, sure, for_ in told]
    (rules_file / "x.yaml").write_text(yaml.safe_dump(rules))
    loaded = load_all(rules_file)
    cases = [Case(tmp_path, name, reason, None) for name, reason in (("x", "a b c"), ("y", "a c"), ("z", "a"))]
    assert the_likeliest(cases, loaded).cause == "three"
    assert the_likeliest(cases[:1], loaded).cause == "two"
    assert the_likeliest(cases[2:], loaded).confidence == "likely"


def test_a_tie_links_what_failed_to_what_is_to_blame(tmp_path):
    rule = {"cause": "{one} ends", "confidence": "sure",
            "seen": [{"reason": "(?P<one>hub|nginx) ended"}, {"reason": "(?P=one) has policy none"}]}
    (tmp_path / "x.yaml").write_text(yaml.safe_dump([rule]))
    (loaded,) = load_all(tmp_path)
    assert loaded.found_in(Case(tmp_path, "x", "hub ended; hub has policy none", None)).cause == "hub ends"
    assert loaded.found_in(Case(tmp_path, "x", "hub ended; nginx has policy none", None)) is None


def test_a_value_that_was_found_ties_the_next_piece_of_evidence(tmp_path):
    rule = {"cause": "{name}={value} fails", "confidence": "likely", "seen": [
        {"reason": r"Env = (?P<name>[A-Z]+)=(?P<value>\S+)"}, {"reason": r"denied: (?P=value)$"}]}
    (tmp_path / "x.yaml").write_text(yaml.safe_dump([rule]))
    (loaded,) = load_all(tmp_path)
    assert loaded.found_in(Case(tmp_path, "x", "Env = HOME=/a.b\ndenied: /a.b", None)).cause == "HOME=/a.b fails"
    assert loaded.found_in(Case(tmp_path, "x", "Env = HOME=/a.b\ndenied: /acb", None)) is None, "a value is no pattern"


@pytest.mark.parametrize(
    "rule",
    [
        {"cause": "x", "confidence": "sure", "seen": [{"reason": "(?P=value) before (?P<other>it)"}]},
        {"cause": "x {value}", "confidence": "sure", "seen": [{"reason": "a"}]},
        {"cause": "x", "confidence": "certain", "seen": [{"reason": "a"}]},
        {"cause": "x", "confidence": "sure", "seen": []},
        {"cause": "x", "confidence": "sure", "seen": [{"fault": "a"}]},
        {"cause": "x", "confidence": "sure", "seen": [{"reason": "("}]},
        {"cause": "x", "confidence": "sure", "seen": [{"reason": "a"}], "kills": "x"},
    ],
)
def test_a_rule_that_cannot_be_right_is_refused(tmp_path, rule):
    (tmp_path / "x.yaml").write_text(yaml.safe_dump([rule]))
    with pytest.raises(SettingsError, match="rule 1"):
        load_all(tmp_path)


def test_specs_become_lines():
    lines = flattened(json.dumps([{"Spec": SPEC}, {"Spec": {"Name": "s-ann-abc", "Labels": {}}}])).splitlines()
    assert {"hub TaskTemplate.Env = A=1", "hub TaskTemplate.ReadOnly = True"} <= {*lines}
    assert "notebook:s-ann-abc Name = s-ann-abc" in lines
    assert flattened("half of {") == ""


def test_rules_ask_checks_that_there_are():
    known = {check.id for check in read_lock(LOCK)}
    assert sorted({name for rule in load_all() for name in rule.checks} - known) == []


def test_no_rule_knows_the_faults():
    """Sentences tell of stacks; a rule that names a fault would have read the answer."""
    names = [path.stem for path in FOLDER.rglob("*.yaml")]
    assert [rule.cause for rule in load_all() if any(name in rule.cause for name in names)] == []


def test_the_report_the_terminal_and_results_tell_the_cause(tree):
    tree.check("edge-closed", "raise StackError(\"{'/hub/metrics': 200} == {}\")")
    judged = tree.judge()
    cause = judged.results["diagnosis"]["cause"]
    assert cause == "the hub's metrics are open to anybody: /hub/metrics answers 200 without a login"
    assert judged.results["diagnosis"]["confidence"] == "sure"
    assert f"sure cause: {cause}" in judged.lines and judged.last.startswith("verdict=FAIL")
    before = judged.text("index.html").partition("What was judged")[0]
    assert "/hub/metrics answers 200 without a login" in before


def test_a_run_that_passed_tells_no_cause(tree):
    tree.check("edge-closed")
    judged = tree.judge()
    assert judged.results["diagnosis"]["cause"] is None
    assert not any("cause" in line for line in judged.lines)
