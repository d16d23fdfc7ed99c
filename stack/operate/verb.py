"""How an operator's command ends when it cannot go on: in words on stderr and an exit code, never in a traceback."""

import functools
import os
import sys
from collections.abc import Callable

import docker
import requests

from stack.operate import engine
from stack.operate.settings import Refused


def verb(main: Callable[[], int]) -> Callable[[], int]:
    """A command's main() that also ends well where it raises.

    4 for what was Refused, 14 for an engine that went away, 2 for Ctrl-C and for a reader (`| head`) that has gone.
    """

    @functools.wraps(main)
    def ended() -> int:
        # A pipe gets what is said in the order in which it is said: the last word, on stderr, comes last.
        sys.stdout.reconfigure(line_buffering=True)
        try:
            return main()
        except Refused as refused:
            print(refused, file=sys.stderr)
            return 4
        except (docker.errors.DockerException, requests.RequestException) as failed:
            print(f"The engine at {engine.endpoint()} went away or refused ({engine.root_cause(failed)}). `docker info` tells"
                  " whether it answers; then try again.", file=sys.stderr)
            return 14
        except KeyboardInterrupt:
            print("interrupted; `make status` tells what there is now, and `make remove` takes it away", file=sys.stderr)
            return 2
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())      # Python's own last flush would complain again
            return 2

    return ended
