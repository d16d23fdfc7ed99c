"""Names of services and volumes: whatever a user is called, Docker takes them and nobody shares them."""

import re

from hypothesis import given
from hypothesis import strategies as st
from names import client_id, service_name, volume_name

CATALOGUE = [
    "Jürgen Ødegård",
    "mail@site.dk",
    "a-b",
    "UPPER",
    "upper",
    "x" * 200,
    "testuser<'&\">",
    "測試",
    "a",
    "-",
]
A_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
texts = st.text(min_size=1, max_size=300)


@given(stack=texts, user=texts, server=st.text(max_size=30))
def test_any_name_is_one_that_docker_and_dns_take(stack, user, server):
    assert A_NAME.fullmatch(service_name(stack, user, server))
    assert A_NAME.fullmatch(volume_name(stack, user))


@given(st.lists(st.tuples(texts, texts, st.text(max_size=30)), unique=True, max_size=50))
def test_no_two_servers_share_a_name(servers):
    assert len({service_name(*server) for server in servers}) == len(servers)


def test_every_user_of_the_catalogue_has_a_name_of_their_own():
    assert len({service_name("stack", user) for user in CATALOGUE}) == len(CATALOGUE)
    assert len({volume_name("stack", user) for user in CATALOGUE}) == len(CATALOGUE)


def test_a_dash_does_not_make_two_servers_one():
    assert service_name("s", "a-b") != service_name("s", "a", "b")
    assert service_name("s", "a", "b-c") != service_name("s", "a-b", "c")


def test_a_named_server_takes_nobodys_login_away():
    """JupyterHub's own id of the server `b` of `a` is that of the server of `a-b`."""
    assert client_id("a", "b") == "jupyterhub-user-a!b"
    assert "!" not in client_id("!", "b").removesuffix("!b")


def test_two_stacks_do_not_share_a_user():
    assert service_name("one", "alice") != service_name("two", "alice")
    assert service_name("a" * 60 + "1", "alice") != service_name("a" * 60 + "2", "alice")


def test_an_operator_can_read_whose_it_is():
    assert service_name("lab", "mail@site.dk", "gpu").startswith("lab-mail-site-dk-gpu-")


def test_a_name_stays_the_same_from_one_version_to_the_next():
    """A changed rule would lose every running server and every user's files."""
    assert service_name("nbi-jupyter-service", "alice") == "nbi-jupyter-service-alice-3kfg3z3v4ogd7q5q"
    assert volume_name("nbi-jupyter-service", "alice") == "nbi-jupyter-service-alice-q5wghxwnacru6ace"
