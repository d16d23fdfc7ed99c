"""A deploy that failed is told by its own words and kind, whatever pytest-docker wraps them into."""

from types import SimpleNamespace

import pytest

from acceptance.fixtures.judged_stack import note_images
from acceptance.fixtures.stack import here, told
from acceptance.harness.errors import EngineError, SettingsError, StackError


class Remembers:
    """A run that remembers why its stack never came up."""

    dead = ""

    def never_came_up(self, words):
        self.dead = words


def wrapped(code, words):
    """What pytest-docker raises when its compose command ends badly."""
    return Exception(f'Command python -m shim up returned {code}: """{words}\n""".')


@pytest.mark.parametrize(("code", "kind"), [(4, SettingsError), (10, StackError), (14, EngineError), (1, EngineError)])
def test_the_shims_exit_code_says_whose_fault_it_is(code, kind):
    error = told(Remembers(), wrapped(code, "the words"))
    assert (type(error), str(error)) == (kind, "the words")


def test_a_stack_that_never_came_up_is_dead_and_no_other_failure_is():
    dead, refused = Remembers(), Remembers()
    told(dead, wrapped(10, "hub does not start"))
    told(refused, wrapped(4, "Port 443 is taken"))
    assert (dead.dead, refused.dead) == ("hub does not start", "")


def test_each_complaint_stays_one():
    assert told(Remembers(), wrapped(4, "Port 443 is taken.\nHUB_IMAGE=x is nowhere.")).complaints == [
        "Port 443 is taken.", "HUB_IMAGE=x is nowhere."]


@pytest.mark.parametrize("error", [StackError("images"), SettingsError(["x"]), KeyboardInterrupt("SIGTERM"), KeyError("x")])
def test_what_is_no_word_of_the_shim_stays_what_it_is(error):
    assert (type(told(Remembers(), error)), str(told(Remembers(), error))) == (type(error), str(error))


OWN = "node.id==n1"


@pytest.mark.parametrize(("nodes", "given"), [(1, {}), (3, {"EDGE_PLACEMENT": OWN, "NOTEBOOK_PLACEMENT": OWN})])
def test_nginx_and_servers_are_where_they_are_looked_at(nodes, given):
    swarm = {"Swarm": {"NodeID": "n1", "Nodes": nodes}}
    assert here(SimpleNamespace(client=SimpleNamespace(info=lambda: swarm))) == given


def test_what_was_built_is_what_is_judged_though_nothing_came_up():
    run, client = SimpleNamespace(facts=SimpleNamespace(images={})), SimpleNamespace()
    client.images = SimpleNamespace(get=lambda name: SimpleNamespace(attrs={"Id": f"sha256:{name}", "RepoTags": [name]}))
    note_images(run, SimpleNamespace(client=client), {"HUB_IMAGE": "h:1", "NGINX_IMAGE": "n:1", "NOTEBOOK_IMAGE": "s:1"})
    assert {part: image.id for part, image in run.facts.images.items()} == {
        "hub": "sha256:h:1", "notebook": "sha256:s:1", "nginx": "sha256:n:1"}
