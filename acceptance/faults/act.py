"""A pytest plugin for the judged run of one fault: acts on the engine once the stack stands.

Loaded by the runner with `-p`; an ordinary run knows nothing of it.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from acceptance.faults.fault import load
from acceptance.harness.errors import EngineError
from acceptance.harness.settings import environment

STACK = "stack"  # the fixture that deploys; its value has the name of the stack


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option, for the runner's use."""
    parser.addoption(
        "--fault-file", type=Path, help="the fault whose `act` is done after the stack is deployed"
    )


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> Iterator[object]:
    """Acts when the stack has just come to be; a check judges it afterwards as it judges any other."""
    value = yield
    if fixturedef.argname == STACK and fixturedef.scope == "session":
        for command in load(request.config.option.fault_file).patch.act:
            # As it is now: a run that started its own engine has pointed DOCKER_HOST there.
            _do(command, {**environment(), "STACK_NAME": value.name})
    return value


def _do(command: str, variables: dict[str, str]) -> None:
    """Runs a shell command; raises EngineError with its words: a fault that did not happen proves nothing."""
    done = subprocess.run(
        ["sh", "-ec", command], env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EngineError(
            f"the fault could not be done: {command!r} ended {done.returncode}: {done.stderr.strip()}"
        )
