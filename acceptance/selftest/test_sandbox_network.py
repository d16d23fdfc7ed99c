"""On the host's firewall a sandbox knows its own rules from everybody else's."""

from ipaddress import IPv4Network

import pytest

from acceptance.sandbox import network

SAVED = """*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -i nbi-1a2b-1 -m comment --comment nbi-1a2b-1 -j ACCEPT
-A FORWARD -i nbi-1a2b-10 -m comment --comment "nbi-1a2b-10" -j ACCEPT
-A FORWARD -i eth0 -m comment --comment "like nbi-1a2b-1" -j ACCEPT
COMMIT
"""


@pytest.mark.parametrize("name", ["nbi-1a2b-1", "nbi-1a2b-10"])
def test_rules_are_ours_only_with_our_whole_name(name):
    assert [rule.split()[3] for rule in network.rules_with_comment(SAVED, name)] == [name]


@pytest.mark.parametrize(
    "saved", ["", "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n", "*nat\n-A POSTROUTING -j MASQUERADE\n"]
)
def test_a_machine_that_filters_nothing_gets_no_rule(saved):
    assert not network.has_forward_rules(saved)


@pytest.mark.parametrize("saved", [SAVED, "*filter\n:FORWARD DROP [0:0]\n"])
def test_a_machine_that_filters_what_is_forwarded_is_noticed(saved):
    assert network.has_forward_rules(saved)


def test_only_what_leaves_the_sandbox_is_translated():
    table = network.nat_table("nbi-1a2b-1", IPv4Network("198.18.3.0/24"))
    assert "ip saddr 198.18.3.0/24 ip daddr != 198.18.3.0/24 masquerade" in table
