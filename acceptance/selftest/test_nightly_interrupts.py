"""Whoever stops a night, once or several times over, gets its last word and its line of the history, and finds nothing left."""

import json
import subprocess
import sys

import pytest

from acceptance import judged
from acceptance.nightly import history

# A night without an engine, with signals while argv[1] goes on, sent by that itself: it has begun by then, and not ended.
# `timeout` and make send them twice, a person in a hurry sends others.
NIGHT = """
import os, signal, sys
from acceptance import judged
from acceptance.nightly import __main__ as command, abandoned, context

RUN = '''
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})     # what is blocked waits until it is asked for
os.kill(os.getppid(), signal.SIGTERM)
signal.sigwait({signal.SIGTERM})
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    os.kill(os.getppid(), number)
print("verdict=ERROR exit=2 report=none")
sys.exit(2)
'''
sweeps = iter(("first", "last"))

def removed(reports, way):
    sweep = next(sweeps)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP) if sweep == sys.argv[1] else ():
        os.kill(os.getpid(), number)
    yield f"the {sweep} sweep is done"

abandoned.removed = removed
context.way_to = lambda name: {"DOCKER_HOST": "tcp://192.0.2.1:2375"}
told = 'print("verdict=PASS exit=0 report=none")'
judged.command = lambda *_, options: [sys.executable, "-c", RUN if sys.argv[1] == "run" else told]
sys.exit(command.main(["--context=swarm", f"--reports={sys.argv[2]}"]))
"""


@pytest.mark.parametrize(("during", "code", "said"), [
    ("first", 2, ["interrupted by SIGTERM: the stack was not judged", "the last sweep is done"]),
    ("run", 2, ["the first sweep is done", "verdict=ERROR exit=2 report=none", "the last sweep is done"]),
    ("last", 0, ["the first sweep is done", "verdict=PASS exit=0 report=none", "the last sweep is done"]),
])
def test_a_night_that_is_stopped_ends_as_any_other(tmp_path, during, code, said):
    words = [sys.executable, "-c", NIGHT, during, tmp_path]
    done = subprocess.run(words, cwd=judged.CHECKS.parent, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, "")
    *lines, compared, last = done.stdout.splitlines()
    assert lines == said
    assert compared.endswith("the first night of this context and profile")
    assert last == f"verdict=ERROR exit={code} report=none"     # nobody wrote results
    assert [json.loads(line)["exit"] for line in (tmp_path / history.FILE).read_text().splitlines()] == [code]
