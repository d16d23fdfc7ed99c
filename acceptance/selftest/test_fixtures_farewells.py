"""Whoever was in leaves, each once: the hub answers 500 to one who is asked to leave while leaving."""

import threading

import pytest

from acceptance.fixtures.farewells import Farewells


class Guest:
    """A user with one server, which takes until `gate` opens to stop."""

    def __init__(self, name, running, gate):
        self.name, self._running, self._gate = name, running, gate

    def is_signed_in(self):
        """Yes."""
        return True

    def servers(self):
        """The servers that run now; those of everybody with that name."""
        return [""] if self.name in self._running else []

    def request_stop(self, server):
        """As the hub: a second request while the first one is at work is an error."""
        if self.name in self._gate.stopping:
            raise RuntimeError(f"{self.name} pending stop")
        self._gate.stopping.add(self.name)
        self._gate.wait(0.2)
        self._running.discard(self.name)
        self._gate.stopping.discard(self.name)


@pytest.fixture
def gate():
    """Closed: a stop takes its time."""
    made = threading.Event()
    made.stopping = set()
    return made


def test_who_came_in_twice_leaves_once(gate):
    running, farewells = {"alice", "bob"}, Farewells()
    farewells.begin([Guest(name, running, gate) for name in ("alice", "bob", "alice")])
    farewells.settle()
    assert running == set()


def test_what_a_farewell_met_is_told(gate):
    farewells = Farewells()
    gate.stopping.add("alice")
    farewells.begin([Guest("alice", {"alice"}, gate)])
    with pytest.raises(RuntimeError, match="pending stop"):
        farewells.settle()
