"""The hub on PostgreSQL, by stack/postgres.yml."""

import pytest

from acceptance.harness.site import Traffic, wait_until_served

pytestmark = pytest.mark.usefixtures("on_postgres")
NAMES = "psql --host=/tmp --no-align --tuples-only --command='SELECT name FROM users' jupyterhub"
# Somebody on the hub's own network who has another password, or none.
GUESS = """python -c "
import psycopg
for word in ('guess', ''):
    try:
        psycopg.connect('postgresql://jupyterhub@postgres/jupyterhub', password=word, connect_timeout=5)
        print('came in')
    except psycopg.OperationalError as error:
        print(error)
" """
CALL = """
import socket
try:
    socket.create_connection(("postgres", 5432), timeout=3)
    print("reached")
except OSError as error:
    print(type(error).__name__)
"""


@pytest.mark.check("postgres-closed", profile="full", cls="d")
def test_the_database_answers_the_hub_alone(alice, stack):
    """What the hub knows of everybody is told to the hub, by its password, and not to a notebook that asks."""
    kernel = alice.start_server().start_kernel()
    service = stack.service("postgres")
    container = service.container()
    status = container.status_of(1)
    notebook = stack.servers_of(alice.name)[0].container()

    assert alice.name in container.run(NAMES).split()
    assert stack.network_names(service) == {f"{stack.name}_database"}
    assert stack.network_names(service).isdisjoint(stack.network_names(stack.service("nginx")))
    said = stack.service("hub").container().run(GUESS)
    assert "came in" not in said and "password authentication failed" in said and "no password supplied" in said
    assert container.met_by(notebook) == []
    assert kernel.run(CALL) == "gaierror\n"
    assert (status["Uid"].split()[1], status["CapEff"], status["NoNewPrivs"]) == ("999", "0000000000000000", "1")


@pytest.mark.check("postgres-killed", profile="full", cls="d")
def test_users_outlive_a_killed_database(alice, stack, measured):
    """A crashed database comes back by itself with all that it knew, and the hub goes on without a restart."""
    kernel = alice.start_server().start_kernel()
    kernel.run("x = 42")
    hub, before = stack.service("hub").container().id, stack.service("postgres").container().id

    with Traffic(alice, "/hub/api/user") as traffic:
        stack.service("postgres").kill_task()
        stack.wait_until_converged()
        wait_until_served(traffic, deadline=60)

    measured("postgres-killed outage", traffic.outage)
    assert stack.service("postgres").container().id != before
    assert stack.service("hub").container().id == hub
    assert alice.is_signed_in() and alice.is_running()
    assert kernel.run("print(x)") == "42\n"
