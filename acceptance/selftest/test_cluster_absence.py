"""An engine that does not answer has not said that something is gone: every look of the operator's half passes its error on."""

import docker
import pytest
import requests

from acceptance.harness.cluster.image import Image
from acceptance.harness.cluster.leftovers import leftovers
from acceptance.harness.cluster.service import Service, is_ended
from acceptance.harness.cluster.stack import Stack
from acceptance.harness.wait import wait_until

ERRORS = [docker.errors.APIError("500 Server Error: rpc error: context deadline exceeded"), requests.ConnectionError("refused"),
          requests.ReadTimeout("read timed out")]
LOOKS = {
    "leftovers": lambda engine, stack: leftovers(engine, stack.label),
    "services": lambda engine, stack: stack.services(),
    "servers": lambda engine, stack: stack.servers(),
    "servers_of": lambda engine, stack: stack.servers_of("ann"),
    "containers": lambda engine, stack: stack.containers(),
    "containers_of": lambda engine, stack: stack.containers_of(Service(engine, "s1", "s")),
    "volumes_of": lambda engine, stack: stack.volumes_of("ann"),
    "tasks": lambda engine, stack: Service(engine, "s1", "s").tasks(),
    "is_converged": lambda engine, stack: Service(engine, "s1", "s").is_converged(),
    "is_ended": lambda engine, stack: is_ended(engine, "c1"),
    "image": lambda engine, stack: Image(engine, "hub:1").attrs,
    "wait until gone": lambda engine, stack: wait_until("it to be gone", lambda: not stack.servers(), deadline=60),
}


class Deaf:
    """Whatever is asked of this client, to any depth, is answered by the error."""

    def __init__(self, error):
        self._error = error

    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        raise self._error


class Of:
    """An engine with this client."""

    def __init__(self, client):
        self.client = client


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_not_an_absence(look, error):
    engine = Of(Deaf(error))
    with pytest.raises(type(error)):
        look(engine, Stack(engine, "s", "nbi.run=1"))


def test_what_the_engine_says_is_not_there_is_absent():
    assert Image(Of(Deaf(docker.errors.ImageNotFound("no such image"))), "hub:1").attrs == {}
