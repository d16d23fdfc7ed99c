"""What a server wrote before it ended is read while its service is there. The swarm is fake."""

import asyncio

from docker.errors import APIError
from swarm_service import SwarmService

from acceptance.selftest.hub_swarm import Swarm


def last_words(log):
    """What the service says of a server that wrote this."""
    swarm = Swarm()
    swarm.add("alice", {})
    swarm.log = log
    return asyncio.run(SwarmService(swarm.ask, "alice", {}).last_words())


def test_last_words_come_in_pieces():
    assert last_words([b"OSError: Read-only ", b"file system\n"]) == "OSError: Read-only file system"


def test_who_wrote_nothing_has_no_last_words():
    assert last_words([]) == ""


def test_a_log_that_cannot_be_read_says_why():
    assert last_words(APIError("the log driver cannot")) == "(they cannot be read: the log driver cannot)"
