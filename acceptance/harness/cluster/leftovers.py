"""What an engine still has of a run: everything that carries the run's label."""

from collections.abc import Iterable

from acceptance.harness.cluster.engine import Engine


def leftovers(engine: Engine, label: str) -> list[str]:
    """'kind name' of every service, container, network, volume, config and secret with the label, sorted.

    Raises what the Docker SDK raises: an engine that cannot be asked has not said that nothing is left.
    """
    client, chosen = engine.client, {"label": label}
    found = [f"service {service.name}" for service in client.services.list(filters=chosen)]
    found += [f"container {container['Names'][0].lstrip('/')}" for container in client.api.containers(all=True, filters=chosen)]
    found += [f"network {network['Name']}" for network in client.api.networks(filters=chosen)]
    found += [f"volume {volume['Name']}" for volume in client.api.volumes(filters=chosen)["Volumes"] or []]
    found += [f"config {config.name}" for config in client.configs.list(filters=chosen)]
    found += [f"secret {secret.name}" for secret in client.secrets.list(filters=chosen)]
    return sorted(found)


def unchosen(left: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """What a removal did that nobody chose: 'kind name is left', or 'kind name is gone' of what was to stay."""
    found, kept = set(left), set(chosen)
    return sorted([f"{thing} is left" for thing in found - kept] + [f"{thing} is gone" for thing in kept - found])
