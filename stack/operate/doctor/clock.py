"""Whether the clocks of this host, the engine and the nodes agree."""

from datetime import UTC, datetime

from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok, warn

NAME = "clock"
UNEASY, WRONG = 5, 60           # seconds; certificates, tokens and the culler's reports live by the clock


def look(facts: Facts) -> list[Finding]:
    """The engine's clock in the middle of a question, and the nodes' clocks by what they last reported."""
    before = datetime.now(UTC)
    told = facts.client.info()["SystemTime"]
    middle = before + (datetime.now(UTC) - before) / 2
    names = {node["ID"]: node["Description"]["Hostname"] for node in facts.nodes}
    return judged({"the engine": (datetime.fromisoformat(told) - middle).total_seconds(),
                   **{f"node {names.get(node, node)}": drift for node, drift in drifts(facts.tasks).items()}})


def drifts(tasks: list[dict]) -> dict[str, float]:
    """How far each node's clock is at least from the manager's: the node stamps that a task runs, the manager all else.

    A stamp from before the task was made, or from after it was written down, can only come from a wrong clock.
    """
    found: dict[str, float] = {}
    for task in tasks:
        if task["Status"]["State"] == task["DesiredState"] == "running" and task.get("NodeID"):
            stamped = datetime.fromisoformat(task["Status"]["Timestamp"])
            behind, ahead = (min(0, (stamped - datetime.fromisoformat(task["CreatedAt"])).total_seconds()),
                             max(0, (stamped - datetime.fromisoformat(task["UpdatedAt"])).total_seconds()))
            found[task["NodeID"]] = max(found.get(task["NodeID"], 0), behind, ahead, key=abs)
    return found


def judged(ahead: dict[str, float]) -> list[Finding]:
    """How many seconds each clock is ahead of the one that it was compared with."""
    far = {whose: seconds for whose, seconds in ahead.items() if abs(seconds) > UNEASY}
    found = [(bad if abs(seconds) > WRONG else warn)(
        f"the clock of {whose} is {abs(seconds):.0f} s {'ahead' if seconds > 0 else 'behind'}.",
        "No time service runs there, or it reaches no server.", "Start one (chrony, systemd-timesyncd) there and here.")
        for whose, seconds in far.items()]
    return found or ok(f"{', '.join(ahead)} within {UNEASY} s")
