"""What the edge promises: nginx, as it answers on its published ports."""

import re
import secrets
from pathlib import Path

import pytest

from acceptance.harness.site.scan import complaints_of
from acceptance.harness.site.tls import leaf_in, versions_of
from acceptance.harness.site.trust import served_at
from acceptance.harness.wait import wait_until

CAREFUL = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin",
           "Permissions-Policy": "camera=(self)"}


@pytest.mark.check("edge-redirect", profile="smoke", cls="r", needs=("plain-http",))
def test_plain_http_leads_to_https(site):
    """Whoever types the address without https arrives at the very page, safely."""
    answer = site.visitor(plain=True).get("/hub/some%20page?next=%2Fhome&x=1")

    assert answer.status in (301, 302, 307, 308)
    assert answer.location == site.url + "/hub/some%20page?next=%2Fhome&x=1"


@pytest.mark.check("edge-hub", profile="smoke", cls="r")
def test_the_hub_is_behind_the_edge(site, stack):
    """The address leads to the login page of this very hub."""
    visitor = site.visitor()
    running = stack.service("hub").container().run("python -c 'import jupyterhub; print(jupyterhub.__version__)'").strip()

    assert site.way_in.is_met_by(visitor.get("/", follow=True))
    assert visitor.api("GET", "/hub/api").expect(200).json()["version"] == running


@pytest.mark.check("edge-unknown", profile="core", cls="r", needs=("pages",))
def test_what_is_not_there_is_called_that(site, alice, carol):
    """A mistyped address is told to be one, and no address tells a stranger who has an account here."""
    carol.sign_in()
    mistyped = ["/no-such-page", "/no-such-page/?x=1", "/hub/no-such-page", "/services/none/"]
    pages = {path: site.visitor().get(path, follow=True) for path in mistyped}

    assert {path: page.status for path, page in pages.items() if page.status != 404} == {}
    assert [path for path, page in pages.items() if "X-JupyterHub-Version" not in page.headers] == []
    assert told_of(alice.name, site.visitor()) == told_of("nobody-of-that-name", site.visitor())
    assert told_of(alice.name, carol) == told_of("nobody-of-that-name", carol)


@pytest.mark.check("edge-client-ip", profile="core", cls="r")
def test_the_hub_knows_its_clients_apart(site, clients):
    """An operator finds out from where somebody tried to get in: the hub writes down the client's own address, not nginx's."""
    nonce = secrets.token_hex(8)
    site.visitor().get(f"/hub/{nonce}")
    by_edge, by_hub = clients.seen_by_edge(nonce), clients.seen_by_hub(nonce)

    assert clients.owner_of(by_hub) == clients.owner_of(by_edge)
    assert by_hub == by_edge
    # An engine hands on what comes from its own machine's loopback under an address of its own.
    assert clients.owner_of(by_edge) == "" or site.own_address.is_loopback


@pytest.mark.check("edge-closed", profile="core", cls="r")
def test_the_inside_stays_inside(site, stack, deployment):
    """Nobody outside reaches the proxy's API, its health page, the hub's metrics, or learns nginx's version."""
    visitor = site.visitor()
    closed = ["/_chp_healthz", "/api/routes", "/hub/metrics", "/hub/api/metrics", "/metrics",
              "/nginx_status", "/basic_status", "/stub_status"]
    answers = {path: visitor.get(path, follow=True).status for path in closed}
    published = {port["PublishedPort"] for service in stack.services() for port in service.published_ports()}

    assert visitor.get("/hub/api").expect(200).headers["Server"] == "nginx"
    assert {path: status for path, status in answers.items() if status not in (403, 404)} == {}
    assert published == {int(deployment.settings[name]) for name in ("HTTP_PORT", "HTTPS_PORT")}


@pytest.mark.check("edge-tls", profile="core", cls="r")
def test_connections_are_sealed(site, deployment):
    """What travels between a browser and the service is read by nobody, and it is this service that is talked to."""
    configured = Path(deployment.settings["SECRETS_DIR"]) / "tls_cert"
    told = site.visitor().get("/hub/login").headers.get("Strict-Transport-Security", "")

    assert served_at(site.url, site.ca) == leaf_in(configured)
    assert versions_of(site.url) == ["TLSv1.2", "TLSv1.3"]
    assert re.fullmatch(r"max-age=\d+", told), f"browsers are told {told!r}"
    assert int(told.removeprefix("max-age=")) >= 2 * 365 * 24 * 3600


@pytest.mark.check("tls-grade", profile="full", cls="r")
def test_a_stranger_finds_nothing_wrong_with_the_seal(site, scanner):
    """An independent scanner finds protocols, ciphers, curves and certificate as Mozilla recommends them for servers."""
    assert complaints_of(scanner, site.url, site.ca) == []


@pytest.mark.check("edge-headers", profile="full", cls="c", needs=("form", "plain-http"))
def test_browsers_are_told_to_be_careful(site, alice, browser, carol):
    """No page of the service can be framed by another site, taken for a script, or tell strangers its address."""
    visitor = site.visitor()
    pages = {"login": visitor.get("/hub/login"), "home": alice.get("/hub/home"), "hub's 404": alice.get("/hub/nothing"),
             "hub's redirect": visitor.get("/hub/home"), "nginx's 404": visitor.get("/_chp_healthz"),
             "nginx's redirect": site.visitor(plain=True).get("/"), "lab": alice.start_server().open()}
    said = {name: framing(page.headers) for name, page in pages.items()}
    lacking = {header: [name for name, page in pages.items() if value not in page.headers.get(header, "")]
               for header, value in CAREFUL.items()}

    assert not any(lacking.values()), f"what is missing where: {lacking}"
    assert said == dict.fromkeys(pages, "nobody") | {"nginx's 404": "itself", "nginx's redirect": "itself"}
    assert "default-src 'self';" in pages["login"].headers["Content-Security-Policy"]

    browser.sign_in(carol)
    browser.wait_until_lab_opens()
    browser.open("/hub/token")
    assert [line for line in browser.console() if "Security Policy" in line] == []


@pytest.mark.check("edge-restart", profile="core", cls="d")
def test_a_hub_that_moved_is_found_again(site, stack):
    """After a restart the hub has another address, and is there again without anybody touching the edge."""
    visitor = site.visitor()
    visitor.get("/hub/api").expect(200)     # so that nginx knows where the hub has been
    nginx, hub = stack.service("nginx").container(), stack.service("hub").container()

    stack.service("hub").replace_task()
    stack.wait_until_converged()
    wait_until("the hub behind the edge", lambda: visitor.get("/hub/api").status == 200, deadline=30)

    moved, untouched = stack.service("hub").container(), stack.service("nginx").container()
    assert set(moved.addresses.values()).isdisjoint(hub.addresses.values())
    assert (untouched.id, untouched.started) == (nginx.id, nginx.started)


@pytest.mark.check("edge-502", profile="full", cls="d")
def test_a_page_says_that_the_hub_is_away(carol, stack, browser, pictures):
    """Whoever comes while the hub is away reads that it will be back, and is led on by itself when it is."""
    with stack.service("hub").away():
        browser.open("/hub/home")
        browser.screenshot(pictures / "away.png")
        shown = browser.words
        page, script = carol.get("/hub/home"), carol.api("GET", "/hub/api")
    stack.wait_until_converged()

    assert "This page tries again by itself" in shown
    wait_until("the page to go on by itself", lambda: "/hub/login" in browser.url, deadline=30)
    assert [(answer.status, answer.headers.get("Retry-After")) for answer in (page, script)] == [(503, "5")] * 2
    assert "This page tries again by itself" in page.words
    assert "try again" in script.json()["message"]


def framing(headers):
    """Whom a page allows to frame it, if that is said once."""
    policy, option = headers.get("Content-Security-Policy", ""), headers.get("X-Frame-Options", "")
    said = re.findall(r"frame-ancestors ('\w+')", policy) + [f"'{word}'" for word in re.findall(r"\w+", option.lower())]
    names = {"'none'": "nobody", "'self'": "itself", "'sameorigin'": "itself"}
    return " and ".join(names.get(one, one) for one in said) or "anybody"


def told_of(name, visitor):
    """What somebody is told at a user's addresses, without the user's name: statuses, words, and where it leads."""
    pages = [visitor.get(path, follow=True) for path in (f"/user/{name}/lab", f"/user/{name}/files/a.txt", f"/hub/spawn/{name}")]
    pages += [visitor.api("GET", path) for path in (f"/user/{name}/api/status", f"/hub/api/users/{name}")]
    return [(page.status, page.words.replace(name, "NAME"), page.location.replace(name, "NAME")) for page in pages]
