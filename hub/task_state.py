"""What the swarm says about a service's tasks, in the few words that a spawner needs."""

from dataclasses import dataclass

# moby's order of states. What comes before `running` is on its way; upstream counted half of these as
# stopped.
COMING = ("new", "pending", "assigned", "accepted", "preparing", "ready", "starting")
ALIVE = (*COMING, "running")

_WORDS = {
    "new": "Your server is being given an address",
    "pending": "Looking for a node with room for your server",
    "assigned": "A node was chosen",
    "accepted": "A node was chosen",
    "preparing": "The node is fetching the image",
    "ready": "The node is starting the container",
    "starting": "The node is starting the container",
    "running": "The container runs; waiting for the server in it",
}


@dataclass(frozen=True)
class TaskState:
    """One service's present, as told by its newest task that is meant to run, else by its newest task.

    `name` is the swarm's own state, or "none" where there is no task; `reason` its own words (`Err`), or "".
    """

    name: str = "none"
    reason: str = ""
    address: str = ""
    exit_code: int = 0
    wanted: bool = True

    @property
    def is_alive(self) -> bool:
        """It runs or is on its way."""
        return self.wanted and self.name in ALIVE

    @property
    def has_ended(self) -> bool:
        """It will never run again. (No task at all says nothing: a new service has none for a moment.)"""
        return self.name != "none" and not self.is_alive

    @property
    def may_have_run(self) -> bool:
        """It has ended, perhaps after a container of it said why; a rejected task never had one."""
        return self.has_ended and self.name != "rejected"

    @property
    def is_running(self) -> bool:
        return self.wanted and self.name == "running"

    @property
    def is_unplaceable(self) -> bool:
        """No node takes it, for a reason that the swarm names; it keeps trying for ever."""
        return self.name == "pending" and bool(self.reason)

    @property
    def words(self) -> str:
        """One line for the user's page; nothing of it is trusted to be HTML."""
        if self.has_ended:
            return f"The swarm says '{self.name}': {self.reason or f'exit code {self.exit_code}'}"
        return _WORDS.get(self.name, "The swarm has the order") + (f": {self.reason}" if self.reason else "")


def read_tasks(tasks: list[dict], network: str = "") -> TaskState:
    """Reads `GET /tasks` of one service; `network` (name or id) chooses among a task's addresses."""
    if not tasks:
        return TaskState()
    # Newest last. A task that was replaced (drained node, forced update) is history, and says nothing of the
    # service.
    task = max(tasks, key=lambda task: (task.get("DesiredState") in ("running", "ready"), task["CreatedAt"]))
    status = task.get("Status", {})
    return TaskState(
        name=status.get("State", "new"),
        reason=status.get("Err", ""),
        address=_address(task, network),
        exit_code=(status.get("ContainerStatus") or {}).get("ExitCode", 0),
        wanted=task.get("DesiredState") in ("running", "ready"),
    )


def _address(task: dict, network: str) -> str:
    for attachment in task.get("NetworksAttachments") or []:
        of = attachment.get("Network", {})
        if network in (of.get("ID"), of.get("Spec", {}).get("Name")):
            return next((address.split("/")[0] for address in attachment.get("Addresses") or []), "")
    return ""
