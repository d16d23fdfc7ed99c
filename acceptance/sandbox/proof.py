"""`python -m acceptance.sandbox.proof [ENGINE_VERSION…]`: real sandboxes come and go, and nothing is left.

Each story has a cache of its own inside the real one, so that it meets nobody's sandbox; engines are shared.
"""

import shutil
import signal
import subprocess
import sys
import time

from acceptance.harness.errors import StackError
from acceptance.harness.wait import wait_until
from acceptance.sandbox import machine, preflight, tree
from acceptance.sandbox.slot import inner_home
from acceptance.sandbox.stage import Stage

OWNER = """import sys
from acceptance.sandbox import Sandbox
Sandbox.up(2, sys.argv[1], say=lambda words: print(words, flush=True))
sys.stdin.read()
"""


def comes_and_goes(stage: Stage) -> None:
    """up, by TLS too, a service at work, down"""
    stage.up("--tls")
    stage.work()
    stage.knock()
    stage.sandbox("down")


def run_is_killed(stage: Stage) -> None:
    """kill -9 of a run in the middle of its work, then down"""
    with stage.start("-c", OWNER, stage.version) as owner:
        wait_until("the run's swarm", lambda: "swarm made" in owner.stdout.readline(), deadline=120, every=0)
        stage.work()
        if "left alone" not in stage.sandbox("down"):
            raise StackError("`down` ended the sandbox of a living run")
        owner.kill()
    stage.sandbox("down")


def engine_is_killed(stage: Stage) -> None:
    """kill -9 of dockerd with a service at work, then down"""
    stage.up()
    stage.work()
    stage.kill_engines()
    stage.sandbox("down")


def slot_is_used_again(stage: Stage) -> None:
    """kill -9 of dockerd, then up in the same slot: the image is there, all else is not; then down"""
    stage.up()
    stage.work()
    stage.kill_engines()
    stage.up()
    survivors = {
        path: stage.engine.get(path) for path in ("/services", "/tasks", "/containers/json?all=1", "/volumes")
    }
    survivors["/volumes"] = survivors["/volumes"]["Volumes"]
    if any(survivors.values()):
        raise StackError(f"these outlived their sandbox: {survivors}")
    stage.docker("image", "inspect", "proof:1")
    stage.sandbox("down")


def start_is_interrupted(stage: Stage) -> None:
    """Ctrl-C at several moments of up, which cleans itself"""
    for moment in (0.3, 0.5, 0.7, 0.9, 1.1, 1.3):
        with stage.start(
            "-m", "acceptance.sandbox", "up", "--nodes", "2", "--engine-version", stage.version
        ) as owner:
            time_is_up(owner, moment)
        if stage.slot.run.exists() and owner.returncode:
            raise StackError(f"Ctrl-C after {moment} s left {stage.slot.run}")
    stage.sandbox("down")


def two_at_once(stage: Stage) -> None:
    """two runs at the same moment take two slots and two networks"""
    with stage.start("-c", OWNER, stage.version) as one, stage.start("-c", OWNER, stage.version) as other:
        for owner in (one, other):
            wait_until(
                "a run's swarm", lambda owner=owner: "swarm made" in owner.stdout.readline(), deadline=120
            )
        told = stage.sandbox("status")
        one.kill(), other.kill()
    if told.count("in use by process") != 2:
        raise StackError(f"two runs should be in two slots: {told}")
    stage.sandbox("down")


STORIES = (
    comes_and_goes,
    run_is_killed,
    engine_is_killed,
    slot_is_used_again,
    start_is_interrupted,
    two_at_once,
)


def time_is_up(process: subprocess.Popen, seconds: float) -> None:
    """Interrupt `process` when it has run for `seconds`, unless it ended before, and wait for its end."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        process.communicate()   # to its last word: a pipe that is closed before would be one more accident


def prove(story, version: str) -> None:
    """Play `story`; raises StackError if the machine is not afterwards as it was before."""
    home, begun = inner_home("proof-"), time.monotonic()
    stage = Stage(home, version)
    before = machine.look(stage.slot.name[:-1])
    try:
        story(stage)
        machine.compare(before, machine.look(stage.slot.name[:-1]))
    finally:
        stage.sandbox("down", "--all")
        shutil.rmtree(home)
    print(
        f"proof: engine {version}: {story.__doc__}: nothing is left ({time.monotonic() - begun:.1f} s)",
        flush=True,
    )


if __name__ == "__main__":
    for wanted in sys.argv[1:] or tree.SUITES:
        tree.ready_tree(preflight.made_ready(wanted), wanted)
        for each in STORIES:
            prove(each, wanted)
