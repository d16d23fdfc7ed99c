"""What the auditor saw of users' servers during the whole run."""

import pytest


@pytest.mark.check("orphans", profile="core", cls="c")
def test_hub_swarm_proxy_and_edge_know_the_same_servers(alice, audit, measured):
    """What runs is what the hub knows and its users reach, at all times: nothing forgotten eats memory, nobody is cut off."""
    alice.request_server()
    alice.wait_until_started()
    during = audit.settle()
    alice.stop_server()
    after = audit.settle()

    measured("orphans longest disagreement", audit.longest_lag)
    breaches = [str(breach) for breach in audit.breaches()]
    assert breaches == [], "; ".join(breaches)
    assert (alice.name, "") in during
    assert (alice.name, "") not in after
