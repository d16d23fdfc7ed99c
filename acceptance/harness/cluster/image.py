"""One image of an engine, by the name that it was given."""

import docker

from acceptance.harness.cluster.engine import Engine


class Image:
    """The image called `name`."""

    def __init__(self, engine: Engine, name: str):
        self.engine, self.name = engine, name

    def __repr__(self) -> str:
        return f"<Image {self.name}>"

    @property
    def attrs(self) -> dict:
        """The image as the API tells it; empty if this engine does not have it."""
        try:
            return self.engine.client.images.get(self.name).attrs
        except docker.errors.ImageNotFound:
            return {}

    @property
    def id(self) -> str:
        """Its id, the hash of its configuration."""
        return self.attrs.get("Id", "")

    @property
    def tag(self) -> str:
        """A name that a person recognises; `latest` only if there is no better one."""
        return min(self.attrs.get("RepoTags") or [""], key=lambda tag: tag.endswith(":latest"))

    @property
    def digest(self) -> str:
        """Its digest in a registry; empty if it never was in one."""
        return next(iter(self.attrs.get("RepoDigests") or []), "").rpartition("@")[2]

    @property
    def revision(self) -> str:
        """The revision that its label tells."""
        return (self.attrs.get("Config", {}).get("Labels") or {}).get("org.opencontainers.image.revision", "")

    def remove(self) -> None:
        """Take it from the engine, with every name and layer of its own; it may be gone already."""
        try:
            self.engine.client.images.remove(self.name, force=True)
        except docker.errors.ImageNotFound:
            return
