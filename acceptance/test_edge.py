"""What the edge promises: nginx, as it answers on its published ports."""

import hashlib
import os

import pytest


@pytest.mark.check("edge-redirect", profile="smoke", cls="r")
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

    assert {"username", "password"} <= visitor.get("/", follow=True).expect(200).fields.keys()
    assert visitor.api("GET", "/hub/api").expect(200).json()["version"] == running


@pytest.mark.check("edge-websocket", profile="smoke", cls="c")
def test_websockets_are_upgraded(alice):
    """Kernels and terminals work in a browser, which sends its Origin with each websocket."""
    server = alice.start_server()

    assert server.start_kernel().run("print('through')") == "through\n"
    server.start_terminal().wait_until_shows("$")


@pytest.mark.check("edge-upload", profile="core", cls="c")
def test_a_large_file_arrives_whole(alice):
    """A data set of 100 MB can be uploaded in one go, and comes back byte for byte."""
    files = alice.start_server().files
    data = os.urandom(100 << 20)

    files.upload("dataset.bin", data)

    assert files.digest("dataset.bin") == hashlib.sha256(data).hexdigest()


@pytest.mark.check("edge-closed", profile="core", cls="r")
def test_the_inside_stays_inside(site, stack, deployment):
    """Nobody outside reaches the proxy's API, its health page, the hub's metrics, or learns nginx's version."""
    visitor = site.visitor()
    closed = ["/_chp_healthz", "/api/routes", "/hub/metrics", "/hub/api/metrics", "/metrics",
              "/nginx_status", "/basic_status", "/stub_status"]
    answers = {path: visitor.get(path, follow=True).status for path in closed}
    published = {port["PublishedPort"] for service in stack.services() for port in service.published_ports()}

    assert visitor.get("/hub/login").expect(200).headers["Server"] == "nginx"
    assert {path: status for path, status in answers.items() if status not in (403, 404)} == {}
    assert published == {int(deployment.settings[name]) for name in ("HTTP_PORT", "HTTPS_PORT")}
