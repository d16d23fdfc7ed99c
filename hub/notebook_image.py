"""Which image to name in the order, so that starting a server costs no look into a registry."""

from collections.abc import Awaitable, Callable

from docker.errors import ImageNotFound


async def image_here(ask: Callable[..., Awaitable], name: str) -> str:
    """The id of image `name` where the swarm is this one node and has it, else `name`.

    An image by name is looked for in a registry at every start; where none answers, that costs 20 s a spawn.
    An id never is. With several nodes only the name leads all of them to the same image.
    """
    if (await ask("info"))["Swarm"].get("Nodes") != 1:
        return name
    try:
        return (await ask("inspect_image", name))["Id"]
    except ImageNotFound:
        return name  # the swarm may get it from its registry, or says why not
