"""A swarm that is not there: it answers the spawner's questions from a dict, for selftests of hub/ only."""

from itertools import count
from types import SimpleNamespace

from docker.errors import APIError, ImageNotFound, NotFound

PLENTY = 1000  # looks at a task before a test that waits for ever fails


class Swarm:
    """One node, its images, and services by name; a new service's task goes through `states`, one a look."""

    def __init__(self, states=("running",), err="", nodes=1, images=("image",)):
        self.states, self.err, self.nodes, self.images = states, err, nodes, images
        self.services, self.volumes, self.orders, self.looks, self.broken = {}, {}, [], count(), False
        self.log = []

    async def ask(self, method, *args, **kwargs):
        """What `docker.APIClient.<method>` would answer."""
        if self.broken:
            raise APIError("the engine is away")
        return getattr(self, f"_{method}")(*args, **kwargs)

    def add(self, name, labels):
        """A service that somebody made."""
        self.services[name] = {"ID": f"id-{name}", "Spec": {"Name": name, "Labels": labels}}

    def _info(self):
        return {"Swarm": {"Nodes": self.nodes}}

    def _inspect_image(self, name):
        if name not in self.images:
            raise ImageNotFound(f"No such image: {name}")
        return {"Id": f"sha256:{name}"}

    def _create_service(self, **order):
        self.orders.append(order)
        self.add(order["name"], order["labels"])
        return {"ID": f"id-{order['name']}"}

    def _inspect_service(self, name):
        return self.services[self._known(name)]

    def _remove_service(self, service_id):
        del self.services[self._known(service_id.removeprefix("id-"))]

    def _tasks(self, filters):
        self._known(filters["service"])
        look = next(self.looks)
        if look > PLENTY:
            raise AssertionError("looked for ever")
        state = self.states[min(look, len(self.states) - 1)]
        status = {"State": state, "Err": self.err}
        return [{"ID": "task", "CreatedAt": "1", "DesiredState": "running", "Status": status}]

    def _service_logs(self, name, **_):
        self._known(name)
        if isinstance(self.log, Exception):
            raise self.log
        return iter(self.log)

    def _inspect_volume(self, name):
        return self.volumes[name]

    def _remove_volume(self, name):
        del self.volumes[name]

    def _inspect_task(self, task_id):
        raise NotFound("gone")

    def _containers(self, **_):
        return []

    def _known(self, name):
        if name not in self.services:
            raise NotFound(f"service {name} not found")
        return name


def user(name="alice"):
    """As much of a JupyterHub user as a spawner asks for."""
    return SimpleNamespace(name=name, url=f"/user/{name}/", escaped_name=name)


def on(swarm, spawner):
    """The spawner with this swarm behind it."""
    spawner.docker = swarm.ask
    return spawner
