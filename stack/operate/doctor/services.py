"""Whether the stack's services run, and whether they keep falling over."""

from datetime import timedelta

from stack.operate.converge import last_error, moment
from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok, warn
from stack.operate.stack_objects import wanted_of

NAME = "services"
FALLS = 3               # so many ended tasks of one service within the hour: it keeps falling over
WITHIN = timedelta(hours=1)


def look(facts: Facts) -> list[Finding]:
    """Each service of the stack, by its tasks."""
    lives = []
    for service in facts.services:
        tasks = facts.tasks_of(service)
        running = sum(task["Status"]["State"] == task["DesiredState"] == "running" for task in tasks)
        falls = sum(task["Status"]["State"] in ("failed", "rejected")
                    and facts.asked - moment(task["Status"]["Timestamp"]) < WITHIN for task in tasks)
        lives.append((service.name, running, wanted_of(service), falls, last_error(tasks)))
    return judged(facts.settings.stack, lives)


def judged(stack: str, lives: list[tuple[str, int, int, int, str]]) -> list[Finding]:
    """`lives`: name, running and wanted tasks, falls within the hour, the swarm's last words."""
    if not lives:
        return [warn(f"no stack {stack} is deployed on this engine.", "It was removed, or DOCKER_HOST points elsewhere.",
                     "`make deploy` starts it.")]
    found = []
    for name, running, wanted, falls, words in lives:
        said = f"; the swarm says: {words}" if words else ""
        if running < wanted:
            found.append(bad(f"{name}: {running} of {wanted} tasks run{said}.", "It cannot start, or ends soon after.",
                             "`make logs` shows its last lines."))
        elif falls >= FALLS:
            found.append(warn(f"{name} fell over {falls} times within the hour{said}.",
                              "A limit that is too small, or a bad configuration.", "`make logs` shows its last lines."))
    return found or ok(f"{', '.join(name for name, *_ in sorted(lives))} run as wanted")
