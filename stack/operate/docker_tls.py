"""`make docker-tls-certs`: the certificates with which the hub reaches the Docker API by TLS; they replace nothing."""

import argparse
import datetime
import ipaddress
import sys
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from stack.operate import certificate, stack_files
from stack.operate.settings import NO_SOCKET, Refused, Settings, load
from stack.operate.users import write_private
from stack.operate.verb import verb

HUB = ("docker_ca", "docker_cert", "docker_key")                    # what the hub shows, and whom it believes
DAEMON = ("docker_ca", "docker_server_cert", "docker_server_key")
ALL = tuple(dict.fromkeys((*HUB, *DAEMON)))
THERE = "/etc/docker/tls"                                           # on the manager
OVERLAY = "stack/docker-tls.yml"
WORDS = """\
On the manager, as root: put {files}
from {folder} into {there} (mode 600), and start dockerd
with these options more:

  dockerd {flags}

Where systemd starts it: `systemctl edit --full docker`, append them to the line ExecStart=, `systemctl restart docker`.
In /etc/docker/daemon.json they are "tlsverify": true, "tlscacert", "tlscert" and "tlskey"; "hosts" does not go there as long
as ExecStart has a -H of its own: dockerd does not start with both.
Whoever has docker_key is root on the manager: {key} stays private, and {server_key}
is needed here no more. The pairs end on {end:%Y-%m-%d}: move the five docker_* files away before, and do all this again."""


def ensure(settings: Settings, names: list[str]) -> bool:
    """Make the five files, of mode 600, with a certificate of the daemon for `names`. False where the hub's are there already.

    Raises Refused where only some are there: their CA's key was never kept, so it cannot sign the others.
    """
    folder = settings.secrets_dir
    there = [name for name in ALL if (folder / name).exists()]
    if there and not {*HUB} <= {*there}:
        raise Refused([f"Of the five files of `make docker-tls-certs` {folder} has only {', '.join(there)}: nothing was made,"
                       " since the others must come from the same CA, whose key is kept nowhere. Move these away, or bring"
                       " the others back."])
    if not there:
        try:
            make(folder, names)
        except OSError as error:
            raise Refused([f"The certificates cannot be kept in {folder} ({error.strerror}). Let this user write there, or name"
                           " another folder with SECRETS_DIR=…"]) from error
    return not there


def make(folder: Path, names: list[str]) -> None:
    """A CA of its own for nothing but this, the daemon's pair and the hub's; the CA's key is dropped."""
    ca = certificate.authority("nbi-jupyter-service Docker CA")
    daemon = ca.leaf(names[0], names, certificate.SERVER)
    hub = ca.leaf("nbi-jupyter-service hub", [], certificate.CLIENT)
    write_private(folder / "docker_ca", ca.pem)
    write_private(folder / "docker_server_cert", daemon.certificate)
    write_private(folder / "docker_server_key", daemon.key)
    write_private(folder / "docker_cert", hub.certificate)
    write_private(folder / "docker_key", hub.key)


def address(settings: Settings) -> SplitResult:
    """DOCKER_TLS_HOST in its parts. Raises Refused where it is no tcp://HOST:PORT."""
    host = settings["DOCKER_TLS_HOST"]
    try:
        found = urlsplit(host)
        is_whole = found.scheme == "tcp" and found.hostname and found.port and not found.path.strip("/")
    except ValueError:      # a port that is none
        is_whole = False
    if not is_whole:
        raise Refused([f"DOCKER_TLS_HOST={host} is no address of a Docker API by TLS: write tcp://manager:2376, with a name or"
                       " address at which the hub's node reaches the manager."])
    return found


def listening(host: str, port: int) -> str:
    """Where dockerd is to listen: at the address that the hub knows, or at every one where it knows a name."""
    try:
        return f"tcp://{'[' + host + ']' if ipaddress.ip_address(host).version == 6 else host}:{port}"
    except ValueError:
        return f"tcp://0.0.0.0:{port}"


def flags(host: str, port: int) -> str:
    """The options of dockerd; with --tlsverify it answers only whom the CA has signed."""
    ca, cert, key = (f"{THERE}/{name}" for name in DAEMON)
    return f"--host={listening(host, port)} --tlsverify --tlscacert={ca} --tlscert={cert} --tlskey={key}"


def words(settings: Settings) -> str:
    """What the operator does with the files."""
    folder, host = settings.secrets_dir, address(settings)
    end = x509.load_pem_x509_certificate((folder / "docker_cert").read_bytes()).not_valid_after_utc
    return WORDS.format(files=", ".join(DAEMON), folder=folder, there=THERE, flags=flags(host.hostname, host.port),
                        key=folder / "docker_key", server_key=folder / "docker_server_key", end=end)


def complaints(settings: Settings) -> list[str]:
    """What keeps the hub from the Docker API by TLS, or leaves it a second way; nothing where it goes by the socket."""
    if "docker_key" not in stack_files.declared(settings, "secrets"):
        return ([f"DOCKER_TLS_HOST={settings['DOCKER_TLS_HOST']} is set, and OVERLAYS has no {OVERLAY}: name it there, or leave"
                 " DOCKER_TLS_HOST empty."] if settings["DOCKER_TLS_HOST"] else [])
    found = [] if settings["DOCKER_SOCKET"] == NO_SOCKET else [
        f"DOCKER_SOCKET={settings['DOCKER_SOCKET']} would give the hub a second way beside {OVERLAY}: leave it out, or say"
        f" {NO_SOCKET}."]
    try:
        address(settings)
    except Refused as refused:
        found = refused.complaints
    files = {name: stack_files.files(settings, "secrets")[name] for name in HUB}
    return found + (pair_complaints(*files.values()) if all(path.exists() for path in files.values()) else [])


def pair_complaints(ca: Path, cert: Path, key: Path) -> list[str]:
    """What is wrong with the hub's pair, or with the CA that it believes. All three are there."""
    anew = "Move the five docker_* files away, and `make docker-tls-certs` makes others."
    try:
        authority, leaf = (x509.load_pem_x509_certificate(path.read_bytes()) for path in (ca, cert))
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
        leaf.verify_directly_issued_by(authority)
    except (OSError, ValueError, TypeError, InvalidSignature) as error:
        return [f"{ca}, {cert} and {key} are no CA, no certificate of that CA, or no unencrypted key, each as PEM"
                f" ({error or type(error).__name__}). {anew}"]
    if leaf.public_key() != private.public_key():
        return [f"The key {key} does not belong to the certificate {cert}: their public keys differ. {anew}"]
    if leaf.not_valid_after_utc < datetime.datetime.now(datetime.UTC):
        return [f"The certificate {cert} expired on {leaf.not_valid_after_utc:%Y-%m-%d}, and dockerd refuses it. {anew}"]
    return []


@verb
def main() -> int:
    """Make what is missing, and say what the daemon needs. 0, or 4 with the complaints on stderr."""
    parser = argparse.ArgumentParser(prog="make docker-tls-certs", description=__doc__)
    parser.add_argument("--names", default="", help="more names and addresses of the manager, separated by commas")
    more = [name.strip() for name in parser.parse_args().names.split(",") if name.strip()]
    settings = load()
    names = list(dict.fromkeys([address(settings).hostname, *more]))
    made = ensure(settings, names)
    print(f"made {', '.join(ALL)}, the daemon's pair for {', '.join(names)}" if made else f"{', '.join(HUB)}: there already")
    print(words(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
