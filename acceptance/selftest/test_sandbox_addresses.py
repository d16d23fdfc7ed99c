"""A sandbox takes no address that the machine uses already."""

from ipaddress import IPv4Network

import pytest

from acceptance.harness.errors import EngineError
from acceptance.sandbox import addresses


def test_the_first_network_is_taken_if_nobody_has_it():
    assert addresses.free_node_network([]) == IPv4Network("198.18.0.0/24")


def test_a_network_with_a_route_into_it_is_passed_over():
    taken = [IPv4Network("198.18.0.0/24"), IPv4Network("198.18.1.7/32")]
    assert addresses.free_node_network(taken) == IPv4Network("198.18.2.0/24")


def test_no_free_network_is_an_error_that_names_the_range():
    with pytest.raises(EngineError, match=r"no free /24 in 198\.18\.0\.0/15.*ip route"):
        addresses.free_node_network([IPv4Network("198.18.0.0/15")])


def test_overlays_keep_off_a_resolver_that_docker_would_have_hidden():
    assert addresses.free_overlay_pool([IPv4Network("10.0.0.2/32")]) == IPv4Network("10.1.0.0/16")


def test_routes_are_read_without_the_default():
    routes = [{"dst": "default"}, {"dst": "192.0.2.0/24"}, {"dst": "192.0.2.2"}]
    assert addresses.networks_in(routes) == [IPv4Network("192.0.2.0/24"), IPv4Network("192.0.2.2/32")]
