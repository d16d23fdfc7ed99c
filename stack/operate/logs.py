"""`make logs`: the last lines of each container of the stack on this engine, notebooks too.

Read from the containers: `docker service logs` can hang for minutes after a task was replaced.
"""

import argparse
import sys

from stack.operate import engine
from stack.operate.settings import load
from stack.operate.stack_objects import NAMESPACE, NOTEBOOK
from stack.operate.verb import verb


@verb
def main() -> int:
    """Print the last lines of each container, oldest container first. 0, or 4 without an engine."""
    parser = argparse.ArgumentParser(prog="make logs", description=__doc__)
    parser.add_argument("--lines", type=int, default=50, help="how many of each container")
    lines = parser.parse_args().lines
    settings = load()
    client = engine.connect()
    for label in (f"{NAMESPACE}={settings.stack}", f"{NOTEBOOK}={settings.stack}"):
        for container in reversed(client.containers.list(all=True, filters={"label": label})):
            print(f"==> {container.name} ({container.status})")
            print(container.logs(tail=lines).decode(errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
