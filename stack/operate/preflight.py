"""What would make a deploy fail, found before anything is made: all complaints at once."""

import ipaddress
import re
import shutil
import socket
import stat

import docker

from hub.profiles import CONSTRAINT
from stack.operate import certificate, docker_tls, engine, given_image, logins, notebooks, stack_files
from stack.operate.secrets import MADE
from stack.operate.settings import IMAGES, Settings
from stack.operate.stack_objects import networks_of

WHOLE = {"HTTP_PORT", "HTTPS_PORT", "NOTEBOOK_PIDS", "CONCURRENT_SPAWNS", "PLACEMENT_GRACE", "START_TIMEOUT", "CULL_AFTER",
         "CULL_MAX_AGE", "CULL_EVERY", "ACTIVITY_INTERVAL", "NAMED_SERVERS", "LOGINS_AT_ONCE", "LOGINS_PER_MINUTE", "LOGIN_CACHE"}
# host:port or a host with a dot, or the name would be a user of Docker Hub; and a folder in it.
REGISTRY = re.compile(r"([\w-]+(\.[\w-]+)+(:\d+)?|[\w-]+:\d+)(/[a-z0-9]+([._-]+[a-z0-9]+)*)*")
PLACEMENTS = ("EDGE_PLACEMENT", "HUB_PLACEMENT", "NOTEBOOK_PLACEMENT")
YES_OR_NO = ("SIGN_UP", "NOTEBOOK_VOLUME_DELETE", "NOTEBOOK_READ_ONLY")


def complaints(client: docker.DockerClient, settings: Settings) -> list[str]:
    """Whole sentences, each with the fact, the likely cause and the next step; empty if nothing stands in the way."""
    return [*client_missing(), *numbers(settings), *stack_files.complaints(settings), *logins.complaints(settings),
            *secrets(settings), *tls(settings), *docker_tls.complaints(settings), *ca_bundle(settings), *metrics(settings),
            *ports(client, settings), *subnet(client, settings), *images(client, settings),
            *notebooks.complaints(client, settings)]


def client_missing() -> list[str]:
    """The stack is deployed by the operator's own command."""
    return [] if shutil.which("docker") else ["There is no `docker` command on PATH: install the docker-cli package."]


def numbers(settings: Settings) -> list[str]:
    """Settings that have a form: that which swarm and the hub take."""
    found = [f"{name}={settings[name]} is not a whole number: write digits only." for name in sorted(WHOLE)
             if not settings[name].isdecimal()]
    found += [f"{name}={settings[name]} is neither yes nor no: write 1 or 0." for name in YES_OR_NO
              if settings[name] not in ("0", "1")]
    found += [f"{name}=0 would let nobody in: write 1 or more." for name in ("LOGINS_AT_ONCE", "LOGINS_PER_MINUTE")
              if settings[name].isdecimal() and not int(settings[name])]
    found += [f"{name}={settings[name]} is no placement constraint: write node.role==worker, node.hostname==… or"
              " node.labels.…==…, and only one." for name in PLACEMENTS
              if (settings[name] or name != "NOTEBOOK_PLACEMENT") and not CONSTRAINT.fullmatch(settings[name])]
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", settings.stack):
        found.append(f"STACK_NAME={settings.stack} is not usable: up to 32 of a-z, 0-9, - and _, since it stands before"
                     " every name in the swarm.")
    return found


def metrics(settings: Settings) -> list[str]:
    """Who may read the metrics: addresses and networks, in the form that nginx takes."""
    wanted = settings["METRICS_FROM"].replace(",", " ").split()
    return [f"METRICS_FROM holds {each}, which is no address and no network: write 192.0.2.7 or 192.0.2.0/24."
            for each in wanted if not is_network(each)]


def is_network(text: str) -> bool:
    """Whether it is an address or a network, of either kind."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def secrets(settings: Settings) -> list[str]:
    """The files behind the swarm secrets: nobody else's to read. What is missing will be made, if that can be."""
    paths = {name: path for name, path in stack_files.files(settings, "secrets").items() if not name.startswith("tls_")}
    found = [f"The secret {path} does not exist: `make docker-tls-certs` makes it." if name in docker_tls.HUB else
             f"The secret {path} does not exist, and nobody but you can know it: write it there, mode 600."
             for name, path in paths.items() if name not in MADE and not path.exists()]
    return found + [f"The secret {path} can be read by others (mode {stat.filemode(mode)}): chmod 600 {path}."
                    for path in paths.values() if path.exists()
                    if (mode := path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)]


def tls(settings: Settings) -> list[str]:
    """The certificate and key that nginx will serve."""
    if bool(settings["TLS_CERT"]) != bool(settings["TLS_KEY"]):
        return ["TLS_CERT and TLS_KEY belong together: set both, or neither for the pair that `make secrets` makes."]
    pair = settings.tls("TLS_CERT"), settings.tls("TLS_KEY")
    will_be_made = not settings["TLS_CERT"] and not any(path.exists() for path in pair)
    return [] if will_be_made else certificate.complaints(*pair)


def ca_bundle(settings: Settings) -> list[str]:
    """The CA bundle that builds are given."""
    if not settings.extra_ca or not (why := certificate.unreadable(settings.extra_ca)):
        return []
    return [f"EXTRA_CA={settings.extra_ca} {why} Correct it, or leave it empty for this host's own."]


def ports(client: docker.DockerClient, settings: Settings) -> list[str]:
    """The published ports: different from each other, and free but for this very stack."""
    names = ("HTTP_PORT", "HTTPS_PORT")
    wanted = {name: int(settings[name]) for name in names if settings[name].isdecimal()}
    found = [f"{name}={port} is no port: 1 to 65535." for name, port in wanted.items() if not 0 < port < 65536]
    if len(set(wanted.values())) < len(wanted):
        found.append(f"HTTP_PORT and HTTPS_PORT are both {settings['HTTP_PORT']}: give each its own.")
    taken = published(client)
    for name, port in wanted.items() if not found else ():
        owner = taken.get(port)
        if owner is None and is_bound(client, port):
            owner = f"a process on the engine's host ({engine.edge_host(client)})"
        if owner and not owner.startswith(f"service {settings.stack}_"):
            found.append(f"Port {port} ({name}) is taken by {owner}: publish elsewhere with {name}=…, or stop that one.")
    return found


def published(client: docker.DockerClient) -> dict[int, str]:
    """Port -> who publishes it, over all services and containers of this engine."""
    found = {}
    for container in client.api.containers():
        if "com.docker.swarm.service.name" not in container["Labels"]:
            found |= {port["PublicPort"]: f"container {container['Names'][0].lstrip('/')}"
                      for port in container["Ports"] if "PublicPort" in port}
    for service in client.services.list():
        found |= {port["PublishedPort"]: f"service {service.name}"
                  for port in service.attrs["Spec"].get("EndpointSpec", {}).get("Ports", []) if "PublishedPort" in port}
    return found


def is_bound(client: docker.DockerClient, port: int) -> bool:
    """Whether a process of the engine's host listens on the port: on any address if that is this host, else on the edge's."""
    with socket.socket() as probe:
        if not engine.is_on_this_host(client):
            probe.settimeout(1)
            return probe.connect_ex((engine.edge_host(client), port)) == 0
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except PermissionError:
            return False        # a low port and no root: the engine binds it, not we
        except OSError:
            return True
    return False


def subnet(client: docker.DockerClient, settings: Settings) -> list[str]:
    """The notebooks' subnet: a network, and none that another network of this engine overlaps with."""
    try:
        wanted = ipaddress.IPv4Network(settings["NOTEBOOK_SUBNET"])
    except ValueError as error:
        return [f"NOTEBOOK_SUBNET={settings['NOTEBOOK_SUBNET']} is no subnet ({error}): write 10.96.0.0/20."]
    if wanted.num_addresses < 16:
        return [f"NOTEBOOK_SUBNET={wanted} has {wanted.num_addresses} addresses and each notebook takes one: write 10.96.0.0/20."]
    here = client.info()["Swarm"].get("NodeAddr")
    if here and ipaddress.ip_address(here) in wanted:
        return [f"NOTEBOOK_SUBNET={wanted} holds this node's own address {here}, which notebooks could then not reach: choose"
                " another, e.g. one below 10.64.0.0/10."]
    ours = networks_of(settings)
    others = {network["Name"]: block["Subnet"] for network in client.api.networks() if network["Name"] not in ours
              for block in (network["IPAM"]["Config"] or []) if "Subnet" in block}
    return [f"NOTEBOOK_SUBNET={wanted} overlaps with the network {name} ({other}): choose another, e.g. one below 10.64.0.0/10."
            for name, other in others.items() if wanted.overlaps(ipaddress.ip_network(other, strict=False))]


def images(client: docker.DockerClient, settings: Settings) -> list[str]:
    """Images that the operator named: on this engine or in a registry that it reaches; a tar or a folder. And where ours go."""
    wrong = settings["REGISTRY"] and not REGISTRY.fullmatch(settings["REGISTRY"])
    found = [f"REGISTRY={settings['REGISTRY']} names no registry: write host:port or registry.example.org/folder, without https://."
             ] if wrong else []
    return found + [why for name in IMAGES if settings[name] and (why := given_image.complaint(client, name, settings[name]))]
