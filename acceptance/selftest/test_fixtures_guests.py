"""Accounts of a service that runs: taken only where they are free, left as they were, and those that were made are gone."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from acceptance.fixtures.accounts import Account
from acceptance.fixtures.guests import NOTE, TIDY, Guests, Leaving, made
from acceptance.harness.errors import SettingsError, StackError
from acceptance.harness.report.redactor import Redactor
from acceptance.harness.site import Visitor
from acceptance.harness.site.token import Token
from acceptance.selftest.paper_hub import PaperHub

TOKENS = "/hub/api/users/ann/tokens"
STOP = "DELETE /hub/api/users/ann/server"
OURS = {"id": "a2", "note": f"{NOTE}r-1", "created": "2026-01-02T00:00:00Z"}


@pytest.fixture
def hub(monkeypatch):
    with PaperHub() as hub:
        monkeypatch.setattr(Visitor, "channel", hub.channel)
        hub.say(f"POST {TOKENS}", 201, json.dumps({"id": "a2", "token": "the token"}), "application/json")
        hub.say("GET /user/ann/api/status", 200, '{"started": "2026-01-02T00:00:00.1Z"}', "application/json")
        claimed_by(hub, OURS)
        hub.say(f"DELETE {TOKENS}/a2", 204, "")
        yield hub


@pytest.fixture
def run():
    said = []
    return SimpleNamespace(settings=SimpleNamespace(run="r-1"), leftovers=[], said=said, say=said.append, secrets=Redactor())


@pytest.fixture
def guests(hub, run):
    return Guests(run, hub.site(), [Account("ann", "ann's own"), Account("bob", "forgotten")], None)


def claimed_by(hub, *tokens):
    """What the hub tells of ann's tokens."""
    hub.say(f"GET {TOKENS}", 200, json.dumps({"api_tokens": tokens}), "application/json")


def test_an_account_in_use_is_refused_and_its_server_runs_on(hub, guests):
    hub.server = "ready"
    with pytest.raises(SettingsError, match="ann's server runs already: somebody, or another run, is using this account"):
        guests.arrive()
    assert (hub.server, STOP in hub.lines) == ("ready", False)


def test_an_account_that_another_run_has_taken_is_refused_and_not_kept_from_it(hub, guests):
    claimed_by(hub, {"id": "a1", "note": f"{NOTE}r-0", "created": "2026-01-01T00:00:00Z"}, OURS)
    with pytest.raises(SettingsError, match="ann is used by nbi acceptance run r-0 since 2026-01-01"):
        guests.arrive()
    assert hub.lines[-1] == f"DELETE {TOKENS}/a2"
    assert STOP not in hub.lines


def test_who_comes_later_has_to_wait_and_other_tokens_are_nobody_s_claim(hub, guests):
    later = {"id": "a3", "note": f"{NOTE}r-2", "created": "2026-01-03T00:00:00Z"}
    claimed_by(hub, {"id": "a0", "note": None, "created": "2025-01-01T00:00:00Z"}, OURS, later)
    guests.arrive()
    assert guests.held.keys() == {"ann"}


def test_who_left_has_no_server_and_the_next_check_gets_the_same_account(hub, guests):
    guests.arrive()
    assert guests.take().name == "ann"
    hub.server = "ready"
    Leaving(guests).begin([])
    assert (hub.server, hub.lines.count(STOP), guests.take().name) == ("", 1, "ann")


def test_the_token_by_which_the_run_made_somebody_come_in_is_no_claim_against_it(hub, guests):
    claimed_by(hub, {"id": "a1", "note": f"{NOTE}r-1", "created": "2026-01-01T00:00:00Z"}, OURS)
    guests.arrive()
    assert guests.held.keys() == {"ann"}


def test_a_start_that_goes_on_is_broken_off(hub, guests):
    guests.arrive()
    hub.server = "spawn"
    guests.leave(guests.users[0])
    assert (hub.server, hub.lines.count(STOP)) == ("", 1)


def test_who_could_not_come_in_is_told_and_left_alone(hub, guests, run):
    guests.arrive()
    asked = len(hub.lines)
    guests.leave(guests.users[1])
    assert (len(hub.lines), guests.free) == (asked, {"ann"})
    assert "nobody knows whether another run uses bob" in run.said[0]


def test_without_a_claim_a_server_is_stopped_all_the_same(hub, guests, run):
    hub.say(f"POST {TOKENS}", 403, "no tokens here")
    guests.arrive()
    hub.server = "ready"
    guests.depart()
    assert (hub.server, run.leftovers) == ("", [])


def test_at_the_end_the_claim_is_taken_back(hub, guests, run):
    guests.arrive()
    guests.depart()
    assert (hub.lines[-1], run.leftovers) == (f"DELETE {TOKENS}/a2", [])


def test_a_server_that_cannot_be_stopped_is_left_behind(hub, guests, run):
    guests.arrive()
    hub.server = "ready"
    hub.say(STOP, 500, "will not")
    guests.depart()
    (left,) = run.leftovers
    assert left.startswith("perhaps the server of ann: ") and "will not" in left


def test_files_that_cannot_be_cleared_away_are_told_and_the_server_is_stopped(hub, guests, run):
    guests.arrive()
    hub.server = "ready"
    hub.say("POST /user/ann/api/kernels", 500, "no kernel")
    guests.leave(guests.users[0])
    assert (hub.server, "files of checks may stay with ann" in run.said[-1]) == ("", True)


@pytest.mark.parametrize(("began", "kept"), [
    (timedelta(hours=-1), {".hidden", "folder"}),
    (timedelta(hours=1), {".hidden", "folder", "of a check"}),
])
def test_only_files_that_are_newer_than_the_server_are_cleared_away(tmp_path, monkeypatch, began, kept):
    (tmp_path / "folder").mkdir()
    (tmp_path / ".hidden").touch()
    (tmp_path / "of a check").touch()
    monkeypatch.chdir(tmp_path)
    exec(TIDY.format(started=(datetime.now(UTC) + began).isoformat().replace("+00:00", "Z")), {})
    assert {path.name for path in tmp_path.iterdir()} == kept


@pytest.fixture
def maker(hub):
    """Who may make users."""
    names = [f"nbi-r-1-{number}" for number in (1, 2, 3)]
    hub.say("POST /hub/api/users", 201, "[]", "application/json")
    for name in names:
        hub.say(f"POST /hub/api/users/{name}/tokens", 201, json.dumps({"token": f"token of {name}"}), "application/json")
        hub.say(f"DELETE /hub/api/users/{name}", 204, "")
    return hub.site().visitor(token=Token("", "of an admin"))


def test_users_that_were_made_are_gone_also_after_a_failure(hub, run, maker):
    with pytest.raises(StackError, match="broken"), made(run, maker) as people:
        raise StackError("broken")
    assert [one.name for one in people] == ["nbi-r-1-1", "nbi-r-1-2", "nbi-r-1-3"]
    assert hub.lines[-3:] == [f"DELETE /hub/api/users/{one.name}" for one in people]
    assert run.secrets.text(people[0].password) == "[redacted]"
    assert run.leftovers == []


def test_users_that_would_not_go_are_left_behind(hub, run, maker):
    hub.say("DELETE /hub/api/users/nbi-r-1-2", 403, "not yours")
    with made(run, maker):
        pass
    (left,) = run.leftovers
    assert left.startswith("user nbi-r-1-2: ") and "not yours" in left


def test_who_may_make_no_users_leaves_none(hub, run, maker):
    hub.say("POST /hub/api/users", 403, "not for you")
    with pytest.raises(StackError, match="not for you"), made(run, maker):
        pass
    assert [line for line in hub.lines if line.startswith("DELETE")] == []
