"""The scanner's environment is made once, by whichever run needs it first."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from acceptance.fixtures.intruders import ready
from acceptance.harness.errors import EngineError

# Stands for python: it takes its time to make an environment, and refuses one that somebody else has begun.
SLOW = """#!/bin/sh
if [ "$2" = venv ]; then mkdir "$3" && mkdir "$3/bin" && cp "$0" "$3/bin/python" && sleep 0.3; fi
"""
BROKEN = """#!/bin/sh
mkdir "$3"; echo 'ensurepip is not available' >&2; exit 1
"""


@pytest.fixture
def python(tmp_path):
    """python(text): a program that stands for Python."""

    def made(text):
        path = tmp_path / "python"
        path.write_text(text)
        path.chmod(0o700)
        return str(path)

    return made


def test_of_two_runs_one_makes_it_and_the_other_waits(python, tmp_path):
    fake = python(SLOW)
    with ThreadPoolExecutor(2) as runs:
        found = [*runs.map(lambda _: ready(fake, tmp_path / "scanner-x"), range(2))]
    assert [path.is_file() for path in found] == [True, True]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["python", "scanner-x", "scanner-x.lock"]


def test_one_that_could_not_be_made_is_told_and_made_anew(python, tmp_path):
    with pytest.raises(EngineError, match="cannot be installed.*ensurepip"):
        ready(python(BROKEN), tmp_path / "scanner-x")
    assert subprocess.run([ready(python(SLOW), tmp_path / "scanner-x")]).returncode == 0
