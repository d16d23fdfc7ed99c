"""One image of an engine, by the name that it was given."""

import docker

from acceptance.harness.cluster.engine import Engine


class Image:
    """The image called `name`."""

    def __init__(self, engine: Engine, name: str):
        self.engine, self.name = engine, name

    def __repr__(self) -> str:
        return f"<Image {self.name}>"

    def remove(self) -> None:
        """Take it from the engine, with every name and layer of its own; it may be gone already."""
        try:
            self.engine.client.images.remove(self.name, force=True)
        except docker.errors.ImageNotFound:
            return
