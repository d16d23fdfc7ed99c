"""What servers, hub and stack live through."""

import pytest

from acceptance.harness.cluster.leftovers import leftovers, unchosen
from acceptance.harness.errors import StackError
from acceptance.harness.site import Traffic, wait_until_served
from acceptance.harness.stopwatch import Stopwatch
from acceptance.harness.wait import wait_until


@pytest.mark.check("stop-clean", profile="smoke", cls="c")
def test_stopping_leaves_only_files(alice, stack):
    """A stopped server costs nothing any more: service, container and route are gone, the page says so, files stay."""
    server = alice.start_server()
    server.files.put("kept.txt", "kept")
    service = stack.servers_of(alice.name)[0]
    assert len(stack.containers_of(service)) == 1

    alice.stop_server()

    assert stack.servers_of(alice.name) == []
    assert stack.containers_of(service) == []
    assert server.page().status == 424
    assert "not running" in server.page().words
    assert len(stack.volumes_of(alice.name)) == 1


@pytest.mark.check("restart-files", profile="core", cls="c")
def test_files_outlive_their_server(alice, stack):
    """What was saved before the server stopped is there when it starts again, in another container."""
    alice.start_server().files.put("thesis.txt", "chapter one")
    before = stack.servers_of(alice.name)[0]
    container = before.container().id
    alice.stop_server()
    # Or the old container, which ends slowly, answers by the name of the new one, and with the file.
    wait_until("the container of the stopped server to go", lambda: not stack.containers_of(before), deadline=30)

    server = alice.start_server()

    assert stack.servers_of(alice.name)[0].container().id != container
    assert server.files.get("thesis.txt") == b"chapter one"


@pytest.mark.check("notebook-dies", profile="core", cls="d")
def test_a_dead_notebook_is_noticed(alice, stack, measured):
    """Whose notebook was killed reads so within half a minute, and has it back by one click, with all files."""
    server = alice.start_server()
    server.files.put("kept.txt", "kept")
    notebook = stack.servers_of(alice.name)[0].container()
    assert server.page().status == 200

    with Stopwatch() as watch:
        notebook.kill()
        wait_until("its page to be the hub's again", lambda: server.page().status == 424 and not alice.is_running(), deadline=30,
                   hint=lambda: server.page().words[:300])

    measured("notebook-dies noticed after", watch.seconds)
    assert "not running" in server.page().words
    assert alice.start_server().files.get("kept.txt") == b"kept"
    assert [service.container().id != notebook.id for service in stack.servers_of(alice.name)] == [True]


@pytest.mark.check("nginx-dies", profile="core", cls="d")
def test_users_outlive_a_killed_nginx(alice, stack, measured):
    """A crashed edge comes back by itself; pages connect again, and no login or computation is lost."""
    kernel = alice.start_server().start_kernel()
    kernel.run("x = 42")
    nginx = stack.service("nginx").container()

    with Traffic(alice, "/hub/api/user") as traffic:
        stack.service("nginx").kill_task()
        stack.wait_until_converged()
        wait_until_served(traffic, deadline=30)

    measured("nginx-dies outage", traffic.outage)
    assert stack.service("nginx").container().id != nginx.id
    with pytest.raises(StackError):     # its websocket went with the old nginx, whether or not somebody said so
        kernel.run("y = 1", deadline=5)
    kernel.reconnect()
    assert kernel.run("print(x)") == "42\n"
    assert alice.is_signed_in() and alice.is_running()


@pytest.mark.check("hub-killed", profile="core", cls="d")
def test_users_outlive_a_killed_hub(alice, stack, measured):
    """A crashed hub comes back by itself, and costs nobody a login or a computation."""
    server = alice.start_server()
    kernel = server.start_kernel()
    kernel.run("x = 42")
    before = stack.service("hub").container().id

    with Traffic(alice, "/hub/api/user") as traffic, Traffic(alice, f"{server.path}api/status") as notebooks:
        stack.service("hub").kill_task()
        stack.wait_until_converged()
        wait_until_served(traffic, notebooks, deadline=30)

    measured("hub-killed outage", traffic.outage)
    measured("hub-killed outage of running notebooks", notebooks.outage)
    assert stack.service("hub").container().id != before
    assert alice.is_signed_in() and alice.is_running()
    kernel.reconnect()
    assert kernel.run("print(x)") == "42\n"


@pytest.mark.check("hub-replaced", profile="core", cls="d")
def test_users_outlive_a_replaced_hub(alice, stack, site, measured):
    """An update of the hub costs nobody a login or a computation."""
    server = alice.start_server()
    kernel = server.start_kernel()
    kernel.run("x = 42")
    before = stack.service("hub").container().id

    with Traffic(alice, "/hub/api/user") as traffic, Traffic(alice, f"{server.path}api/status") as notebooks:
        stack.service("hub").replace_task()
        stack.wait_until_converged()
        wait_until_served(traffic, notebooks, deadline=30)

    measured("hub-replaced outage", traffic.outage)
    measured("hub-replaced outage of running notebooks", notebooks.outage)
    assert stack.service("hub").container().id != before
    assert alice.is_signed_in() and alice.is_running()
    kernel.reconnect()
    assert kernel.run("print(x)") == "42\n"
    elsewhere = site.user(alice.typed, alice.password)      # whom the server knows only by asking the new hub
    elsewhere.sign_in()
    assert elsewhere.server().open().status == 200


@pytest.mark.check("removal", profile="smoke", cls="d")
def test_removal_leaves_only_what_was_chosen(guest, stack, deployment, run):
    """After `make remove` nothing is left but users' volumes, and with VOLUMES=1 not even those."""
    label = f"nbi.run={run.settings.run}"
    guest.start_server().files.put("kept.txt", "kept")
    volumes = {f"volume {volume.name}" for volume in stack.users_volumes()}
    assert stack.volumes_of(guest.name) != []

    deployment.remove(volumes=False)
    assert unchosen(leftovers(stack.engine, label), volumes) == []

    deployment.remove(volumes=True)
    assert unchosen(leftovers(stack.engine, label), ()) == []
