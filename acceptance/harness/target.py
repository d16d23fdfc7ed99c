"""A service that runs already, as a run or a probe meets it: its addresses, whom to trust, and who may use it."""

import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from acceptance.harness.errors import SettingsError

if TYPE_CHECKING:
    from acceptance.harness.accounts import GivenAccounts

T = TypeVar("T")
# No path, since the hub is at the root; no user or password, since this stands on a command line.
URL = re.compile(r"https://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:(?P<port>\d{1,5}))?/?")
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
# Of a run that deploys; by option key, with the values that say nothing.
WITHOUT_EFFECT = {"engine": ("", "auto"), "engine_version": ("",), "hub_image": ("",), "previous_hub_image": ("",),
                  "notebook_image": ("",), "nginx_image": ("",), "keep": ("", "0"), "https_port": ("",), "faults": ("",),
                  "source": ("",)}
ONLY_WITH = ("accounts", "ca_file", "disruptive")


@dataclass(frozen=True)
class Target:
    """The edge at `url`, which answers plain http at `plain_url` (empty: nobody has said where)."""

    url: str
    plain_url: str
    ca: Path
    accounts: "GivenAccounts"
    disruptive: bool = False


def target_of(given: Mapping[str, str], environment: Mapping[str, str]) -> Target | None:
    """The target among the given settings (by Option.key); None without one. Raises SettingsError with every complaint."""
    complaints: list[str] = []
    if not given.get("target"):
        complaints += [f"{key.upper()}={given[key]}: it is of a service that runs: say which by TARGET=https://…"
                       for key in ONLY_WITH if given.get(key, "") not in ("", "0")]
        return _whole(None, complaints)
    address = URL.fullmatch(given["target"])
    if not address or not 0 < int(address["port"] or 443) <= 65535:
        complaints.append("TARGET: not https://host or https://host:port, with nothing behind it and no password in it")
    complaints += [f"{key.upper()}={given[key]}: nothing is deployed with TARGET, so this has no effect: leave it out"
                   for key, silent in WITHOUT_EFFECT.items() if given.get(key, "") not in silent]
    ca = _gathered(complaints, lambda: trusted(given.get("ca_file", "")))
    accounts = _gathered(complaints, lambda: _accounts(given.get("accounts", ""), environment))
    if given.get("disruptive", "") not in ("", "0", "1"):
        complaints.append(f"DISRUPTIVE={given['disruptive']}: unknown; choose one of 0, 1")
    return _whole(address and Target(f"https://{_host(address)}{_port(address)}", _plain(address, given), ca, accounts,
                                     given.get("disruptive") == "1"), complaints)


def trusted(file: str) -> Path:
    """The CAs to trust: those of a file, or this machine's. Raises SettingsError where they are none."""
    path = Path(file).absolute() if file else next((path for path in map(Path, BUNDLES) if path.is_file()), None)
    if path is None:
        raise SettingsError(f"CA_FILE: none is given, and this machine's is at none of {', '.join(BUNDLES)}: name one")
    try:
        ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"CA_FILE={path}: no file of certificates (PEM) that can be read: {error}") from error
    return path


def _accounts(file: str, environment: Mapping[str, str]) -> "GivenAccounts":
    # Here, since settings are also read where the environment that has a reader of YAML is still to be made.
    from acceptance.harness.accounts import load

    if not file:
        raise SettingsError("TARGET: a service is judged by people who use it: say who they are by ACCOUNTS=accounts.yaml")
    return load(Path(file), environment)


def _host(address: re.Match[str]) -> str:
    """As clients write it: an answer's address is compared with this one, and they write a host in small letters."""
    return address["host"].lower()


def _port(address: re.Match[str]) -> str:
    """The port behind the host, without leading zeros, where it is not the usual one."""
    port = int(address["port"] or 443)
    return "" if port == 443 else f":{port}"


def _plain(address: re.Match[str], given: Mapping[str, str]) -> str:
    """Where plain http answers: at HTTP_PORT, or at the usual port beside the usual one for https."""
    if given.get("http_port"):
        return f"http://{_host(address)}:{given['http_port']}"
    return "" if _port(address) else f"http://{_host(address)}"


def _gathered(complaints: list[str], read: Callable[[], T]) -> T | None:
    """What is read, or its complaints among the others."""
    try:
        return read()
    except SettingsError as error:
        complaints += error.complaints
        return None


def _whole(target: Target | None, complaints: list[str]) -> Target | None:
    if complaints:
        raise SettingsError(complaints)
    return target
