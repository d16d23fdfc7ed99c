"""A system command: run it, or say what it said when it failed."""

import os
import shlex
import shutil
import subprocess

from acceptance.harness.errors import EngineError
from acceptance.harness.settings import environment

# The system's own folders come along: a user's PATH may lack those of root's commands, and cron's does.
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def is_on_path(name: str) -> bool:
    """Would `output_of` find the command `name`?"""
    return shutil.which(name, path=_path()) is not None


def output_of(*command, **options) -> str:
    """What `command` prints; raises EngineError with the command and its last words if it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PATH": _path()},
            **options,
        )
    except FileNotFoundError:
        raise EngineError(
            f"`{command[0]}` is not on this machine's PATH: install it, or run as root "
            "on Debian or Ubuntu so that it is installed"
        ) from None
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines()[-5:]
        raise EngineError(
            f"`{shlex.join(str(part) for part in command)}` ended {done.returncode}: "
            + (" / ".join(words) or "it said nothing")
        )
    return done.stdout


def _path() -> str:
    return f"{environment().get('PATH', '')}:{SYSTEM_PATH}".lstrip(":")
