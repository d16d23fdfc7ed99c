"""Nobody gets at what is another's."""

from functools import partial

import pytest

from acceptance.harness.cluster.doors import Doors
from acceptance.harness.cluster.trespass import PORT, Trespass
from acceptance.harness.site import Refused, Server


@pytest.mark.check("user-user-http", profile="smoke", cls="c")
def test_a_user_reaches_nothing_of_another(site, erin, frank):
    """What a student writes is that student's own: nobody else reaches server, files or kernels through the edge."""
    mine = erin.open_server()
    mine.files.put("exam.txt", "my own work")
    kernel = mine.start_kernel()
    frank.open_server()
    script = site.visitor(token=frank.new_token())

    assert [name for name in frank.server().files.list() if name == "exam.txt"] == []
    assert Server(script, frank.server().path).status()
    for other in (frank.server_of(erin), Server(script, mine.path)):
        files = other.files
        for attempt in (other.status, files.list, partial(files.get, "exam.txt"), partial(other.kernel, kernel.ident)):
            with pytest.raises(Refused) as refused:
                attempt()
            assert refused.value.status in (403, 404)
    assert mine.files.get("exam.txt") == b"my own work"


@pytest.mark.check("user-user-network", profile="core", cls="c")
def test_a_notebook_gets_into_no_other(erin, frank, stack):
    """A neighbour on the notebooks' network, past the edge, gets in nowhere without the owner's login."""
    mine, theirs = erin.open_server(), frank.open_server()
    kernel, intruder = mine.start_kernel(), theirs.start_kernel()
    target, other = (stack.servers_of(user.name)[0].container() for user in (erin, frank))
    ways = Trespass(target, mine.path, kernel.ident)

    by_owner = ways.opened(kernel.run(ways.program(target), deadline=60))
    by_other = ways.opened(intruder.run(ways.program(other, another=frank.new_token().value), deadline=60))

    assert {(path, "a notebook") for path in ways.paths} <= by_owner
    assert by_other == {(ways.life, who) for who in ("nobody", "a notebook", "another")}, sorted(by_other)
    assert PORT in target.listening()
    assert ways.ports() == []


@pytest.mark.check("notebook-docker", profile="core", cls="c")
def test_a_notebook_gets_at_no_engine(alice, stack):
    """Whatever a student runs in a notebook, it gets at no Docker engine, at no route of the proxy, at no secret of the hub."""
    doors = Doors(stack)
    kernel = alice.start_server().start_kernel()

    assert doors.opened_to_the_hub().keys() == {"engine", "proxy", "secrets"}
    assert doors.opened(kernel.run(doors.program, deadline=60)) == {}


@pytest.mark.check("docker-tls", profile="full", cls="d", needs=("docker-tls",))
def test_the_hub_needs_no_socket(alice, stack, docker_tls, change):
    """A hub with a certificate needs no Docker socket and no manager's node, and nobody without that certificate is let in."""
    change(**docker_tls.settings)
    server, hub = alice.start_server(), stack.service("hub")
    mounts = hub.container().mounts()

    assert server.start_kernel().run("print(6 * 7)") == "42\n"
    assert "/run/secrets/docker/key.pem" in mounts
    assert [source for source in mounts.values() if source.endswith("docker.sock")] == []
    assert hub.spec["TaskTemplate"]["Placement"]["Constraints"] == ["node.platform.os==linux"]
    assert docker_tls.let_in() == ["hub"]
