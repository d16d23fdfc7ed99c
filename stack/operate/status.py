"""`make status`: what runs, what does not and why, in words. 0 if everything that should run runs."""

import argparse
import sys
from datetime import UTC, datetime

import docker

from stack.operate import engine
from stack.operate.converge import last_error, wait_until_converged
from stack.operate.settings import load
from stack.operate.stack_objects import notebooks_of, services_of, tasks_of, wanted_of
from stack.operate.verb import verb
from stack.operate.wait import RanOut


def line(client: docker.DockerClient, service, name: str) -> tuple[bool, str]:
    """Whether a service has its wanted tasks, and one line that says so."""
    tasks = tasks_of(client, service)
    wanted = wanted_of(service)
    running = [task for task in tasks if task["Status"]["State"] == "running" and task["DesiredState"] == "running"]
    if len(running) == wanted:
        return True, f"{name}: running since {running[0]['Status']['Timestamp'][:19].replace('T', ' ')} UTC"
    state = tasks[0]["Status"]["State"] if tasks else "no task"
    return False, f"{name}: {len(running)} of {wanted} running; newest task: {state}. {last_error(tasks)}".strip()


@verb
def main() -> int:
    """Print a line a service. 0: all run; 1: the stack or a part of it does not; 4: no engine or bad settings."""
    parser = argparse.ArgumentParser(prog="make status", description=__doc__)
    parser.add_argument("--wait", action="store_true", help="until all run, or cannot")
    wait = parser.parse_args().wait
    settings = load()
    client = engine.manager()
    services = services_of(client, settings)
    if not services:
        print(f"No stack {settings.stack} on the engine at {engine.endpoint()}. `make deploy` starts it.")
        return 1
    try:
        if wait:
            wait_until_converged(client, settings, datetime.now(UTC))
    except RanOut as failed:
        print(failed, file=sys.stderr)
    lines = [line(client, service, service.name) for service in sorted(services, key=lambda one: one.name)]
    lines += [line(client, service, f"notebook of {service.attrs['Spec']['Labels'].get('nbi.user', '?')}")
              for service in notebooks_of(client, settings)]
    print("\n".join(text for _, text in lines))
    return 0 if all(runs for runs, _ in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
