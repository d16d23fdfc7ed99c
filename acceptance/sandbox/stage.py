"""Where a story of the proof plays, and what can happen there."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from acceptance.harness import knock
from acceptance.harness.errors import EngineError, StackError
from acceptance.harness.wait import wait_until
from acceptance.sandbox import cgroups, tls
from acceptance.sandbox.command import output_of
from acceptance.sandbox.engine_api import EngineApi
from acceptance.sandbox.sandbox import Sandbox
from acceptance.sandbox.slot import Slot

ROOT = Path(__file__).parents[2]
SERVICE = """service create --detach --network proof --endpoint-mode dnsrr
    --mount type=volume,source=proof,target=/proof proof:1 /usr/bin/sleep 1000"""
# What `sleep` needs of an engine's tree, the folders being links into usr/ there.
SLEEP = [
    "bin",
    "lib",
    "lib64",
    "usr/bin/sleep",
    "usr/lib64/ld*",
    "usr/lib/ld*",
    "usr/lib/*/ld-*",
    "usr/lib/*/libc.so.6",
]


@dataclass
class Stage:
    """Where one story plays: slot 1 of a cache of its own, with the engine `version`."""

    home: Path
    version: str

    @property
    def slot(self) -> Slot:
        """The slot that `up` takes first."""
        return Slot(self.home / "nbi-jupyter-service", 1)

    @property
    def engine(self) -> EngineApi:
        """Node 1."""
        return EngineApi(self.slot.run / "node-1" / "docker.sock")

    def sandbox(self, *arguments: str) -> str:
        """What the sandbox's command line says; raises EngineError if it fails."""
        home = f"XDG_CACHE_HOME={self.home}"
        return output_of("env", home, sys.executable, "-m", "acceptance.sandbox", *arguments, cwd=ROOT)

    def up(self, *more: str) -> str:
        """Have a kept sandbox, as an operator has it."""
        return self.sandbox("up", "--engine-version", self.version, *more)

    def start(self, *arguments: str) -> subprocess.Popen:
        """A process of Python on this stage, still running."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=os.environ | {"XDG_CACHE_HOME": str(self.home)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_interrupts,
        )

    def docker(self, *arguments: str) -> str:
        """What the docker client says to a command given to node 1."""
        return output_of("docker", "--host", f"unix://{self.engine.path}", *arguments)

    def work(self) -> None:
        """A service with a volume runs; the image for it is a program of the engine's own tree."""
        archive, parts = self.home / "sleep.tar", _sleep_in(self.slot.cache / "engines" / self.version)
        output_of("tar", "-C", self.slot.cache / "engines" / self.version, "-cf", archive, *parts)
        self.docker("import", str(archive), "proof:1")
        self.docker("network", "create", "--driver", "overlay", "proof")
        self.docker(*SERVICE.split())
        wait_until(
            "the service to run", self.is_working, deadline=60, hint=lambda: str(self.engine.get("/tasks"))
        )

    def knock(self) -> None:
        """Port 2376 opens to the certificate that was made for it, and to nobody without."""
        own, keys = self.slot.run / "node-1" / "tls", self.home / "keys"
        keys.mkdir()
        for name, theirs in (("docker_cert", "cert.pem"), ("docker_key", "key.pem")):
            (keys / theirs).write_bytes((own / name).read_bytes())
        door = f"https://{Sandbox.of(self.slot).address}:{tls.PORT}/version"
        opened, refused = knock.answer(door, keys=keys), knock.answer(door)
        if (opened[0], refused[0]) != (True, False):
            raise StackError(f"{door} told its client: {opened[1]}; and told one without certificate: {refused[1]}")

    def is_working(self) -> bool:
        """Does a task of the service run now?"""
        return any(task["Status"]["State"] == "running" for task in self.engine.get("/tasks"))

    def kill_engines(self) -> None:
        """kill -9 of every dockerd of the sandbox."""
        engines = [
            process for process in cgroups.processes_of(self.slot.name) if _name_of(process) == "dockerd"
        ]
        if not engines:
            raise EngineError("no dockerd was found to be killed")
        for process in engines:
            os.kill(process, signal.SIGKILL)


def _sleep_in(engine: Path) -> list[str]:
    """The files of the tree `engine` without which its `sleep` does not run."""
    return [str(path.relative_to(engine)) for pattern in SLEEP for path in engine.glob(pattern)]


def _name_of(process: int) -> str:
    return Path(f"/proc/{process}/comm").read_text().strip()


def _hear_interrupts() -> None:
    """What a shell started in the background inherits that Ctrl-C is ignored; a story would then play another one."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
