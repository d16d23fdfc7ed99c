"""The proxy as a service of its own: its API is found an address that no notebook reaches."""

from ipaddress import IPv4Network

import pytest
import start_proxy

# As read in a task on two overlay networks; eth1 leads to the node's bridge.
ROUTES = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth1\t00000000\t010012AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0000610A\t00000000\t0001\t0\t0\t0\t00FEFFFF\t0\t0\t0
eth2\t0001000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth1\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
"""


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What the script becomes in a container with these routes: its command and its environment."""
    (tmp_path / "token").write_text("secret\n")
    became = []
    monkeypatch.setattr(start_proxy, "TOKEN", tmp_path / "token")
    monkeypatch.setattr(start_proxy, "ROUTES", tmp_path / "routes")
    monkeypatch.setattr(start_proxy, "own_address", lambda network: str(network[5]))
    monkeypatch.setattr(start_proxy.os, "execvpe", lambda name, line, environment: became.append((line, environment)))

    def start(subnet, routes=ROUTES):
        monkeypatch.setenv("NOTEBOOK_SUBNET", subnet)
        (tmp_path / "routes").write_text(routes)
        start_proxy.main()
        return became[-1]

    return start


def test_the_nodes_bridge_is_no_network_of_the_stack():
    assert start_proxy.networks(ROUTES) == [IPv4Network("10.97.0.0/23"), IPv4Network("10.0.1.0/24")]


def test_the_api_listens_where_no_notebook_is(started):
    line, _ = started("10.97.0.0/23")
    assert line[line.index("--api-ip") + 1] == "10.0.1.5"


def test_the_token_is_in_the_environment_and_not_in_the_command(started):
    line, environment = started("10.97.0.0/23")
    assert environment["CONFIGPROXY_AUTH_TOKEN"] == "secret"
    assert "secret" not in " ".join(line)


@pytest.mark.parametrize("subnet", ["10.64.0.0/20", "10.0.0.0/8"])
def test_an_api_without_a_network_of_its_own_is_refused(started, subnet):
    with pytest.raises(SystemExit, match="Let the service be on `default` and `notebooks` only"):
        started(subnet)


def test_own_addresses_are_read_without_sending_anything():
    assert start_proxy.own_address(IPv4Network("127.0.0.0/8")) == "127.0.0.1"
