"""What a check needs is told by the fixtures that it uses; what a service that runs is not asked for is told with its reason."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from acceptance.checks_lock import LOCK
from acceptance.harness.accounts import GivenAccounts, Person
from acceptance.harness.report.check import Check, read_lock
from acceptance.harness.target import Target
from acceptance.needs import MADE, needs_of, why_not, why_not_of_target

pytest_plugins = "pytester"

ROOT = Path(__file__).parents[2]
PEOPLE = tuple(Person(name, "a secret") for name in ("ann", "bob"))
FORM = GivenAccounts("form", PEOPLE, Person("root", "a secret"))
# What is asked without any Docker access. Whoever adds a check that belongs here adds it here.
OUTSIDE = """browser-journey edge-headers edge-idle edge-redirect edge-stream edge-unknown edge-upload edge-websocket
    files-roundtrip kernel-big kernel-error kernel-interrupt kernel-runs login-admin login-cookies login-logout login-next
    login-ok login-refused login-sign-up login-sign-up-names login-token login-xsrf spawn-progress terminal tls-grade
    user-user-http"""
# And with Docker access, besides those. None changes or floods what somebody else deployed.
BY_DOCKER = """access-log edge-client-ip edge-hub image-version limits-hold not-root notebook-docker read-only restart-files
    spawn-many spawn-one spawn-options stop-clean user-user-network"""


def target(accounts=FORM, plain_url="http://hub.example", disruptive=False, **environment):
    """The settings of a run that judges a service that runs."""
    judged = Target("https://hub.example", plain_url, Path("ca.pem"), accounts, disruptive)
    return SimpleNamespace(target=judged, environment=environment, users=5)


def check(*needs, cls="c"):
    """A check with these needs."""
    return Check("x", "core", cls, needs, "X.")


def test_needs_are_those_of_the_fixtures_and_those_that_are_said():
    assert needs_of(["alice", "site", "stack", "engine", "admin"], ("form", "docker")) == ("admin", "docker", "form")
    assert needs_of(["alice", "site"], ()) == ()


def test_readme_tells_how_many_checks_a_target_is_asked_for():
    core = [each for each in read_lock(LOCK) if each.is_in("core")]
    of_docker = [each for each in core if "docker" in each.needs]
    asked = [each for each in core if not why_not_of_target(each, [], target())]
    told = f"profile core, {len(asked)} checks\n   not asked ({len(of_docker)}): it looks at or changes the swarm"
    assert told in (ROOT / "README.rst").read_text(encoding="utf-8")


def test_the_checks_of_a_stack_that_somebody_else_deployed_are_these():
    docker = {each.id for each in read_lock(LOCK) if "docker" in each.needs and each.cls != "d"}
    asked = {each.id for each in read_lock(LOCK) if not why_not_of_target(each, [], target(DOCKER_HOST="tcp://manager:2376"))}
    assert docker & asked == set(BY_DOCKER.split())


def test_the_checks_that_need_no_docker_are_these():
    assert {each.id for each in read_lock(LOCK) if "docker" not in each.needs} == set(OUTSIDE.split())


@pytest.mark.parametrize(("asked", "of", "why"), [
    (check(), target(), ""),
    (check("form", "pages", "plain-http", "admin"), target(), ""),
    (check("docker"), target(), "there is no Docker access"),
    (check("docker"), target(DOCKER_HOST=""), "there is no Docker access"),
    (check("docker"), target(DOCKER_HOST="tcp://manager:2376"), ""),
    (check("docker"), target(DOCKER_CONTEXT="swarm"), ""),
    (check("deploy", "docker"), target(DOCKER_CONTEXT="swarm"), "it takes a stack that the run has deployed itself"),
    (check(cls="d"), target(), "nobody said DISRUPTIVE=1"),
    (check(cls="d"), target(disruptive=True), ""),
    (check("docker", cls="d"), target(disruptive=True), "there is no Docker access"),
    (check("sign-up"), target(), "people who sign up for it would stay"),
    (check("admin"), target(GivenAccounts("form", PEOPLE)), "the accounts name none"),
    (check("form"), target(GivenAccounts("header", PEOPLE, header="X")), "people come in by header"),
    (check("pages"), target(GivenAccounts("header", PEOPLE, header="X")), ""),
    (check("login-page"), target(GivenAccounts("oauth", PEOPLE)), ""),
    (check("login-page"), target(GivenAccounts("header", PEOPLE, header="X")), "it begins at the hub's login page"),
    (check("pages"), target(GivenAccounts("token", PEOPLE)), "which no token does"),
    (check("plain-http"), target(plain_url=""), "nobody said where plain http is answered"),
])
def test_what_a_target_is_not_asked_has_a_reason(asked, of, why):
    found = why_not_of_target(asked, ["alice"], of)
    assert why in found and bool(why) is bool(found)


@pytest.mark.parametrize(("image", "why"), [("hub:5", ""), (None, "PREVIOUS_HUB_IMAGE names none to upgrade from")])
def test_an_upgrade_is_judged_where_there_is_something_to_upgrade_from(image, why):
    settings = SimpleNamespace(target=None, previous_hub_image=image, environment={})
    assert why_not(check("docker", "previous"), ["alice"], settings) == why
    assert why_not(check("docker"), ["alice"], settings) == ""


@pytest.mark.parametrize(("overlays", "asked", "fixtures", "why"), [
    ("stack/proxy.yml stack/ldap.yml", check("form"), ["alice"], ""),
    ("stack/proxy.yml stack/ldap.yml", check("form"), ["newcomer"], "people whom nobody knows where they come in by ldap"),
    ("stack/proxy.yml stack/ldap.yml", check(), ["wreck"], "it removes the stack, and with it the directory"),
    ("stack/oauth.yml", check(), ["wreck"], ""),
    ("stack/proxy.yml stack/oauth.yml", check("form"), [], "people come in by oauth"),
    ("stack/oauth.yml", check("login-page"), ["alice"], ""),
    ("stack/header.yml", check("login-page"), ["alice"], "people come in by header"),
    ("stack/header.yml", check(), ["peculiar_users"], "it takes people whom nobody knows where they come in by header"),
])
def test_what_a_way_in_of_the_run_s_own_cannot_do_is_not_asked(overlays, asked, fixtures, why):
    found = why_not(asked, fixtures, SimpleNamespace(target=None, previous_hub_image=None, environment={"OVERLAYS": overlays}))
    assert why in found and bool(why) is bool(found)


@pytest.mark.parametrize(("given", "asked"), [
    ({}, True), ({"SIGN_UP": "1"}, True), ({"SIGN_UP": "0"}, False), ({"AUTHENTICATOR_CLASS": ""}, True),
    ({"AUTHENTICATOR_CLASS": "sign_up.SignUpAuthenticator"}, True),
    ({"AUTHENTICATOR_CLASS": "users_file.UsersFileAuthenticator"}, False),
])
def test_sign_up_is_judged_where_the_settings_offer_it(given, asked):
    settings = SimpleNamespace(target=None, previous_hub_image=None, environment=given)
    why = "" if asked else "SIGN_UP and AUTHENTICATOR_CLASS let nobody sign up"
    assert why_not(check("sign-up"), ["newcomer"], settings) == why
    assert why_not(check(), ["alice"], settings) == ""


@pytest.mark.parametrize(("fixtures", "accounts", "why"), [
    (["alice", "bob"], FORM, ""),
    (["erin", "residents"], FORM, ""),
    (["alice", "bob", "carol"], FORM, "it takes 3 users, and the accounts have 2"),
    (["alice", "bob", "carol"], GivenAccounts("token", (), token="a secret"), ""),
    (["users"], FORM, "it takes 5 users, and the accounts have 2"),
])
def test_a_check_of_more_users_than_there_are_is_not_asked(fixtures, accounts, why):
    assert MADE == 3
    assert why_not_of_target(check(), fixtures, target(accounts)) == why


@pytest.fixture
def accounts(tmp_path, monkeypatch):
    """The option for a file of two users."""
    monkeypatch.setenv("ANN", "the secret of ann")
    (tmp_path / "accounts.yaml").write_text("users: [{name: ann, password_env: ANN}, {name: bob, password_env: ANN}]\n")
    return f"--accounts={tmp_path}/accounts.yaml"


def test_a_target_is_judged_by_what_can_be_asked_and_the_rest_is_told(tree, accounts):
    tree.fixture("@pytest.fixture\ndef engine():\n    raise EngineError('asked')")
    tree.check("login-ok", profile="core")
    tree.check("hub-killed", profile="core", cls="d", uses="engine")
    tree.check("disturbed", profile="core", cls="d")
    tree.check("not-of-core", profile="full", uses="engine")
    judged = tree.judge("--target=https://hub.example", accounts)
    assert (judged.code, judged.outcomes) == (0, {"login-ok": "PASS"})
    assert judged.results["not_asked"] == [
        {"id": "disturbed", "why": "it disturbs the service, and nobody said DISRUPTIVE=1"},
        {"id": "hub-killed", "why": "it looks at or changes the swarm, and there is no Docker access"}]
    assert "not asked (1): it looks at or changes the swarm, and there is no Docker access: hub-killed" in judged.lines
    assert "that can be judged from outside (2 cannot) were kept" in judged.text("index.html")
    again = tree.judge("--target=https://hub.example", accounts, "--disruptive=1")
    assert (again.code, again.outcomes) == (0, {"login-ok": "PASS", "disturbed": "PASS"})


def test_no_secret_of_the_accounts_is_kept(tree, accounts):
    tree.check("login-ok", "import os\nassert os.environ['ANN'] == ''")
    judged = tree.judge("--target=https://hub.example", accounts)
    assert (judged.code, "the secret of ann" in judged.text("results.json") + "\n".join(judged.lines)) == (1, False)


def test_nothing_that_can_be_asked_is_no_success(tree, accounts):
    tree.fixture("@pytest.fixture\ndef engine():\n    pass")
    tree.check("hub-killed", uses="engine")
    assert tree.judge("--target=https://hub.example", accounts).code == 12


def test_a_dead_service_is_judged_without_an_engine_and_fails(accounts, tmp_path):
    """The real checks and fixtures, in a process that has no docker and meets nobody at the address."""
    command = [sys.executable, "-m", "pytest", "acceptance", "--target=https://127.0.0.1:9", accounts, "--profile=smoke",
               f"--reports={tmp_path}/reports"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={"ANN": "the secret of ann", "PATH": "/nowhere"})
    outcomes = {line.split()[1]: line.split()[0] for line in done.stdout.splitlines() if line[:5] in ("FAIL ", "ERROR", "PASS ")}
    assert done.returncode == 1, done.stdout
    assert {"login-ok": "FAIL", "login-refused": "FAIL"}.items() <= outcomes.items()
    assert "PASS" not in outcomes.values() and "hub-killed" not in outcomes
    assert "nothing listens there" in done.stdout
