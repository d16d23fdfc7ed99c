"""`make remove`: take the stack away with its database; users' volumes stay unless VOLUMES=1."""

import argparse
import subprocess
import sys
from contextlib import suppress

import docker

from stack.operate import engine
from stack.operate.settings import Settings, load
from stack.operate.stack_objects import NAMESPACE, NOTEBOOK, networks_of, notebooks_of, services_of
from stack.operate.verb import verb
from stack.operate.wait import RanOut, wait_until


def remove(client: docker.DockerClient, settings: Settings, users_volumes: bool) -> None:
    """Remove everything of this stack, and return when the swarm has let go of it. Raises RanOut with what is left.

    All services are told at once, since each takes some seconds to end; and the notebooks once more, which the hub may have
    started while it went. Then the rest of the stack: a network with tasks on it cannot go. `docker stack rm` alone leaves
    the notebooks running (dockerspawner#250).
    """
    stack, notebook = f"{NAMESPACE}={settings.stack}", f"{NOTEBOOK}={settings.stack}"
    first = notebooks_of(client, settings)
    tell(services_of(client, settings) + first)
    wait_until("the stack's services to stop", lambda: names(containers(client, stack)), deadline=60)
    last = notebooks_of(client, settings)
    tell(last)
    wait_until("the notebooks to stop", lambda: names(tasks_containers(client, first + last)), deadline=60)
    # Again where it fails: it does if anything that it listed is gone by the time it gets there.
    wait_until("docker stack rm to go through", lambda: refusal(settings), deadline=30, every=1)
    wait_until(f"stack {settings.stack} to go", lambda: left(client, settings), deadline=120)
    volumes = client.volumes.list(filters={"label": stack})
    volumes += client.volumes.list(filters={"label": notebook}) if users_volumes else []
    for volume in volumes:
        volume.remove()


def tell(services: list) -> None:
    """Tell services to go; one that somebody else removed meanwhile is what we wanted."""
    for service in services:
        with suppress(docker.errors.NotFound):
            service.remove()


def refusal(settings: Settings) -> str:
    """Run docker stack rm; its last words if it failed, else nothing."""
    done = subprocess.run(["docker", "stack", "rm", settings.stack], env=settings.exported(), capture_output=True, text=True)
    return done.stderr.strip() or f"exit {done.returncode}" if done.returncode else ""


def containers(client: docker.DockerClient, label: str) -> list[dict]:
    """Containers of this engine with a label, running or not."""
    return client.api.containers(all=True, filters={"label": label})


def tasks_containers(client: docker.DockerClient, services: list) -> list[dict]:
    """Containers of these services on this engine, also after the services themselves are gone."""
    ids = {service.id for service in services}
    return [one for one in client.api.containers(all=True) if one["Labels"].get("com.docker.swarm.service.id") in ids]


def names(found: list[dict]) -> str:
    """Container names in one line; empty for none."""
    return ", ".join(container["Names"][0].lstrip("/") for container in found)


def left(client: docker.DockerClient, settings: Settings) -> str:
    """What the engine still has of the stack: services, containers, networks, configs, secrets; empty for nothing.

    A network is gone only when the engine no longer lists it: a deploy before that would fail (moby#29293).
    """
    label, ours = {"label": f"{NAMESPACE}={settings.stack}"}, networks_of(settings)
    found = [f"service {service.name}" for service in client.services.list(filters=label) + notebooks_of(client, settings)]
    found += [f"container {names([one])}" for one in containers(client, label["label"])]
    found += [f"network {name}" for name in ours.intersection(network["Name"] for network in client.api.networks())]
    found += [f"config {config.name}" for config in client.configs.list(filters=label)]
    found += [f"secret {secret.name}" for secret in client.secrets.list(filters=label)]
    return ", ".join(found)


@verb
def main() -> int:
    """0 when nothing is left but what should stay; 4 without an engine; 11 with something left behind."""
    parser = argparse.ArgumentParser(prog="make remove", description=__doc__)
    parser.add_argument("--volumes", action="store_true", help="delete the users' volumes, with all their files, too")
    users_volumes = parser.parse_args().volumes
    settings = load()
    client = engine.manager()
    try:
        remove(client, settings, users_volumes)
    except (RanOut, docker.errors.DockerException) as failed:
        print(f"{failed}\nRun `make remove` again; `make status` tells what is left.", file=sys.stderr)
        return 11
    kept = client.volumes.list(filters={"label": f"{NOTEBOOK}={settings.stack}"})
    print(f"stack {settings.stack} is gone, and the hub's database with it"
          + (f"; users' volumes kept: {len(kept)} (VOLUMES=1 deletes them)" if kept else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
