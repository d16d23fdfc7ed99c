"""What an intruder would look for first."""

from itertools import chain

import pytest

from acceptance.harness.cluster.limits import limits_in
from acceptance.harness.cluster.secrecy import places_of
from acceptance.harness.site import KernelDied, Traffic
from acceptance.harness.stopwatch import Stopwatch

SETUID_AND_SETGID = 0xC0
CLASS = 40          # students behind one address, who sign in on the hour
# A package of one's own, without an archive of packages: a wheel is a zip.
WHEEL = """
import subprocess, sys, zipfile
with zipfile.ZipFile("mine-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("mine.py", "answer = 42")
    wheel.writestr("mine-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: mine\\nVersion: 1.0\\n")
    wheel.writestr("mine-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("mine-1.0.dist-info/RECORD", "")
pip = [sys.executable, "-m", "pip", "install", "--user", "--no-index", "mine-1.0-py3-none-any.whl"]
print(subprocess.run(pip, capture_output=True, text=True))
"""
# Takes no more than it is told to, whatever the limits are.
EATS = "eaten = [b'x' * (1 << 20) for _ in range({megabytes})]; print(len(eaten), 'MB eaten')"
FORKS = """
import subprocess
running, why = [], "nothing stopped it"
for _ in range({most}):
    try:
        running.append(subprocess.Popen(["sleep", "60"]))
    except OSError as error:
        why = error.strerror
        break
[one.kill() for one in running]
[one.wait() for one in running]
print(len(running), why)
"""


@pytest.mark.check("not-root", profile="core", cls="c")
def test_nothing_runs_as_root(alice, stack):
    """Whoever breaks out of nginx, hub or a notebook has no more rights than an ordinary user of that container."""
    alice.start_server()
    containers = {"nginx": stack.service("nginx"), "hub": stack.service("hub"), "notebook": stack.servers_of(alice.name)[0]}
    seen = {name: service.container().status_of(1) for name, service in containers.items()}

    assert {name: status["Uid"].split()[1] for name, status in seen.items()} == {"nginx": "33", "hub": "1000", "notebook": "1000"}
    assert {status["CapEff"] for status in seen.values()} == {"0000000000000000"}
    assert {status["NoNewPrivs"] for status in seen.values()} == {"1"}
    assert int(seen["hub"]["CapBnd"], 16) & ~SETUID_AND_SETGID == 0
    assert {int(seen[name]["CapBnd"], 16) for name in ("nginx", "notebook")} == {0}


@pytest.mark.check("no-secrets", profile="core", cls="c")
def test_secrets_stay_secret(alice, stack, canaries, build_ca):
    """No secret of the service stands where somebody might read it: image layers, service specs, logs."""
    alice.start_server()
    places = places_of(stack)
    values = canaries | build_ca

    assert {"layers", "specs", "logs"} <= {place.kind for place in places}
    assert [f"{name} stands in the {place.name}" for place in places for name in place.held(values)] == []


@pytest.mark.check("login-throttle", profile="full", cls="r")
def test_guessing_passwords_is_slow(flood, carol, stack):
    """Nobody tries passwords by the thousand; a whole class behind one address gets in, and others do not notice a flood."""
    edge = stack.service("nginx").environment
    at_once, per_minute = int(edge["LOGINS_AT_ONCE"]), int(edge["LOGINS_PER_MINUTE"])
    with Stopwatch() as alone:
        carol.sign_in()
    carol.sign_out()
    with Stopwatch() as flooded:
        seen = flood(at_once + per_minute + CLASS // 2)
    answers = [*chain(*seen.values())]
    assert [door for door, statuses in seen.items() if 429 not in statuses] == []
    with Stopwatch() as others:
        carol.sign_in()

    # One more than the burst: nginx counts what is in excess of the first.
    assert CLASS <= answers.count(403) <= 1 + at_once + per_minute * flooded.seconds / 60
    assert answers.count(429) >= CLASS / 2
    assert others.seconds < 10 * alone.seconds, f"others wait {others}, and before the flood {alone}"


@pytest.mark.check("read-only", profile="full", cls="c")
def test_only_what_must_be_written_can_be(alice, stack):
    """Whoever gets into a container cannot change its programs or fill its node's disk, and users keep all they need."""
    server = alice.start_server()
    places = {name: service.container().writable_places() for name, service in
              {"nginx": stack.service("nginx"), "hub": stack.service("hub"), "notebook": stack.servers_of(alice.name)[0]}.items()}

    assert places == {"nginx": {"/tmp"}, "hub": {"/tmp", "/srv/jupyterhub/state"}, "notebook": {"/tmp", "/home/jovyan"}}
    assert "returncode=0" in server.start_kernel().run(WHEEL)
    assert server.start_kernel().run("import mine, tempfile; print(mine.answer, tempfile.gettempdir())") == "42 /tmp\n"
    terminal = server.start_terminal()
    terminal.type("cp mine-1.0-py3-none-any.whl /tmp/ && expr 40 + 2")
    terminal.wait_until_shows("42")


@pytest.mark.check("limits-hold", profile="full", cls="c")
def test_a_greedy_notebook_harms_only_itself(alice, bob, stack):
    """A cell that eats memory or forks without end stops at its own limits, and its neighbours do not notice."""
    limits = limits_in(stack.service("hub").environment)
    server, neighbour = alice.start_server(), bob.start_server().start_kernel()

    with Traffic(bob, "/hub/api/user") as hub, Traffic(bob, f"{bob.server().path}api/status") as notebook:
        forked = server.start_kernel().run(FORKS.format(most=limits["Pids"] + 100))
        with pytest.raises(KernelDied):
            server.start_kernel().run(EATS.format(megabytes=limits["MemoryBytes"] // (1 << 20) + 200), deadline=60)

    assert int(forked.split()[0]) < limits["Pids"]
    assert "Resource temporarily unavailable" in forked
    assert (hub.failures, notebook.failures) == ({}, {})
    assert neighbour.run("print('well')") == "well\n"
    assert server.start_kernel().run("print('again')") == "again\n"
