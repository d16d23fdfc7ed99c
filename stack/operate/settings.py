"""The settings of the stack: stack.env, and the environment over it. Nothing else reads the environment."""

import os
import re
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
STACK_FILE = TREE / "stack" / "docker-compose.yml"
NO_SOCKET = "/dev/null"      # what is mounted where the socket would be
IMAGES = {"NGINX_IMAGE": "nginx", "HUB_IMAGE": "hub", "NOTEBOOK_IMAGE": "singleuser",
          "PROXY_IMAGE": "proxy", "POSTGRES_IMAGE": "postgres"}


class Refused(Exception):
    """Settings or surroundings with which nothing was started. `complaints` are whole sentences."""

    def __init__(self, complaints: list[str]):
        super().__init__("\n".join(complaints))
        self.complaints = complaints


class Settings:
    """Every setting by its name in stack.env, as text; `settings["HTTP_PORT"]`.

    Raises KeyError for a name that stack.env does not have.
    """

    def __init__(self, values: dict[str, str]):
        self.values = values

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    @property
    def stack(self) -> str:
        return self["STACK_NAME"]

    @property
    def secrets_dir(self) -> Path:
        """Where this stack's secrets lie; need not exist yet."""
        return TREE / (self["SECRETS_DIR"] or "stack/secrets")

    @property
    def backup_dir(self) -> Path:
        """Where `make backup` writes, and `make restore` looks; need not exist yet."""
        return TREE / (self["BACKUP_DIR"] or "backups")

    def tls(self, name: str) -> Path:
        """The PEM file for TLS_CERT or TLS_KEY: the operator's own, else the one that `make secrets` makes."""
        return TREE / self[name] if self[name] else self.secrets_dir / name.lower()

    @property
    def profiles_file(self) -> Path:
        """The profiles that stack/profiles.yml offers; need not exist."""
        return TREE / (self["PROFILES_FILE"] or "stack/profiles.example.yaml")

    @property
    def stack_files(self) -> list[Path]:
        """The reference and its overlays, in the order in which they are laid over each other."""
        return [STACK_FILE, *(TREE / name for name in self["OVERLAYS"].split())]

    @property
    def extra_ca(self) -> Path | None:
        """The CA bundle that builds are given: EXTRA_CA, else the host's own, else none."""
        if self["EXTRA_CA"]:
            return Path(self["EXTRA_CA"])
        return next((path for path in HOST_BUNDLES if path.exists()), None)

    @property
    def ldap_ca(self) -> Path | None:
        """The CAs by which a directory is judged: LDAP_CA, else the host's own, else none."""
        return TREE / self["LDAP_CA"] if self["LDAP_CA"] else next((path for path in HOST_BUNDLES if path.exists()), None)

    def exported(self) -> dict[str, str]:
        """What a child process is given: the whole environment, every setting that is not empty, and where files lie."""
        places = {"SECRETS_DIR": self.secrets_dir, "TLS_CERT": self.tls("TLS_CERT"), "TLS_KEY": self.tls("TLS_KEY"),
                  "PROFILES_FILE": self.profiles_file, "LDAP_CA": self.ldap_ca}
        given = {name: value for name, value in self.values.items() if value}
        return {**environment(), **given, **{name: str(path) for name, path in places.items() if path}}


# Debian and Ubuntu, Fedora and its kin, Alpine.
HOST_BUNDLES = [Path(p) for p in ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")]


def environment() -> dict[str, str]:
    """This process's environment, for what belongs to other programs (DOCKER_HOST, PATH)."""
    return dict(os.environ)


def load() -> Settings:
    """stack.env with the environment over it. Two follow others unless they are set.

    The notebooks' network follows STACK_NAME. With DOCKER_TLS_HOST the hub is given no socket.
    """
    defaults = read(TREE / "stack" / "stack.env")
    values = {name: os.environ.get(name, value) for name, value in defaults.items()}
    if values["NOTEBOOK_NETWORK"] == defaults["NOTEBOOK_NETWORK"]:
        values["NOTEBOOK_NETWORK"] = values["STACK_NAME"] + "_notebooks"
    if values["DOCKER_TLS_HOST"] and values["DOCKER_SOCKET"] == defaults["DOCKER_SOCKET"]:
        values["DOCKER_SOCKET"] = NO_SOCKET
    return Settings(values)


def read(path: Path) -> dict[str, str]:
    """NAME=value lines of an env file. Raises Refused with each line that is neither that, nor blank, nor a comment."""
    found: dict[str, str] = {}
    wrong: list[str] = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        match = re.fullmatch(r"([A-Z][A-Z0-9_]*)=(.*)", line.strip())
        if match:
            found[match[1]] = match[2].strip()
        elif line.strip() and not line.lstrip().startswith("#"):
            wrong.append(f"{path.name} line {number} is not NAME=value: {line.strip()!r}. Comments start with #.")
    if wrong:
        raise Refused(wrong)
    return found
