"""What people notice of another hub image: nothing where the proxy is a service of its own, and never a loss."""

from contextlib import ExitStack

import pytest

from acceptance.harness.site import Load, Ticking, Traffic, wait_until_served
from acceptance.harness.together import together
from acceptance.harness.wait import wait_until

OVERLAY = "stack/proxy.yml"
NAMED = {"NAMED_SERVERS": "1"}
# Run in a notebook: goes on by itself, connected or not.
COUNT = """
import threading
beats, pause = [], threading.Event()
def beat():
    while not pause.wait(0.2):
        beats.append(1)
threading.Thread(target=beat, daemon=True).start()
"""
# A server that asks the hub every few seconds who its user is: the hub is away for longer than that each time.
LOGIN_CACHE = "3"
ASKED = ("api/status", "api/kernels", "api/contents?content=0")     # each only for who is signed in
REQUESTS, RATE = 10_000, 50
PAUSE = 0.06        # seconds between two requests of one kind: 150 a second in all, where the machine can
# Run in a notebook: prints each door that opens.
KNOCK = """
import socket
for host, port in doors:
    try:
        socket.create_connection((host, port), timeout=2).close()
        print(host, port)
    except OSError:
        pass
"""


@pytest.fixture
def trio(accounts, admit):
    """Three users, not signed in yet."""
    return [admit(account) for account in accounts.several(3)]


@pytest.mark.check("hub-upgrades", profile="full", cls="d")
def test_nobody_notices_three_upgrades_of_the_hub(hub_releases, change, overlays, trio, stack, counted, measured):
    """Three upgrades of the hub in a row fail no request to a running notebook, and cut off no kernel's output."""
    change(OVERLAYS=overlays(OVERLAY), LOGIN_CACHE=LOGIN_CACHE)
    together(lambda user: user.sign_in(), trio)
    servers = together(lambda user: user.start_server(), trio)
    kernels = together(lambda server: server.start_kernel(), servers)
    hubs = [stack.service("hub").container()]

    with ExitStack() as running:
        tickings = [running.enter_context(Ticking(kernel)) for kernel in kernels]
        load = running.enter_context(Load(Traffic(user, server.path + path, every=PAUSE)
                                          for user, server in zip(trio, servers, strict=True) for path in ASKED))
        for release in hub_releases:
            change(OVERLAYS=overlays(OVERLAY), LOGIN_CACHE=LOGIN_CACHE, HUB_IMAGE=release)
            hubs.append(stack.service("hub").container())
        wait_until(f"{REQUESTS} requests", lambda: load.sent >= REQUESTS, deadline=300)

    counted("hub-upgrades", load)
    measured("hub-upgrades longest silence of a kernel", max(ticking.longest_silence for ticking in tickings))
    assert len({hub.id for hub in hubs}) == len({hub.image_id for hub in hubs}) == 1 + len(hub_releases)
    assert load.failures == {}
    assert load.sent >= REQUESTS and load.rate >= RATE
    assert [(ticking.dropped, ticking.missed) for ticking in tickings] == [("", [])] * len(trio)
    assert all(len(ticking.numbers) > 100 for ticking in tickings)


@pytest.mark.check("proxy-loses-routes", profile="full", cls="d")
def test_routes_come_back_by_themselves(change, overlays, alice, stack, measured):
    """A proxy that crashed knows no route, and a moment later leads to every running notebook again."""
    change(OVERLAYS=overlays(OVERLAY))
    server = alice.start_server()
    before = stack.service("proxy").container().id

    with Traffic(alice, f"{server.path}api/status") as traffic:
        stack.service("proxy").kill_task()
        wait_until("a request to be lost with the proxy", lambda: traffic.failed, deadline=30)
        wait_until("the route to be back", lambda: traffic.is_served, deadline=60)

    measured("proxy-loses-routes outage", traffic.outage)
    assert stack.service("proxy").container().id != before
    assert server.open().status == 200


@pytest.mark.check("proxy-api-closed", profile="full", cls="d")
def test_notebooks_reach_the_proxy_and_not_its_api(change, overlays, alice, stack):
    """Nobody can lead other people's traffic to themselves: from a notebook the proxy's API cannot even be asked."""
    change(OVERLAYS=overlays(OVERLAY))
    proxy = stack.service("proxy").container()
    kernel = alice.start_server().start_kernel()
    notebook = stack.servers_of(alice.name)[0].container()
    doors = [(host, port) for host in ("proxy", *proxy.met_by(notebook)) for port in (8000, 8001)]

    opened = kernel.run(f"doors = {doors}\n{KNOCK}", deadline=60)

    assert len(proxy.met_by(notebook)) == 1
    assert "proxy 8000" in opened
    assert "8001" not in opened
    status = proxy.status_of(1)
    assert (status["Uid"].split()[1], status["CapEff"], status["NoNewPrivs"]) == ("1000", "0000000000000000", "1")


@pytest.mark.check("upgrade", profile="image", cls="d", needs=("previous",))
def test_an_upgrade_loses_nothing_and_can_be_undone(previous, change, carol, site, stack, deployment, backups, counted, measured):
    """Whoever changes to this hub image keeps users, tokens, files, servers and computations, and can go back."""
    change(HUB_IMAGE=previous, **NAMED)
    carol.sign_in()
    server, token = carol.start_server(), carol.new_token()
    carol.start_server(server="b")
    server.files.put("kept.txt", "kept")
    kernel = server.start_kernel()
    kernel.run(COUNT)
    before, hub = int(kernel.run("print(len(beats))")), stack.service("hub").container()
    backup = deployment.back_up(backups)

    with Load([Traffic(carol, f"{server.path}api/status"), Traffic(carol, "/hub/api/user")]) as load:
        change(**NAMED)
        wait_until_served(*load.traffics, deadline=60)

    counted("upgrade", load)
    measured("upgrade outage", max(traffic.outage for traffic in load.traffics))
    assert stack.service("hub").container().image_id != hub.image_id
    assert carol.is_signed_in() and sorted(carol.servers()) == ["", "b"]
    kernel.reconnect()
    assert int(kernel.run("print(len(beats))")) > before
    assert server.files.get("kept.txt") == b"kept"
    assert site.visitor(token=token).api("GET", "/hub/api/user").expect(200).json()["name"] == carol.name

    deployment.remove(volumes=False)    # the database has the new image's form, which the old one cannot read
    deployment.restore(backup, volumes=False)
    change(HUB_IMAGE=previous, **NAMED)

    assert stack.service("hub").container().image_id == hub.image_id
    assert carol.is_signed_in() and carol.start_server().files.get("kept.txt") == b"kept"
    assert site.visitor(token=token).api("GET", "/hub/api/user").expect(200).json()["name"] == carol.name
