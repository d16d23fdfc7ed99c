"""The auditor itself: whom it asks and how often, what it makes of silence, and that its own mistake is told."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from acceptance.harness.audit.auditor import Auditor
from acceptance.harness.audit.history import VIEWS
from acceptance.harness.audit.judgement import Bounds
from acceptance.harness.errors import EngineError, StackError
from acceptance.harness.wait import wait_until

ANN = ("ann", "")
SOON = Bounds(lag=0.2, moving=5, blind=5, step=1)


class World:
    """Hub, swarm, proxy and edge as a test wants them; an exception in the place of an answer is raised."""

    def __init__(self, servers=(ANN,)):
        self.told = dict.fromkeys(servers, False)
        self.made, self.routed, self.up = Counter(servers), Counter(servers), {*servers}
        self.knocks = 0

    def hub(self):
        return answered(self.told)

    def swarm(self):
        return answered(self.made), answered(self.made)

    def routes(self):
        return answered(self.routed)

    def answers(self, server):
        self.knocks += 1
        return server in answered(self.up)


def answered(value):
    if isinstance(value, Exception):
        raise value
    return value.copy()


@pytest.fixture
def watched():
    """watched(world): an auditor that looks often, and stops when the test ends."""
    begun = []

    def begin(world):
        begun.append(Auditor(world, every=0.02, bounds=SOON))
        begun[-1].start()
        return begun[-1]

    yield begin
    for auditor in begun:
        auditor.stop()


def until_looked(auditor, count=3):
    since = len(auditor.history)
    wait_until("some looks", lambda: len(auditor.history) >= since + count, deadline=5, every=0.01)


def test_a_server_that_all_know_settles_and_is_asked_at_the_edge_once(watched):
    world = World()
    auditor = watched(world)
    assert auditor.settle() == {ANN}
    until_looked(auditor)
    assert (auditor.breaches(), world.knocks) == ([], 1)


def test_a_server_that_was_there_is_asked_whether_it_went(watched):
    world = World()
    auditor = watched(world)
    auditor.settle()
    world.told, world.made, world.routed = {}, Counter(), Counter()
    wait_until("a breach", auditor.breaches, deadline=5)
    assert [breach.words for breach in auditor.breaches()] == [
        "the server of ann answers at the edge, and the hub does not count it as running"]
    world.up = set()
    until_looked(auditor)
    knocks = world.knocks
    until_looked(auditor)
    assert world.knocks == knocks


def test_a_server_that_the_sides_disagree_about_is_asked_again(watched):
    world = World()
    auditor = watched(world)
    auditor.settle()
    world.made, world.up = Counter(), set()
    wait_until("a breach", auditor.breaches, deadline=5)
    until_looked(auditor)
    assert [auditor.history[-1].count(view, ANN) for view in VIEWS] == [1, 0, 0, 1, 0]


def test_a_service_that_the_hub_does_not_know_is_a_breach_with_its_timeline(watched):
    world, began = World(), datetime.now(UTC)
    auditor = watched(world)
    auditor.settle()
    world.made = Counter({ANN: 1, ("zoe", ""): 1})
    assert auditor.settle() == frozenset()
    told = auditor.timeline(began)
    assert "the swarm has a service for the server of zoe of which the hub knows nothing" in told
    assert "zoe: hub 0, services 1, tasks 1, routes 0, edge 0" in told


@pytest.mark.parametrize("silence", [StackError("no answer"), EngineError("no engine"), OSError("no CA file")])
def test_silence_is_no_breach_and_no_agreement(watched, silence):
    world = World()
    auditor = watched(world)
    auditor.settle()
    world.told, world.made, world.up = silence, silence, set()
    until_looked(auditor, 20)
    assert auditor.breaches() == []
    with pytest.raises(StackError, match=f"hub could not be asked: {silence}"):
        auditor.settle()


def test_an_edge_that_cannot_be_asked_is_no_silence_of_a_server(watched):
    world = World()
    world.up = OSError("no CA file")
    auditor = watched(world)
    until_looked(auditor, 20)
    assert auditor.breaches() == []
    assert auditor.history[-1].asked == frozenset()
    assert "no CA file" in str(auditor.history[-1].why)


def test_the_auditors_own_mistake_is_told(watched):
    world = World()
    auditor = watched(world)
    auditor.settle()
    world.told = KeyError("pending")
    with pytest.raises(KeyError, match="pending"):
        wait_until("the mistake", lambda: auditor.breaches() and None, deadline=5, every=0.01)
    assert "by its own mistake: KeyError('pending')" in auditor.timeline(datetime.now(UTC))


def test_an_auditor_stops_twice():
    auditor = Auditor(World(), every=0.01)
    auditor.start()
    auditor.stop()
    auditor.stop()
