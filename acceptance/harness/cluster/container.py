"""One container, looked into through testinfra, as `docker exec` would."""

import shlex

import testinfra

from acceptance.harness.errors import EngineError

# The kernel's own file systems, which hold no files of anybody's, and where the kernel's devices are.
KERNELS = {"proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2"}
DEVICES = ("/dev", "/proc", "/sys")
# In /proc/net/tcp: the state, and how an address of loopback ends (127.x.x.x byte by byte from the end; ::1).
LISTENS, LOOPBACK = "0A", ("7F", "00000000000000000000000001000000")
# Docker's own three files, one each; and the engine's socket, which is a way and no place.
DOCKERS = {"/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/run/docker.sock"}


class Container:
    """A running container. `host` is testinfra's, for files, users and commands in it."""

    def __init__(self, container):
        self.docker = container
        self.host = testinfra.get_host(f"docker://{container.id}")

    def __repr__(self) -> str:
        return f"<Container {self.docker.name}>"

    @property
    def id(self) -> str:
        """The engine's id of it: a replaced container has another."""
        return self.docker.id

    @property
    def image_id(self) -> str:
        """The image that it was made from."""
        return self.docker.attrs["Image"]

    @property
    def addresses(self) -> dict[str, str]:
        """Its address on each network, by the network's name."""
        networks = self.docker.attrs["NetworkSettings"]["Networks"]
        return {name: network["IPAddress"] for name, network in networks.items()}

    def met_by(self, other: "Container") -> list[str]:
        """Its addresses on the networks that another container is on, too.

        Any other address of a swarm would lead that container out of the swarm, to whoever has it there.
        """
        return [address for name, address in self.addresses.items() if name in other.addresses]

    @property
    def started(self) -> str:
        """When its process was started: a restarted container keeps its id."""
        return self.docker.attrs["State"]["StartedAt"]

    def kill(self) -> None:
        """Kill its process without a warning, as the kernel does where memory ends; returns before the swarm has noticed."""
        self.docker.kill()

    def listening(self) -> set[int]:
        """The TCP ports at which it listens for others, as its kernel tells it; what listens on loopback is not among them."""
        tables = [self.host.file(f"/proc/net/{name}").content_string.splitlines()[1:] for name in ("tcp", "tcp6")]
        local = [line.split()[1] for table in tables for line in table if line.split()[3] == LISTENS]
        return {int(port, 16) for address, port in (each.split(":") for each in local) if not address.endswith(LOOPBACK)}

    def run(self, command: str) -> str:
        """What a shell command in the container prints. Raises EngineError with its stderr if it does not end with 0."""
        done = self.host.run(command)
        if done.rc != 0:
            said = done.stderr.strip() or done.stdout.strip()
            raise EngineError(f"{command!r} in {self.docker.name} ended with {done.rc}: {said}")
        return done.stdout

    def mounts(self) -> dict[str, str]:
        """Where things are mounted, as the kernel tells it: target -> the path of what lies there in its own file system."""
        fields = [line.split() for line in self.host.file("/proc/1/mountinfo").content_string.splitlines()]
        return {field[4]: field[3] for field in fields}

    def python(self, program: str, *arguments: str) -> str:
        """What a Python program (its text) prints in the container; raises like run()."""
        return self.run(shlex.join(["python", "-c", program, *arguments]))

    def writable_places(self) -> set[str]:
        """Where the kernel lets somebody write, by /proc/mounts: mount points of files, those of Docker left out."""
        mounts = [line.split()[1:4] for line in self.host.file("/proc/mounts").content_string.splitlines()]
        return {place for place, kind, options in mounts if "rw" in options.split(",") and kind not in KERNELS
                and not place.startswith(DEVICES) and place not in DOCKERS}

    def status_of(self, pid: int = 1) -> dict[str, str]:
        """/proc/PID/status as the kernel tells it: Uid, Gid, Groups, CapEff, CapBnd, NoNewPrivs, …"""
        text = self.host.file(f"/proc/{pid}/status").content_string
        return {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}
