"""What a spawn makes in the swarm, and what it says when it cannot."""

import pytest

from acceptance.harness.cluster.limits import limits_in
from acceptance.harness.site import SpawnFailed
from acceptance.harness.stopwatch import Stopwatch
from acceptance.harness.together import together
from acceptance.harness.wait import wait_until


@pytest.mark.check("spawn-one", profile="smoke", cls="c")
def test_a_spawn_makes_one_service_as_configured(alice, stack, engine):
    """An operator finds exactly one service for a user, with the image, network, mounts and limits that were configured."""
    alice.start_server()
    hub, services = stack.service("hub"), stack.servers_of(alice.name)

    assert len(services) == 1
    spec, task = services[0].container_spec, services[0].spec["TaskTemplate"]
    assert services[0].image_id() == engine.image_id(hub.environment["NOTEBOOK_IMAGE"])
    assert stack.network_names(services[0]) == {f"{stack.name}_notebooks"}
    assert [(mount["Type"], mount["Target"]) for mount in spec["Mounts"]] == [("volume", "/home/jovyan")]
    assert task["Resources"].get("Limits") == limits_in(hub.environment)
    assert task["RestartPolicy"]["Condition"] == "none"
    assert {"nbi.stack": stack.name, "nbi.user": alice.name}.items() <= services[0].spec["Labels"].items()


@pytest.mark.check("spawn-many", profile="smoke", cls="c")
def test_many_at_once_each_get_their_own(users, stack):
    """A class that begins on the hour: everybody gets a server, and nobody gets another's."""
    together(lambda user: user.sign_in(), users)
    kernels = together(lambda user: user.start_server().start_kernel(), users)
    who_and_where = "import os, socket; print(os.environ['JUPYTERHUB_USER'], socket.gethostname())"
    seen = together(lambda kernel: kernel.run(who_and_where), kernels)

    assert [line.split()[0] for line in seen] == [user.name for user in users]
    assert len({line.split()[1] for line in seen}) == len(users)
    assert [len(stack.servers_of(user.name)) for user in users] == [1] * len(users)


@pytest.mark.check("spawn-names", profile="core", cls="c")
def test_people_are_called_what_they_are_called(peculiar_users, stack, site):
    """Whatever a person is called, the server starts, runs as that person, and shares its service and files with nobody."""
    together(lambda user: user.sign_in(), peculiar_users)
    servers = together(lambda user: user.start_server(), peculiar_users)
    names = together(lambda server: server.start_kernel().run("import os; print(os.environ['JUPYTERHUB_USER'])"), servers)
    services = [stack.servers_of(user.name) for user in peculiar_users]

    assert [name.rstrip("\n") for name in names] == [user.name for user in peculiar_users]
    assert [len(each) for each in services] == [1] * len(peculiar_users)
    assert len({service.name for each in services for service in each}) == len(peculiar_users)
    assert len({volume.name for user in peculiar_users for volume in stack.volumes_of(user.name)}) == len(peculiar_users)
    assert site.visitor().submit_login("a/b", "whatever").status == 403


@pytest.mark.check("spawn-fails", profile="core", cls="d")
def test_a_failed_spawn_says_why_and_leaves_nothing(alice, stack, change, node, silent_image):
    """A student whose server cannot start reads why, soon, and can simply try again."""
    change(NOTEBOOK_IMAGE=silent_image.name, START_TIMEOUT="5", PLACEMENT_GRACE="2")

    with pytest.raises(SpawnFailed, match="did not answer within 5 s"):
        alice.start_server()
    wait_until_nothing_is_left(stack, alice)

    silent_image.remove()
    with Stopwatch() as missing, pytest.raises(SpawnFailed, match="No such image"):
        alice.start_server()
    assert missing.seconds < 5
    assert "No such image" in alice.pending_page().words
    wait_until_nothing_is_left(stack, alice)

    node.set_availability("pause")
    with pytest.raises(SpawnFailed, match="no suitable node") as unplaced:
        alice.start_server()
    wait_until_nothing_is_left(stack, alice)
    node.set_availability("active")

    change()
    assert alice.start_server().start_kernel().run("print('again')") == "again\n"
    assert any("no suitable node" in event.message for event in unplaced.value.events[:-1])


def wait_until_nothing_is_left(stack, user):
    """The service of a failed spawn goes by itself."""
    wait_until(f"the failed service of {user.name} to go", lambda: not stack.servers_of(user.name), deadline=15)
