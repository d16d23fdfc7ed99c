"""One node: a dockerd in namespaces of its own."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from acceptance.harness.errors import EngineError, StackError
from acceptance.harness.wait import wait_until
from acceptance.sandbox import cgroups, resolver, store
from acceptance.sandbox.command import SYSTEM_PATH, output_of
from acceptance.sandbox.engine_api import EngineApi

SCRIPT = Path(__file__).with_name("node.sh")
# All else of the caller's environment, tokens and DOCKER_HOST among it, is none of an engine's business.
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


@dataclass(frozen=True)
class Node:
    """Number `number` of the sandbox called `sandbox`.

    `address` is in the network of its bridge, `run` the folder of its socket and log, `store` its data-root.
    """

    sandbox: str
    number: int
    address: str
    run: Path
    store: Path

    @property
    def hostname(self) -> str:
        """The name of the machine that it takes itself for."""
        return f"{self.sandbox}-node-{self.number}"

    @property
    def docker_host(self) -> str:
        """Its DOCKER_HOST on this machine."""
        return f"unix://{self.run}/docker.sock"

    @property
    def tls(self) -> Path:
        """Where its certificates lie, if it listens by TLS; dockerd has its run folder as /run/nbi."""
        return self.run / "tls"

    @property
    def api(self) -> EngineApi:
        """Its engine."""
        return EngineApi(self.run / "docker.sock")

    def start(self, tree: Path, gateway: str, resolv_conf: str, more: list[str]) -> None:
        """Start its dockerd in a session that outlives us; it can be used after `wait_until_answering`.

        `tree` is its root file system, `resolv_conf` the text of dockerd's own resolv.conf, `more` are options
        of dockerd besides those of every node.
        """
        (self.run / "scratch").mkdir(parents=True)
        (self.run / "resolv.conf").write_text(resolv_conf)
        self.store.mkdir(parents=True, exist_ok=True)
        store.wipe(self.store)  # after a reboot nothing but this remembers the last swarm
        with (self.run / "dockerd.log").open("ab") as log:
            subprocess.run(
                ["sh", str(SCRIPT), "outside", *self._dockerd_arguments(), *more],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
                env=self._environment(tree, gateway),
            )

    def wait_until_answering(self) -> None:
        """Return when the engine answers; raises EngineError with the end of its log if it does not."""
        try:
            wait_until(
                f"{self.hostname} to answer", self.api.is_answering, deadline=90, hopeless=self._why_ended
            )
        except StackError as late:
            raise EngineError(
                f"dockerd of {self.hostname} does not come up: {late}. The end of its log:\n{self.log_end()}"
            ) from None

    def log_end(self, lines: int = 8) -> str:
        """The last lines that its dockerd wrote and that are no mere progress."""
        written = (self.run / "dockerd.log").read_text(errors="replace").splitlines()
        return "\n".join([line for line in written if "level=info" not in line][-lines:])

    def _why_ended(self) -> str | None:
        return None if cgroups.processes_of(self._cgroup) else "its first process ended"

    @property
    def _cgroup(self) -> str:
        return f"{self.sandbox}/engine-{self.number}"

    def _dockerd_arguments(self) -> list[str]:
        return [
            "--host=unix:///run/docker.sock",
            "--host=unix:///run/nbi/docker.sock",
            "--storage-driver=overlay2",
            "--log-driver=json-file",
            "--exec-opt=native.cgroupdriver=cgroupfs",
            f"--cgroup-parent=/{self.sandbox}/node-{self.number}",
            f"--label=nbi.edge={self.address}",
            f"--mtu={_mtu_of_the_way_out()}",
            # Containers ask the real servers, also where dockerd itself was made deaf.
            *(f"--dns={server}" for server in resolver.servers_in(resolver.conf())),
        ]

    def _environment(self, tree: Path, gateway: str) -> dict[str, str]:
        settings = {
            "CGROUP": cgroups.make(self._cgroup),
            "HOSTNAME": self.hostname,
            "VETH": f"{self.sandbox}n{self.number}",
            "BRIDGE": self.sandbox,
            "ADDRESS": self.address,
            "GATEWAY": gateway,
            "RUN": self.run,
            "TREE": tree,
            "STORE": self.store,
        }
        passed_on = {name: value for name, value in os.environ.items() if name.upper() in PROXIES}
        return (
            passed_on
            | {"PATH": SYSTEM_PATH}
            | {f"NBI_{name}": str(value) for name, value in settings.items()}
        )


def _mtu_of_the_way_out() -> int:
    routes = json.loads(output_of("ip", "-json", "route", "show", "default"))
    if not routes:
        return 1500
    return json.loads(output_of("ip", "-json", "link", "show", "dev", routes[0]["dev"]))[0]["mtu"]
