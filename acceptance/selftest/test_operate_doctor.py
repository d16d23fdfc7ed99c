"""What the doctor makes of facts: each look content with what is sound, and clear about what is not."""

import sys
from types import SimpleNamespace

import pytest
from docker.errors import APIError

from acceptance.selftest.operate_engine import Docker
from stack.operate import engine
from stack.operate.doctor import __main__ as doctor
from stack.operate.doctor import clock, engine_version, kernel, services, swarm
from stack.operate.doctor.finding import Finding, bad, ok, warn, worst


def levels(findings):
    """The level of each."""
    return [finding.level for finding in findings]


def node(name="n1", state="ready", availability="active", manager="reachable"):
    """A node as the API tells it."""
    return {"Description": {"Hostname": name}, "Status": {"State": state}, "Spec": {"Availability": availability},
            "ManagerStatus": {"Reachability": manager} if manager else None}


def test_a_finding_is_one_line_with_fact_cause_and_step():
    said = warn("the disk is full.", "Logs grow.", "`docker system df` tells.").line("disk")
    assert said == "warn disk: the disk is full. Logs grow. `docker system df` tells."
    assert ok("all is well")[0].line("disk") == "ok   disk: all is well"


@pytest.mark.parametrize(("findings", "level"), [
    ([], "ok"), (ok("x"), "ok"), ([*ok("x"), warn("", "", ""), *ok("y")], "warn"), ([bad("", "", ""), warn("", "", "")], "bad"),
])
def test_the_worst_finding_decides(findings, level):
    assert worst(findings) == level


@pytest.fixture
def looks(monkeypatch):
    """Runs the command with looks that find this."""
    monkeypatch.setattr(engine, "manager", Docker)

    def run(*found, arguments=()):
        monkeypatch.setattr(sys, "argv", ["doctor", *arguments])
        monkeypatch.setattr(doctor, "LOOKS", [SimpleNamespace(NAME=f"look{n}", look=one) for n, one in enumerate(found)])
        return doctor.main()

    return run


@pytest.mark.parametrize(("finding", "code", "last"), [
    (ok("fine")[0], 0, "doctor=OK exit=0"), (warn("a", "b", "c"), 1, "doctor=WARN exit=1"),
    (bad("a", "b", "c"), 2, "doctor=BAD exit=2"),
])
def test_the_exit_code_is_for_cron(looks, capsys, finding, code, last):
    assert looks(lambda _: ok("well"), lambda _: [finding]) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_quiet_says_only_what_is_not_well(looks, capsys):
    assert looks(lambda _: ok("well"), arguments=["--quiet"]) == 0
    assert capsys.readouterr().out == ""
    looks(lambda _: ok("well"), lambda _: [warn("a", "b", "c")], arguments=["--quiet"])
    assert capsys.readouterr().out == "warn look1: a b c\ndoctor=WARN exit=1\n"


def test_a_look_that_cannot_look_says_so_and_the_others_go_on(looks, capsys):
    def refused(_):
        raise APIError("The swarm does not have a leader.")

    assert looks(refused, lambda _: ok("well")) == 2
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("bad  look0: could not be looked at (The swarm does not have a leader.)")
    assert said[1] == "ok   look1: well"


@pytest.mark.parametrize(("lives", "said"), [
    ([], ["warn"]), ([("s_hub", 1, 1, 0, ""), ("s_nginx", 1, 1, 2, "old words")], ["ok"]),
    ([("s_hub", 0, 1, 0, "task: non-zero exit (1)")], ["bad"]), ([("s_hub", 1, 1, 3, "unhealthy")], ["warn"]),
])
def test_services(lives, said):
    assert levels(services.judged("s", lives)) == said


def test_what_the_swarm_said_is_repeated():
    assert "task: non-zero exit (1)" in services.judged("s", [("s_hub", 0, 1, 0, "task: non-zero exit (1)")])[0].fact


@pytest.mark.parametrize(("error", "nodes", "said"), [
    ("", [node()], ["ok"]), ("", [node(str(n)) for n in range(3)], ["ok"]), ("", [node(), node("n2", manager=None)], ["ok"]),
    ("", [node(), node("n2")], ["warn"]), ("", [node(availability="pause")], ["warn"]),
    ("", [node(), node("n2", state="down", manager=None)], ["bad"]),
    ("", [node("1"), node("2"), node("3", "down", manager="unreachable")], ["bad", "bad"]), ("no leader", [node()], ["bad"]),
])
def test_swarm(error, nodes, said):
    assert levels(swarm.judged(error, nodes)) == said


def test_one_manager_of_several_nodes_is_said():
    assert "if it is lost" in swarm.judged("", [node(), node("n2", manager=None)])[0].fact


KEPT = {"MemoryLimit": True, "CpuCfsQuota": True, "PidsLimit": True}


@pytest.mark.parametrize(("versions", "api", "limits", "said"), [
    ({"a": "20.10.24+dfsg1", "b": "26.1.5"}, "1.41", KEPT, ["ok"]), ({"a": "19.03.15", "b": "26.1.5"}, "1.45", KEPT, ["bad"]),
    ({"a": "20.10.24"}, "1.40", KEPT, ["bad"]), ({"a": "28.2.2"}, "1.50", KEPT | {"PidsLimit": False}, ["bad"]),
])
def test_engine(versions, api, limits, said):
    assert levels(engine_version.judged(versions, api, limits)) == said


@pytest.mark.parametrize(("ip_vs", "configuration", "meshed", "said"), [
    (False, {"VXLAN": "y", "IP_VS": "n"}, [], ["ok"]), (True, {}, ["s_nginx"], ["ok"]), (False, {}, ["s_nginx"], ["bad"]),
    (True, {"VXLAN": "n"}, [], ["bad"]),
])
def test_kernel(ip_vs, configuration, meshed, said):
    assert levels(kernel.judged("n1", ip_vs, configuration, meshed)) == said


@pytest.mark.parametrize(("endpoint", "meshed"), [
    ({"Mode": "dnsrr"}, False), ({"Mode": "dnsrr", "Ports": [{"PublishMode": "host"}]}, False), ({}, True),
    ({"Mode": "vip"}, True), ({"Mode": "dnsrr", "Ports": [{"PublishMode": "ingress"}]}, True),
])
def test_who_needs_ip_vs(endpoint, meshed):
    assert kernel.is_meshed(endpoint) is meshed


@pytest.mark.parametrize(("ahead", "said"), [({"the engine": 0.2, "node a": -4}, ["ok"]), ({"node a": -30}, ["warn"]),
                                             ({"the engine": 4000.0}, ["bad"])])
def test_clock(ahead, said):
    assert levels(clock.judged(ahead)) == said


def test_a_nodes_clock_is_wrong_where_it_stamps_what_cannot_be():
    def task(created, stamped, written, where, state="running"):
        moments = [f"2026-11-24T12:{minutes}:00.123456789Z" for minutes in (created, stamped, written)]
        return {"NodeID": where, "DesiredState": "running", "CreatedAt": moments[0], "UpdatedAt": moments[2],
                "Status": {"State": state, "Timestamp": moments[1]}}

    tasks = [task("10", "10", "50", "right"), task("10", "11", "11", "right"), task("10", "40", "11", "ahead"),
             task("10", "05", "11", "behind"), task("10", "59", "11", "right", state="failed")]
    assert clock.drifts(tasks) == {"right": 0, "ahead": 29 * 60, "behind": -5 * 60}


def test_a_finding_of_preflight_needs_no_more_words():
    assert Finding("bad", "Port 443 is taken.").line("ports") == "bad  ports: Port 443 is taken."
