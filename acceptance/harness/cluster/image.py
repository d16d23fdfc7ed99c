"""One image of an engine, by the name that it was given."""

import docker

from acceptance.harness.cluster.engine import Engine
from acceptance.harness.errors import StackError


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
        """A name that a person recognises: of the repository that was named, not `latest`, and short, each if it has one."""
        repository = self.name.rpartition(":")[0]
        return min(self.attrs.get("RepoTags") or [""],
                   key=lambda tag: (tag.rpartition(":")[0] != repository, tag.endswith(":latest"), len(tag)))

    @property
    def digest(self) -> str:
        """Its digest in a registry; empty if it never was in one."""
        return next(iter(self.attrs.get("RepoDigests") or []), "").rpartition("@")[2]

    @property
    def revision(self) -> str:
        """The revision that its label tells."""
        return (self.attrs.get("Config", {}).get("Labels") or {}).get("org.opencontainers.image.revision", "")

    def run(self, *command: str, label: str) -> str:
        """What a command prints in a container of it, which bears the label, has no network, and goes again.

        Raises StackError with its words where it does not end with 0: the image is at fault.
        """
        run, labels = self.engine.client.containers.run, dict([label.split("=", 1)])
        try:
            said = run(self.name, list(command), labels=labels, network_mode="none", remove=True)
        except docker.errors.ContainerError as error:
            fact = f"{' '.join(command)} in a container of {self.name} ended with {error.exit_status}"
            raise StackError(f"{fact}: {(error.stderr or b'').decode(errors='replace').strip()}") from error
        return said.decode(errors="replace")

    def remove(self) -> None:
        """Take it from the engine, with every name and layer of its own; it may be gone already."""
        try:
            self.engine.client.images.remove(self.name, force=True)
        except docker.errors.ImageNotFound:
            return
