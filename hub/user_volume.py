"""The volume with a user's files: what it lies on, and how it goes."""

from collections.abc import Awaitable, Callable

from docker.errors import NotFound
from docker.types import DriverConfig


def driver_of(volume: str, driver: str, options: dict[str, str]) -> DriverConfig | None:
    """What the node is told about making `volume`; None for its own default.

    `{volume}` in an option becomes the volume's name: without it a share on another host would be one home
    for all users.
    """
    if not (driver or options):
        return None
    return DriverConfig(
        driver or "local", {name: value.replace("{volume}", volume) for name, value in options.items()} or None
    )


class UserVolume:
    """The volume `name`. It is ours if its labels say this stack and user; another's is never touched.

    `ask(method, …)` calls that method of `docker.APIClient`, whose errors pass through.
    """

    def __init__(self, ask: Callable[..., Awaitable], name: str, stack: str, user: str):
        self._ask, self.name = ask, name
        self._ours = {"nbi.stack": stack, "nbi.user": user}

    async def delete(self) -> str:
        """Deletes it with all its files, if this node has it; says in words what it did."""
        try:
            found = await self._ask("inspect_volume", self.name)
        except NotFound:
            return f"this node has no volume {self.name}; another may have it: `docker volume rm` there"
        if not self._ours.items() <= (found.get("Labels") or {}).items():
            return f"volume {self.name} was not made by this hub, so it stays"
        await self._ask("remove_volume", self.name)
        return f"volume {self.name} is deleted"
