"""`make status`: what runs, since when and by which image; what does not and why; how many servers, and where. In words."""

import argparse
import sys
from datetime import UTC, datetime

from stack.operate import engine
from stack.operate.converge import moment, wait_until_converged
from stack.operate.inventory import Inventory
from stack.operate.settings import load
from stack.operate.stack_objects import services_of, wanted_of
from stack.operate.verb import verb
from stack.operate.wait import RanOut


def service_line(inventory: Inventory, service) -> tuple[bool, str]:
    """Whether a service of the stack has its wanted tasks, and one line that says so."""
    tasks, wanted = inventory.tasks_of(service), wanted_of(service)
    running = [task for task in tasks if is_running(task)]
    if len(running) < wanted:
        return False, f"{service.name}: {len(running)} of {wanted} running; {words_on(tasks)}"
    since = min(moment(task["Status"]["Timestamp"]) for task in running)
    health = inventory.health_of(running[0])
    words = [f"running since {since:%Y-%m-%d %H:%M:%S} UTC", health, inventory.image_of(service)]
    return True, f"{service.name}: {', '.join(filter(None, words))}"


def servers_lines(inventory: Inventory) -> tuple[bool, list[str]]:
    """Whether all users' servers run; how many do, by node and since when; and a line for each that does not."""
    ages, nodes, others = {}, {}, []
    for service in inventory.notebooks:
        tasks = inventory.tasks_of(service)
        task = next(filter(is_running, tasks), None)
        user = inventory.user_of(service)
        if task is None:
            others.append(f"server of {user}: not running; {words_on(tasks)}")
            continue
        ages[user] = moment(task["Status"]["Timestamp"])
        where = inventory.node_names.get(task["NodeID"], task["NodeID"])
        nodes[where] = nodes.get(where, 0) + 1
    if not ages:
        return not others, ["users' servers: none running", *others]
    oldest = min(ages, key=ages.get)
    spread = ", ".join(f"{number} on {node}" for node, number in sorted(nodes.items()))
    return not others, [f"users' servers: {len(ages)} running ({spread}); the oldest is {oldest}'s, since"
                        f" {ages[oldest]:%Y-%m-%d %H:%M:%S} UTC", *others]


def error_line(inventory: Inventory) -> str:
    """The newest thing that the swarm complained of, and when; it may be over."""
    services = [*inventory.services, *inventory.notebooks]
    ended = [(task["Status"]["Timestamp"], service.name, task["Status"]["Err"]) for service in services
             for task in inventory.tasks_of(service) if task["Status"].get("Err")]
    if not ended:
        return "last error: none that the swarm remembers"
    when, name, words = max(ended)
    return f"last error: {moment(when):%Y-%m-%d %H:%M:%S} UTC, {name}: {words}"


def is_running(task: dict) -> bool:
    """Running, and healthy where its image says what that is: before that the swarm calls it starting."""
    return task["Status"]["State"] == task["DesiredState"] == "running"


def words_on(tasks: list[dict]) -> str:
    """What became of the newest task, in the swarm's words."""
    if not tasks:
        return "the swarm has made no task yet"
    said = next((task["Status"]["Err"] for task in tasks if task["Status"].get("Err")), "")
    return f"newest task: {tasks[0]['Status']['State']}. {said}".strip()


def described(inventory: Inventory) -> tuple[bool, list[str]]:
    """Whether everything that should run runs, and all that there is to say."""
    lines = [service_line(inventory, service) for service in inventory.services]
    all_run, servers = servers_lines(inventory)
    text = [*(line for _, line in lines), *servers, error_line(inventory), inventory.engine_line()]
    return all_run and all(runs for runs, _ in lines), text


@verb
def main() -> int:
    """Print it. 0: all that should run runs; 1: the stack or a part of it does not; 4: no engine or bad settings."""
    parser = argparse.ArgumentParser(prog="make status", description=__doc__)
    parser.add_argument("--wait", action="store_true", help="until all run, or cannot")
    wait = parser.parse_args().wait
    settings = load()
    client = engine.manager()
    if not services_of(client, settings):
        print(f"No stack {settings.stack} on the engine at {engine.endpoint()}. `make deploy` starts it.")
        return 1
    try:
        if wait:
            wait_until_converged(client, settings, datetime.now(UTC))
    except RanOut as failed:
        print(failed, file=sys.stderr)
    all_run, lines = described(Inventory(client, settings))
    print("\n".join(lines))
    return 0 if all_run else 1


if __name__ == "__main__":
    sys.exit(main())
