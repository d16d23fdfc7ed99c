"""Whether the swarm runs what the stack asks for: actual tasks = wanted tasks, running (and healthy, which swarm waits for)."""

from datetime import UTC, datetime

import docker

from stack.operate.settings import Settings
from stack.operate.stack_objects import services_of, tasks_of, wanted_of
from stack.operate.wait import RanOut, wait_until

# A task whose container never became healthy ends as "complete".
ENDED = ("failed", "rejected", "complete")
HOPELESS = 3           # so many new tasks of one service ended: a restart loop, not a stumble


def wait_until_converged(client: docker.DockerClient, settings: Settings, since: datetime, deadline: float = 180) -> None:
    """Return when every service of the stack runs its newest spec.

    Raises RanOut at the deadline; at once for a task that swarm rejects or that keeps ending; and for an update that
    swarm rolled back. The message carries the task's own Err.
    """
    wait_until(f"stack {settings.stack} to converge",
               lambda: "; ".join(filter(None, (lack(client, service, since) for service in services_of(client, settings)))),
               deadline=deadline)


def lack(client: docker.DockerClient, service, since: datetime) -> str:
    """What this service still lacks, in words; empty if it has converged. Raises RanOut where that is hopeless."""
    update = service.attrs.get("UpdateStatus") or {}
    tasks = tasks_of(client, service)
    if update.get("State", "").startswith("rollback") and moment(update.get("StartedAt")) >= since:
        raise RanOut(f"{service.name} was rolled back to what ran before: {update.get('Message')}; {last_error(tasks)}")
    ended = [task for task in tasks if task["Status"]["State"] in ENDED and moment(task["CreatedAt"]) >= since]
    if ended and (ended[0]["Status"]["State"] == "rejected" or len(ended) >= HOPELESS) and update.get("State") != "updating":
        raise RanOut(f"{service.name} does not start: {last_error(ended)}")
    wanted = wanted_of(service)
    running = [task for task in tasks if is_current(task, service) and task["Status"]["State"] == "running"]
    if len(running) == wanted and update.get("State") in (None, "completed", "rollback_completed"):
        return ""
    newest = tasks[0]["Status"]["State"] if tasks else "no task yet"
    return f"{service.name} {len(running)}/{wanted} ({newest}{', ' + last_error(tasks) if last_error(tasks) else ''})"


def is_current(task: dict, service) -> bool:
    """Whether swarm wants this task to run and made it from the service's present spec."""
    spec = service.attrs["Spec"]["TaskTemplate"]
    return task["DesiredState"] == "running" and all(
        task["Spec"].get(part) == spec.get(part) for part in ("ContainerSpec", "ForceUpdate", "Resources"))


def last_error(tasks: list[dict]) -> str:
    """Swarm's own words on the newest task that has any."""
    return next((task["Status"]["Err"] for task in tasks if task["Status"].get("Err")), "")


def moment(text: str | None) -> datetime:
    """The API's time of day, which has nanoseconds; the beginning of time where there is none."""
    return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC) if text else datetime.min.replace(tzinfo=UTC)
