"""Servers that nobody uses are stopped, and those that compute are in use."""

import pytest

from acceptance.harness.stopwatch import Stopwatch
from acceptance.harness.wait import wait_until

CULL_AFTER = 8
MAX_AGE = 20


@pytest.fixture(scope="module", autouse=True)
def _culled_soon(change):
    """Both checks want a culler that does not take an hour."""
    change(CULL_AFTER=str(CULL_AFTER), CULL_EVERY="1", ACTIVITY_INTERVAL="2")


@pytest.mark.check("idle-culled", profile="core", cls="d")
def test_an_idle_server_is_stopped_in_time(alice):
    """A forgotten server gives its memory back, and its user reads why it was stopped."""
    server = alice.start_server()

    wait_until("the idle server to be culled", lambda: server.page().status == 424, deadline=4 * CULL_AFTER)

    assert "A server that nobody uses" in server.page().words


@pytest.mark.check("busy-kept", profile="core", cls="d")
def test_a_silent_computation_is_not_idle(alice, bob, stack):
    """A computation that prints nothing for hours, with no browser open, is not taken for a forgotten server."""
    idle, busy = alice.start_server(), bob.start_server()
    kernel = busy.start_kernel()
    kernel.start(f"import time; time.sleep({5 * CULL_AFTER})")
    kernel.close()
    silent = Stopwatch()
    every = stack.servers_of(bob.name)[0].environment.get("JUPYTERHUB_ACTIVITY_INTERVAL", "(unsaid)")

    wait_until("the idle server to be culled", lambda: idle.page().status == 424, deadline=4 * CULL_AFTER)
    wait_until("three cull timeouts to pass", lambda: silent.seconds > 3 * CULL_AFTER, deadline=4 * CULL_AFTER, every=1)

    assert bob.is_running(), f"stopped; it told the hub every {every} s whether it is in use"
    assert busy.kernels() == [kernel.ident]


@pytest.mark.check("aged-culled", profile="full", cls="d")
def test_a_server_of_the_maximum_age_is_stopped(alice, change):
    """No server stays for ever where the operator does not want that, and its user reads that work makes no difference."""
    change(CULL_AFTER="0", CULL_MAX_AGE=str(MAX_AGE), CULL_EVERY="1")
    server = alice.start_server()
    kernel = server.start_kernel()
    kernel.start("import time; time.sleep(600)")
    kernel.close()

    wait_until("the old server to be culled", lambda: server.page().status == 424, deadline=3 * MAX_AGE)

    assert f"A server is stopped {MAX_AGE} seconds after its start, also one that computes." in server.page().words
