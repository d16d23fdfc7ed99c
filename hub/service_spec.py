"""The order that a spawner gives to the swarm for one server."""

from dataclasses import dataclass, field

from docker.types import (
    ContainerSpec,
    DriverConfig,
    EndpointSpec,
    Mount,
    Placement,
    Resources,
    RestartPolicy,
    TaskTemplate,
)

SECOND = 10**9  # the Docker API counts in nanoseconds


@dataclass(frozen=True)
class ServiceSpec:
    """All that distinguishes one user's service. Sizes in bytes, CPUs as a float, times in seconds.

    The `extra_…` dicts are upstream's, merged last: the operator's word counts, and mounts come on top of
    the user's volume.
    """

    name: str
    image: str
    labels: dict[str, str]
    env: dict[str, str]
    network: str
    volume: str
    home: str
    args: list[str] | None = None
    volume_driver: DriverConfig | None = None
    memory: int | None = None
    memory_reserved: int | None = None
    cpus: float | None = None
    cpus_reserved: float | None = None
    pids: int | None = None
    stop_grace: int = 10
    read_only: bool = False
    extra_container: dict = field(default_factory=dict)
    extra_resources: dict = field(default_factory=dict)
    extra_placement: dict = field(default_factory=dict)
    extra_task: dict = field(default_factory=dict)

    def as_create_kwargs(self) -> dict:
        """Keyword arguments of `docker.APIClient.create_service`."""
        return {
            "name": self.name,
            "labels": self.labels,
            "task_template": self._task(),
            # No virtual address: nothing to balance between, one address less of a subnet that limits the
            # number of users (moby#43052), no cut of connections idle for 900 s (moby#31208), and no need of
            # IP_VS.
            "endpoint_spec": EndpointSpec(mode="dnsrr"),
        }

    def _task(self) -> TaskTemplate:
        parts = {
            "container_spec": self._container(),
            "resources": self._resources(),
            # A user who quits the server, or whose server crashed, finds it stopped; otherwise the swarm
            # would start it again behind the hub's back.
            "restart_policy": RestartPolicy(condition="none"),
            "placement": Placement(**self.extra_placement),
            # A cell that prints for ever must not fill the node's disk.
            "log_driver": DriverConfig("json-file", {"max-size": "10m", "max-file": "2"}),
            "networks": [self.network],
        }
        return TaskTemplate(**(parts | self.extra_task))

    def _container(self) -> ContainerSpec:
        parts = {
            "image": self.image,
            "args": self.args,
            "env": self.env,
            "labels": self.labels,
            "mounts": [self._mount(), *self._scratch(), *self.extra_container.get("mounts", [])],
            "read_only": self.read_only,
            "cap_drop": ["ALL"],
            "stop_grace_period": self.stop_grace * SECOND,
            "init": False,  # the image brings its own (tini), whatever the node's daemon defaults to
        }
        more = {key: value for key, value in self.extra_container.items() if key != "mounts"}
        return ContainerSpec(**(parts | more))

    def _mount(self) -> Mount:
        # The volume is made by the node that runs the task, from this order; so its labels must come this
        # way.
        return Mount(self.home, self.volume, labels=self.labels, driver_config=self.volume_driver)

    def _scratch(self) -> list[Mount]:
        # What is read-only needs a place for passing files; it counts as memory, so it must end before that does.
        half = (self.memory or 2**30) // 2
        return [Mount("/tmp", None, "tmpfs", tmpfs_size=half, tmpfs_mode=0o1777)] if self.read_only else []

    def _resources(self) -> Resources:
        parts = {
            "mem_limit": self.memory,
            "mem_reservation": self.memory_reserved,
            "cpu_limit": _nano(self.cpus),
            "cpu_reservation": _nano(self.cpus_reserved),
        }
        resources = Resources(**(parts | self.extra_resources))
        if self.pids:
            resources.setdefault("Limits", {})["Pids"] = (
                self.pids
            )  # the SDK has no argument for it (API 1.41)
        return resources


def _nano(cpus: float | None) -> int | None:
    return int(cpus * 10**9) if cpus else None
