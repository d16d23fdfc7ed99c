"""One deployed stack: its services, and what its hub made for users."""

from acceptance.harness.cluster.census import attached_to, servers_of_run
from acceptance.harness.cluster.engine import Engine
from acceptance.harness.cluster.service import Service
from acceptance.harness.wait import wait_until

NAMESPACE = "com.docker.stack.namespace"


class Stack:
    """The stack `name` on an engine. Users' services are found by what every JupyterHub spawner sets, never by our names."""

    def __init__(self, engine: Engine, name: str, label: str):
        self.engine, self.name, self.label = engine, name, label

    def __repr__(self) -> str:
        return f"<Stack {self.name}>"

    def services(self) -> list[Service]:
        """The stack's own services, by name."""
        return self._services(f"{NAMESPACE}={self.name}")

    def service(self, name: str) -> Service:
        """One of the stack's own services, as the stack file calls it. Raises StackError if it does not come to be."""
        wanted = f"{self.name}_{name}"
        return wait_until(f"service {wanted}", lambda: next((s for s in self.services() if s.name == wanted), None), deadline=10)

    def wait_until_converged(self, deadline: float = 120) -> None:
        """Return when all services have converged. Raises StackError at the deadline, or at once when it is hopeless."""
        wait_until(f"stack {self.name} to converge", lambda: all(service.is_converged() for service in self.services()),
                   deadline=deadline, hopeless=lambda: "; ".join(filter(None, (s.hopelessness() for s in self.services()))),
                   hint=lambda: "; ".join(filter(None, (s.last_error() for s in self.services()))))

    def servers(self) -> list[Service]:
        """The services of all users' servers that this run's hub made."""
        found = [Service(self.engine, one["ID"], one["Spec"]["Name"]) for one in servers_of_run(self.engine, self.label)]
        return sorted(found, key=lambda service: service.name)

    def servers_of(self, user: str) -> list[Service]:
        """The services of one user's servers, asked now."""
        return [service for service in self.servers() if service.environment["JUPYTERHUB_USER"] == user]

    def running(self) -> dict[str, str]:
        """The container of each service that runs now, users' servers too: name of the service -> id."""
        return {service.name: service.container().id for service in self.services() + self.servers()}

    def holders_of(self, secret: str) -> set[str]:
        """The names of the stack's services that are given a secret."""
        return {service.name for service in self.services()
                if any(entry["File"]["Name"] == secret for entry in service.container_spec.get("Secrets") or [])}

    def containers_of(self, service: Service) -> list:
        """Containers of a service on this engine, ended ones too, also after the service itself is gone."""
        return self.engine.client.containers.list(all=True, ignore_removed=True,
                                                  filters={"label": f"com.docker.swarm.service.id={service.id}"})

    def containers(self) -> list:
        """Every container of the run on this engine, ended ones too."""
        return self.engine.client.containers.list(all=True, ignore_removed=True, filters={"label": self.label})

    def users_volumes(self) -> list:
        """The volumes of all users."""
        return self.engine.client.volumes.list(filters={"label": [f"nbi.stack={self.name}", "nbi.user"]})

    def volumes_of(self, user: str) -> list:
        """The volumes that carry this user's label."""
        return [volume for volume in self.users_volumes() if volume.attrs["Labels"]["nbi.user"] == user]

    def network_names(self, service: Service) -> set[str]:
        """The names of the networks that a service's spec puts it on."""
        names = {network["Id"]: network["Name"] for network in self.engine.client.api.networks()}
        return {names.get(wanted, wanted) for wanted in attached_to(service.attrs)}

    def _services(self, label: str) -> list[Service]:
        found = self.engine.client.services.list(filters={"label": label})
        return sorted((Service(self.engine, one.id, one.name) for one in found), key=lambda service: service.name)
