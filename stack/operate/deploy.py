"""`make deploy`: check, hash, `docker stack deploy`, wait until it runs. What it ends with: `deploy=OK|REFUSED|FAILED exit=N`."""

import hashlib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import docker

from stack.operate import converge, engine, preflight, secrets, stack_files
from stack.operate.builder import BuildFailed
from stack.operate.images import built
from stack.operate.settings import Refused, Settings, load
from stack.operate.stack_objects import NAMESPACE, services_of
from stack.operate.verb import verb
from stack.operate.wait import RanOut


def deploy(client: docker.DockerClient, settings: Settings) -> None:
    """Bring the running stack to what the settings say. Raises Refused before anything is made, RanOut after."""
    if complaints := preflight.complaints(client, settings):
        raise Refused(complaints)
    secrets.ensure(settings, engine.edge_host(client))
    variables = {**settings.exported(), **contents(settings), **image_names(client, settings)}
    files = [part for path in settings.stack_files for part in ("--compose-file", str(path))]
    # Whole seconds, as moments read from the API have.
    since = datetime.now(UTC).replace(microsecond=0)
    # --prune: a service goes with the overlay that brought it. Notebooks have no label of the stack, and stay.
    command = ["docker", "stack", "deploy", "--prune", *login(), *files, settings.stack]
    done = subprocess.run(command, env=variables, capture_output=True, text=True)
    print(done.stdout.strip(), flush=True)
    if done.returncode:
        raise RanOut(f"docker stack deploy ended with {done.returncode}: {done.stderr.strip().splitlines()[-1]}")
    converge.wait_until_converged(client, settings, since)
    prune(client, settings)


def login() -> list[str]:
    """Has the nodes pull with the docker client's login, where it has one; without one, images are anybody's to pull."""
    return [] if docker.auth.load_config().is_empty else ["--with-registry-auth"]


def contents(settings: Settings) -> dict[str, str]:
    """A hash of each config's and secret's file, for its name (…_HASH): a changed content is a new object in swarm."""
    paths = stack_files.files(settings, "configs") | stack_files.files(settings, "secrets")
    return {f"{name.upper()}_HASH": f"-{digest(path)}" for name, path in paths.items()}


def digest(path: Path) -> str:
    """12 hex digits that tell one content from another. They betray nothing: each secret has 128 random bits or more."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def image_names(client: docker.DockerClient, settings: Settings) -> dict[str, str]:
    """Each image by a name that cannot change its meaning: its id where this engine is the whole swarm.

    An id is also never pulled, where a name costs each task a failed pull as long as no registry has it.
    """
    names = built(client, settings)
    if not engine.is_single_node(client):
        return names
    return {setting: id_of(client, name) for setting, name in names.items()}


def id_of(client: docker.DockerClient, name: str) -> str:
    """The id of an image that is here; its name as given if only a registry has it."""
    try:
        return client.images.get(name).id
    except docker.errors.ImageNotFound:
        return name


def prune(client: docker.DockerClient, settings: Settings) -> None:
    """Remove configs and secrets of former contents, but not what a service would go back to in a rollback."""
    for thing in unused(client, settings):
        thing.remove()


def unused(client: docker.DockerClient, settings: Settings) -> list:
    """The stack's configs and secrets that no service has, nor would have after a rollback."""
    used = set()
    for service in services_of(client, settings):
        for spec in ("Spec", "PreviousSpec"):
            container = service.attrs.get(spec, {}).get("TaskTemplate", {}).get("ContainerSpec", {})
            used |= {entry["ConfigID"] for entry in container.get("Configs") or []}
            used |= {entry["SecretID"] for entry in container.get("Secrets") or []}
    label = {"label": f"{NAMESPACE}={settings.stack}"}
    return [thing for thing in [*client.configs.list(filters=label), *client.secrets.list(filters=label)] if thing.id not in used]


@verb
def main() -> int:
    """0 when the stack has converged, 4 when nothing was touched, 10 when it did not come up."""
    try:
        settings = load()
        client = engine.manager()
        deploy(client, settings)
    except Refused as refused:
        print(f"{refused}\ndeploy=REFUSED exit=4", file=sys.stderr)
        return 4
    except (RanOut, BuildFailed, docker.errors.DockerException, OSError) as failed:
        print(f"{failed}\n`make status` and `make logs` tell more; `make remove` takes it away.\ndeploy=FAILED exit=10",
              file=sys.stderr)
        return 10
    print(f"stack {settings.stack} is up: {engine.edge_url(client, settings['HTTPS_PORT'])}")
    print("deploy=OK exit=0", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
