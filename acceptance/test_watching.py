"""What an operator learns of the running service: from nginx's log, the hub's metrics, and the doctor."""

import re
import secrets

import pytest

from acceptance.harness.stopwatch import Stopwatch
from acceptance.harness.together import together

CLOSED = (403, 404)
# What the doctor says of the stack itself; the rest is about machines, which a run does not answer for.
OF_THE_STACK = {"services", "ports", "subnet", "images", "certificates", "secrets", "orphans"}


@pytest.mark.check("access-log", profile="full", cls="r")
def test_each_request_is_one_line_that_betrays_nobody(site, access_log):
    """An operator counts errors and slow answers with any log tool, and no token that stood in an address is in the log."""
    nonce, token = secrets.token_hex(8), secrets.token_hex(16)
    visitor, odd = site.visitor(), {"User-Agent": 'quotes " and \\ backslashes', "Referer": f"https://x.example/#{token}"}
    paths = ["/hub/api", f"/hub/{nonce}/a%20b", f"/{nonce}", f"/user/nobody/{nonce}"]

    asked = [visitor.get(f"{path}?{nonce}&token={token}", headers=odd) for path in paths]
    asked.append(site.visitor(plain=True).get(f"/{nonce}/plain?token={token}"))
    lines = access_log.wait_for(nonce, len(asked) - 1)

    answers = zip([*paths[1:], f"/{nonce}/plain"], asked[1:], strict=True)
    assert sorted((line["path"], line["status"]) for line in lines) == sorted((path, one.status) for path, one in answers)
    assert [line for line in lines if not (0 <= line["seconds"] < 60 and line["bytes"] >= 0 and line["time"])] == []
    assert [line["agent"] for line in lines].count(odd["User-Agent"]) == len(paths) - 1
    assert access_log.held({"a visitor's token": token.encode()}) == []


@pytest.mark.check("status-told", profile="full", cls="c")
def test_status_tells_what_runs_and_for_whom(users, stack, status, measured):
    """An operator reads in a moment whether all runs, since when, by which image, and how many servers people have."""
    together(lambda user: user.sign_in(), users)
    together(lambda user: user.start_server(), users)
    with Stopwatch() as watch:
        said = status()
    measured(f"make status with {len(users)} servers", watch.seconds)

    assert re.findall(r"(\S+): running since \S+ \S+ UTC, healthy, image \S+:", said) == [each.name for each in stack.services()]
    assert [int(number) >= len(users) for number in re.findall(r"users' servers: (\d+) running \(\d+ on \S+\)", said)] == [True]
    assert re.search(r"^last error: .*\nengine: .* GB free$", said, re.MULTILINE)
    assert watch.seconds < 10


@pytest.mark.check("metrics-guarded", profile="full", cls="d")
def test_metrics_are_for_a_prometheus_that_was_let_in(site, change, prometheus):
    """A Prometheus that the operator lets in reads how the hub is; nobody else does, and its token opens nothing more."""
    pages = ["/hub/metrics", "/hub/api/metrics"]
    by_default = [site.visitor().get(page, headers=prometheus).status for page in pages]
    change(METRICS_FROM="192.0.2.1, 2001:db8::/32")
    from_elsewhere = [site.visitor().get(page, headers=prometheus).status for page in pages]
    change(METRICS_FROM="0.0.0.0/0")
    without = [site.visitor().get(page).status for page in pages]
    with_token = site.visitor().get("/hub/metrics", headers=prometheus)

    assert [status for status in (*by_default, *from_elsewhere, *without) if status not in CLOSED] == []
    assert with_token.expect(200).headers["Content-Type"].startswith("text/plain")
    assert "\njupyterhub_running_servers " in with_token.text
    assert site.visitor().get("/hub/api/users", headers=prometheus).status == 403


@pytest.mark.check("doctor", profile="full", cls="d")
def test_the_doctor_finds_what_is_wrong_and_nothing_else(alice, doctor, make_orphan, change, expiring_pair):
    """What goes wrong slowly is told before users tell it: with its cause and next step, and without crying wolf."""
    alice.start_server()
    sound = doctor()
    orphan = make_orphan()
    change(**expiring_pair)
    ill = doctor(**expiring_pair)
    change()

    assert sorted(OF_THE_STACK - sound.keys()) == []
    assert {look: said for look, said in sound.items() if look in OF_THE_STACK and not said[0].startswith("ok")} == {}
    assert [said.partition(" ")[0] for said in ill["orphans"]] == ["bad"]
    assert f"`docker service rm {orphan.name}`" in ill["orphans"][0]
    assert [said.partition(" ")[0] for said in ill["certificates"]] == ["warn"]
    assert "in 9 days" in ill["certificates"][0] and "`make deploy`" in ill["certificates"][0]
