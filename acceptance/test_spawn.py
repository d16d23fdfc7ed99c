"""What a spawn makes in the swarm, and what it says when it cannot."""

from urllib.parse import urlsplit

import pytest

from acceptance.harness.cluster.limits import limits_in, reservations_in
from acceptance.harness.site import Refused, SpawnFailed
from acceptance.harness.stopwatch import Stopwatch
from acceptance.harness.together import together
from acceptance.harness.wait import wait_until

OF_ANY_SPAWNER = ("Server requested", "Spawning server")     # what JupyterHub says by itself


@pytest.mark.check("spawn-one", profile="smoke", cls="c")
def test_a_spawn_makes_one_service_as_configured(alice, stack, engine):
    """An operator finds exactly one service for a user, with the image, network, mounts and limits that were configured."""
    alice.start_server()
    hub, services = stack.service("hub"), stack.servers_of(alice.name)

    assert len(services) == 1
    spec, task = services[0].container_spec, services[0].spec["TaskTemplate"]
    assert services[0].image_id() == engine.image_id(hub.environment["NOTEBOOK_IMAGE"])
    assert stack.network_names(services[0]) == {hub.environment["NOTEBOOK_NETWORK"]}
    assert kept_in(spec.get("Mounts") or []) == [("volume", "/home/jovyan")]
    assert task.get("Resources", {}).get("Limits") == limits_in(hub.environment)
    assert (task["Resources"].get("Reservations") or {}) == reservations_in(hub.environment)
    assert (task.get("RestartPolicy") or {}).get("Condition") == "none"


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


@pytest.mark.check("spawn-progress", profile="core", cls="c", needs=("pages",))
def test_who_waits_reads_what_happens(alice):
    """Whoever waits for a server reads on the page what is being done about it, and is led into the server by that page."""
    with alice.starting() as page:
        told = list(alice.events_on(page))
    server = alice.server()

    assert "redirected automatically" in page.words
    said = [event.message for event in told[:-1]]
    assert not all(message.startswith(OF_ANY_SPAWNER) for message in said), said
    assert (told[-1].ready, told[-1].url) == (True, server.path)
    assert urlsplit(alice.get(page.url, follow=True).expect(200).url).path.startswith(server.path)


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


@pytest.mark.check("spawn-options", profile="core", cls="c")
def test_nobody_gets_more_than_is_offered(alice, stack, engine):
    """Whoever asks the API for more memory, another image or the node's files is refused in words, and gets none of it."""
    wishes = [{"mem_limit": "64G"}, {"image": "busybox"}, {"extra_container_spec": {"mounts": ["/:/node"]}}, {"cmd": ["id"]}]
    for wish in wishes:
        with pytest.raises(Refused) as refused:
            alice.request_server(wish)
        assert refused.value.status == 400
    assert stack.servers_of(alice.name) == []

    alice.start_server()
    hub, service = stack.service("hub"), stack.servers_of(alice.name)[0]
    assert service.spec["TaskTemplate"]["Resources"].get("Limits") == limits_in(hub.environment)
    assert service.image_id() == engine.image_id(hub.environment["NOTEBOOK_IMAGE"])


@pytest.mark.check("spawn-profiles", profile="full", cls="c")
def test_a_server_is_what_was_chosen(alice, bob, stack, change, profiles, other_image):
    """Who chooses the large server gets it, who chooses nothing the usual one, and what no node can take says so."""
    change(**profiles, PLACEMENT_GRACE="2", NOTEBOOK_PLACEMENT="node.platform.os == linux")

    page = alice.fill_in({"profile": "large"})
    alice.wait_until_started()
    chosen = stack.servers_of(alice.name)[0]
    assert 'Usual\nLarge <for "R&D">\n1536 MB of memory, 1.5 processors\nNowhere' in page.words
    assert chosen.image_id() == other_image.id
    assert chosen.spec["TaskTemplate"]["Placement"].get("Constraints") == ["node.role == manager"]
    assert chosen.spec["TaskTemplate"]["Resources"] == {
        "Limits": {"MemoryBytes": 1536 << 20, "NanoCPUs": 1_500_000_000, "Pids": 300},
        "Reservations": {"MemoryBytes": 64 << 20, "NanoCPUs": 250_000_000}}

    with pytest.raises(Refused, match="has no choice 'huge'"):
        bob.request_server({"profile": "huge"})
    bob.fill_in({"profile": "nowhere"})
    with pytest.raises(SpawnFailed, match="with profile nowhere for 2 s. The swarm says: no suitable node"):
        bob.wait_until_started()
    bob.start_server({})
    usual = stack.servers_of(bob.name)[0].spec["TaskTemplate"]
    assert usual["Resources"].get("Limits") == limits_in(stack.service("hub").environment)
    assert usual.get("Placement", {}).get("Constraints") == ["node.platform.os == linux"]


@pytest.mark.check("spawn-named", profile="full", cls="c")
def test_named_servers_are_servers_of_their_own(neighbours, stack, site, change):
    """Whoever needs a second server gets one by name: apart from all others, on the same files, and no more than allowed."""
    change(NAMED_SERVERS="1")
    ann, other = neighbours
    theirs, first, named = other.start_server(), ann.start_server(), ann.start_server(server="b")
    services = stack.servers_of(ann.name) + stack.servers_of(other.name)
    where = "import os, socket; print(os.environ['JUPYTERHUB_SERVER_NAME'], socket.gethostname())"
    seen = [server.start_kernel().run(where).split() for server in (theirs, first, named)]

    assert [len(stack.servers_of(user.name)) for user in neighbours] == [2, 1]
    assert len({service.name for service in services}) == len({words[-1] for words in seen}) == 3
    assert seen[2][0] == "b"
    named.files.put("shared.txt", "of both")
    assert first.files.get("shared.txt") == b"of both"
    assert "shared.txt" not in theirs.files.list()

    elsewhere = site.user(other.typed, other.password)      # the servers' logins are apart, too
    elsewhere.sign_in()
    assert elsewhere.server().open().status == 200
    with pytest.raises(Refused, match="already has the maximum of 1 named servers"):
        ann.request_server(server="c")
    with pytest.raises(Refused, match="Invalid server_name"):
        other.request_server(server="B_1")


@pytest.mark.check("spawn-limit", profile="full", cls="c")
def test_a_rush_is_let_in_step_by_step(alice, bob, carol, change):
    """When everybody comes at once, as many servers start as the nodes bear, and the next one reads when to try again."""
    change(CONCURRENT_SPAWNS="2")
    carol.sign_in()

    together(lambda user: user.request_server(), (alice, bob))
    with pytest.raises(Refused, match="Too many users") as refused:
        carol.request_server()
    together(lambda user: user.wait_until_started(), (alice, bob))

    assert refused.value.status == 429
    assert "Try again in" in refused.value.words
    assert carol.start_server().status()["kernels"] == 0


@pytest.mark.check("spawn-fails", profile="core", cls="d")
def test_a_failed_spawn_says_why_and_leaves_nothing(alice, stack, change, silent_image):
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

    change(NOTEBOOK_PLACEMENT="node.labels.nbi.none==here", PLACEMENT_GRACE="2")
    with pytest.raises(SpawnFailed, match="no suitable node") as unplaced:
        alice.start_server()
    wait_until_nothing_is_left(stack, alice)

    change()
    assert alice.start_server().start_kernel().run("print('again')") == "again\n"
    assert any("no suitable node" in event.message for event in unplaced.value.events[:-1])


def kept_in(mounts):
    """What outlives the container: type and place of each mount that is no memory."""
    return [(mount["Type"], mount["Target"]) for mount in mounts if mount["Type"] != "tmpfs"]


def wait_until_nothing_is_left(stack, user):
    """The service of a failed spawn goes by itself."""
    wait_until(f"the failed service of {user.name} to go", lambda: not stack.servers_of(user.name), deadline=15)
