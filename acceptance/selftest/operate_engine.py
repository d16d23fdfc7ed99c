"""An engine that is not there: what the operator's commands ask of the Docker SDK, answered from lists. Selftests only."""

from types import SimpleNamespace

from docker.errors import APIError, ImageNotFound

MANAGER = {"ControlAvailable": True, "LocalNodeState": "active", "Nodes": 1, "NodeAddr": "192.0.2.7"}


class Docker:
    """A client of an engine with these things on it; lists may be changed between two questions."""

    def __init__(self, swarm=MANAGER, labels=("nbi.edge=127.0.0.9",), images=()):
        self.swarm, self.labels = swarm, list(labels)
        self.all_services, self.all_containers, self.all_networks, self.all_tasks = [], [], [], []
        self.services = SimpleNamespace(list=lambda filters=None: [*self.all_services])
        self.containers = self.configs = self.secrets = SimpleNamespace(list=lambda filters=None: [])
        self.images = Images(images)
        self.api = SimpleNamespace(
            containers=lambda **_: [*self.all_containers],
            networks=lambda **_: [*self.all_networks],
            tasks=lambda filters: [*self.all_tasks],
        )

    def info(self):
        """As the engine tells it."""
        return {"Swarm": self.swarm, "Labels": self.labels, "Plugins": {"Volume": ["local", "example/sshfs:latest"]}}

    def add_network(self, name, subnet):
        """A network that is there already."""
        self.all_networks.append({"Id": f"id-{name}", "Name": name, "IPAM": {"Config": [{"Subnet": subnet}]}})

    def add_service(self, name, port=None, **attrs):
        """A service that is there already, and the port that it publishes."""
        ports = {"EndpointSpec": {"Ports": [{"TargetPort": 443, "PublishedPort": port}]}} if port else {}
        spec = {"Name": name, "Mode": {"Replicated": {"Replicas": 1}}, "TaskTemplate": {}, **ports}
        self.all_services.append(SimpleNamespace(id=f"id-{name}", name=name, attrs={"Spec": spec, **attrs}))
        return self.all_services[-1]

    def add_container(self, name, port, **labels):
        """A container that runs already, and the port that it publishes."""
        self.all_containers.append({"Names": [f"/{name}"], "Labels": labels, "Ports": [{"PublicPort": port}]})


class Images:
    """The engine's images by name; no registry has any."""

    def __init__(self, names):
        self.names = names

    def get(self, name):
        """The image, or what the SDK raises."""
        if name not in self.names:
            raise ImageNotFound(f"No such image: {name}")
        return SimpleNamespace(id=f"sha256:{name}")

    def get_registry_data(self, name):
        """No registry answers."""
        raise APIError(f"{name} from nowhere", explanation="no such host")
