"""A system command: run it, or say what it said when it failed."""

import shlex
import subprocess

from acceptance.harness.errors import EngineError


def output_of(*command, **options) -> str:
    """What `command` prints; raises EngineError with the command and its last words if it fails."""
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False,
                              **options)
    except FileNotFoundError:
        raise EngineError(f"`{command[0]}` is not on this machine's PATH: install it, or run as root "
                          "on Debian or Ubuntu so that it is installed") from None
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines()[-5:]
        raise EngineError(f"`{shlex.join(str(part) for part in command)}` ended {done.returncode}: "
                          + (" / ".join(words) or "it said nothing"))
    return done.stdout
