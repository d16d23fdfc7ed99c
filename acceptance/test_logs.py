"""What the operator reads in the logs."""

import secrets

import pytest

from acceptance.harness.cluster.explained import EXPLAINED
from acceptance.harness.cluster.log_judge import unexplained

UNASKED = ("/favicon.ico", "/robots.txt", "/.well-known/security.txt")     # what browsers and crawlers want of any site


@pytest.mark.check("logs-clean", profile="core", cls="c")
def test_each_error_in_the_logs_is_news(alice, site, logbook):
    """An error in a log of hub, proxy or nginx means something: a whole run of use and disruption leaves none unexplained."""
    alice.start_server().start_kernel()
    alice.stop_server()
    stranger, nonce = site.visitor(), secrets.token_hex(8)
    for path in (*UNASKED, f"/hub/{nonce}", f"/hub/metrics?{nonce}"):
        stranger.get(path, follow=True)

    logbook.wait_for(nonce, {"hub", "nginx"})
    logbook.wait_for("Proxying", {"proxy"})
    news = unexplained(logbook.records(), logbook.spells(), EXPLAINED)
    assert news == [], f"{len(news)} errors that nothing explains: " + "; ".join(map(str, news[:5]))
