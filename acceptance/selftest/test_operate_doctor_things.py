"""The doctor on what stack and swarm hold: addresses, servers and their users, leftovers, files of secrets."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from stack.operate.doctor import leftovers, orphans, secret_files, subnet
from stack.operate.doctor.hub_database import read

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NET = ip_network("10.96.0.0/24")


def levels(findings):
    """The level of each."""
    return [finding.level for finding in findings]



@pytest.mark.parametrize(("used", "waiting", "wanted", "routed", "said"), [
    (5, 0, "10.96.0.0/24", ["192.0.2.0/24"], ["ok"]), (210, 0, "10.96.0.0/24", [], ["warn"]),
    (250, 0, "10.96.0.0/24", [], ["bad"]),
    (9, 2, "10.96.0.0/24", [], ["bad"]), (5, 0, "10.97.0.0/20", [], ["warn"]), (5, 0, "10.96.0.0/24", ["10.0.0.0/8"], ["warn"]),
])
def test_subnet(used, waiting, wanted, routed, said):
    assert levels(subnet.judged(NET, wanted, used, waiting, [ip_network(one) for one in routed], [])) == said


def test_addresses_are_counted_where_tasks_hold_them():
    def task(address, state="running", desired="running"):
        held = [{"Network": {"ID": "net"}, "Addresses": [address]}, {"Network": {"ID": "other"}, "Addresses": ["10.0.1.2/24"]}]
        return {"DesiredState": desired, "Status": {"State": state}, "NetworksAttachments": held if address else None,
                "Spec": {"Networks": [{"Target": "net"}]}}

    tasks = [task("10.96.0.2/24"), task("10.96.0.3/24"), task("10.96.0.4/24", "complete", "shutdown"), task("", "new")]
    assert subnet.addresses(tasks, "net") == ({"10.96.0.2/24", "10.96.0.3/24"}, 1)


def test_routes_of_this_host_are_read_without_the_default():
    table = ("Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
             "eth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0\neth0 0000600A 00000000 0001 0 0 0 0000FFFF 0 0 0\n")
    assert subnet.routes(table) == [ip_network("10.96.0.0/16")]


KNOWN = read([["ann", "", 7], ["ann", "lab", None], ["bo", None, None]])


def test_the_database_tells_users_and_what_runs():
    assert KNOWN.users == {"ann", "bo"}
    assert KNOWN.servers == {("ann", "")}


@pytest.mark.parametrize(("made", "gone", "volumes", "said"), [
    ({"s-ann": (("ann", ""), 900)}, set(), {"v-ann": "ann"}, ["ok"]), ({"s-x": (("ghost", ""), 1)}, set(), {}, ["bad"]),
    ({"s-bo": (("bo", ""), 900)}, set(), {}, ["bad"]), ({"s-bo": (("bo", ""), 5)}, set(), {}, ["ok"]),
    ({}, {("ann", "")}, {}, ["warn"]), ({}, set(), {"v-x": "ghost"}, ["warn"]),
])
def test_orphans(made, gone, volumes, said):
    born = {name: (whose, NOW - timedelta(seconds=age)) for name, (whose, age) in made.items()}
    assert levels(orphans.judged(born, gone, volumes, KNOWN, NOW, 150)) == said


def test_an_orphans_name_is_in_the_command_that_removes_it():
    (found,) = orphans.judged({"s-x": (("ghost", ""), NOW)}, set(), {}, KNOWN, NOW, 150)
    assert "`docker service rm s-x`" in found.line("orphans") and "ghost" in found.fact


@pytest.mark.parametrize(("arguments", "said"), [
    (([], {}, [], {}), ["ok"]), (([], {"old": 3}, [], {"p/hub:1": 10**9}), ["ok"]), ((["old-ann"], {}, [], {}), ["warn"]),
    (([], {}, ["s_users-1"], {}), ["warn"]), (([], {}, [], {f"p/hub:{n}": 3 * 10**9 for n in range(9)}), ["warn"]),
])
def test_leftovers(arguments, said):
    assert levels(leftovers.judged(*arguments)) == said


def test_a_certificate_may_be_read_by_all_and_its_key_not(tmp_path):
    for name, parts in {"cert": ["CERTIFICATE"], "key": ["PRIVATE KEY"], "both": ["CERTIFICATE", "PRIVATE KEY"]}.items():
        (tmp_path / name).write_text("".join(f"-----BEGIN {part}-----\nx\n-----END {part}-----\n" for part in parts))
    assert [name for name in ("cert", "key", "both") if secret_files.is_public(tmp_path / name)] == ["cert"]


@pytest.mark.parametrize(("mode", "modes", "missing", "said"), [
    (0o40700, {"key": 0o100600}, [], ["ok"]), (None, {}, [], ["warn"]), (0o40755, {}, [], ["warn"]),
    (0o40700, {"key": 0o100644}, [], ["bad"]), (0o40700, {}, ["The secret x does not exist."], ["bad"]),
])
def test_secrets(mode, modes, missing, said):
    assert levels(secret_files.judged(Path("s"), mode, {Path(name): its for name, its in modes.items()}, missing)) == said
