"""Changing a stack that is in use: what a deploy touches, what it leaves alone, and what it refuses."""

from pathlib import Path

import pytest

from acceptance.harness.cluster.leftovers import leftovers
from acceptance.harness.errors import SettingsError, StackError
from acceptance.harness.site import Traffic, wait_until_served
from acceptance.harness.site.tls import leaf_in
from acceptance.harness.site.trust import served_at

# Each wrong in a way of its own; what is said of it must name it.
WRONG = {"CULL_AFTER": "1h", "NOTEBOOK_MEMORY": "much", "NOTEBOOK_CPUS": "two", "NOTEBOOK_SUBNET": "10.0.0.0/33",
         "LOGINS_AT_ONCE": "0", "HTTPS_PORT": "99999", "TLS_CERT": "none.pem", "TLS_KEY": "none.key"}


@pytest.mark.check("deploy-idempotent", profile="core", cls="d")
def test_deploying_again_restarts_nothing(alice, stack, change):
    """`make deploy` can be typed at any time: where nothing changed, nothing restarts."""
    alice.start_server()
    before = stack.running()

    change()

    assert replaced(before, stack.running()) == set()


@pytest.mark.check("deploy-refused", profile="full", cls="d")
def test_bad_settings_touch_nothing(alice, stack, change):
    """Mistakes in the settings are all told at once, and the service that runs does not notice them."""
    alice.start_server()
    before, objects = stack.running(), leftovers(stack.engine, stack.label)

    with pytest.raises(SettingsError) as refused:
        change(**WRONG)

    told = "\n".join(refused.value.complaints)
    assert [name for name in WRONG if name not in told] == []
    assert replaced(before, stack.running()) == set()
    assert leftovers(stack.engine, stack.label) == objects


@pytest.mark.check("deploy-changes", profile="core", cls="d")
def test_a_change_restarts_what_it_touches(alice, stack, site, change, rotate, new_certificate):
    """A setting, a secret or a certificate can be changed in the middle of a lecture: what it does not touch goes on."""
    kernel = alice.start_server().start_kernel()
    kernel.run("x = 42")
    hub, holders = stack.service("hub").name, stack.holders_of("proxy_token")
    before = stack.running()

    rotate("proxy_token")
    change(START_TIMEOUT="121")
    changed = stack.running()
    assert replaced(before, changed) == {hub} | holders
    assert stack.service("hub").environment["START_TIMEOUT"] == "121"

    change(START_TIMEOUT="121", **new_certificate)
    assert replaced(changed, stack.running()) == stack.holders_of("tls_cert")
    certificate = Path(new_certificate["TLS_CERT"])
    assert served_at(site.url, certificate.with_name("tls_ca")) == leaf_in(certificate)

    change()
    kernel.reconnect()
    assert kernel.run("print(x)") == "42\n"
    assert stack.running().keys() == before.keys()


@pytest.mark.check("rollback", profile="full", cls="d")
def test_a_bad_update_is_taken_back(alice, stack, change, silent_hub, measured):
    """A hub image that does not work costs some minutes without the hub, no notebook, and nobody's night."""
    kernel = alice.start_server().start_kernel()
    kernel.run("x = 42")
    image = stack.service("hub").image_id()

    with Traffic(alice, "/hub/api/user") as traffic:
        with pytest.raises(StackError, match="rolled back to what ran before"):
            change(HUB_IMAGE=silent_hub.name)
        stack.wait_until_converged()
        wait_until_served(traffic, deadline=30)

    measured("rollback outage", traffic.outage)
    assert stack.service("hub").image_id() == image
    assert alice.is_signed_in() and alice.is_running()
    kernel.reconnect()
    assert kernel.run("print(x)") == "42\n"


def replaced(before, after):
    """The services that another container runs now, and those that came or went."""
    return {name for name in before | after if before.get(name) != after.get(name)}
