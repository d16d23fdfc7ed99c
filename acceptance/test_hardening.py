"""What an intruder would look for first."""

import pytest

from acceptance.harness.cluster.secrecy import places_of

SETUID_AND_SETGID = 0xC0


@pytest.mark.check("not-root", profile="core", cls="c")
def test_nothing_runs_as_root(alice, stack):
    """Whoever breaks out of nginx, hub or a notebook has no more rights than an ordinary user of that container."""
    alice.start_server()
    containers = {"nginx": stack.service("nginx"), "hub": stack.service("hub"), "notebook": stack.servers_of(alice.name)[0]}
    seen = {name: service.container().status_of(1) for name, service in containers.items()}

    assert {name: status["Uid"].split()[1] for name, status in seen.items()} == {"nginx": "33", "hub": "1000", "notebook": "1000"}
    assert {status["CapEff"] for status in seen.values()} == {"0000000000000000"}
    assert {status["NoNewPrivs"] for status in seen.values()} == {"1"}
    assert int(seen["hub"]["CapBnd"], 16) & ~SETUID_AND_SETGID == 0
    assert {int(seen[name]["CapBnd"], 16) for name in ("nginx", "notebook")} == {0}


@pytest.mark.check("no-secrets", profile="core", cls="c")
def test_secrets_stay_secret(alice, stack, canaries, build_ca):
    """No secret of the service stands where somebody might read it: image layers, service specs, logs."""
    alice.start_server()
    places = places_of(stack)
    values = canaries | build_ca

    assert {"layers", "specs", "logs"} <= {place.kind for place in places}
    assert [f"{name} stands in the {place.name}" for place in places for name in place.held(values)] == []
