"""Knocks at doors from wherever it runs, with the keys that lie there. Its text is also run inside containers: stdlib only."""

import http.client
import json
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

WITHIN = 3  # seconds for each door; a firewall may swallow what is sent
PROXY_TOKEN = "/run/secrets/proxy_token"  # where the hub has them
DOCKER_KEYS = "/run/secrets/docker"


def answers(doors):
    """Each door with [whether it opened, what was seen there], all at the same time.

    A door is a folder, open if its names can be read; a unix:// socket, open if it is there; or an http(s)://
    address (`gateway`: where the default route leads), open if it answers with a status below 400.
    """
    with ThreadPoolExecutor(len(doors)) as pool:
        return dict(zip(doors, pool.map(answer, doors), strict=True))


def answer(door, keys=None):
    """One door. `keys` is a folder with cert.pem and key.pem; by default the hub's, where it is there."""
    where = urlsplit(door)
    try:
        if where.scheme in ("http", "https"):
            return asked(opened(where, keys or DOCKER_KEYS), where.path)
        return seen(Path(where.path), where.scheme)
    except (OSError, http.client.HTTPException) as error:
        return [False, f"{type(error).__name__}: {error}"]


def seen(path, scheme):
    """What lies at a path: a folder's names, or what an engine says through a socket."""
    if scheme != "unix":
        return [True, " ".join(sorted(entry.name for entry in path.iterdir()))]
    if not path.is_socket():
        return [False, "no socket is there"]
    try:
        connection = http.client.HTTPConnection("localhost", timeout=WITHIN)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(WITHIN)
        connection.sock.connect(str(path))
        return [True, asked(connection, "/version")[1]]
    except OSError as error:
        return [True, f"a socket that says {error}"]


def opened(where, keys):
    """A connection to an address; by TLS with the keys, if there are any, and whoever answers is believed."""
    host = gateway() if where.hostname == "gateway" else where.hostname
    if where.scheme == "http":
        return http.client.HTTPConnection(host, where.port, timeout=WITHIN)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if Path(keys).exists():
        context.load_cert_chain(f"{keys}/cert.pem", f"{keys}/key.pem")
    return http.client.HTTPSConnection(host, where.port, timeout=WITHIN, context=context)


def asked(connection, path):
    """The answer to GET `path`, with the proxy's token where that can be read."""
    try:
        token = Path(PROXY_TOKEN).read_text().strip()
    except OSError:
        token = ""
    try:
        connection.request("GET", path, headers={"Authorization": f"token {token}"} if token else {})
        told = connection.getresponse()
        return [told.status < 400, f"{told.status} {told.read(400).decode(errors='replace').strip()}"]
    finally:
        connection.close()


def gateway():
    """Where the default route leads: from a container, its node."""
    routes = [line.split() for line in Path("/proc/net/route").read_text().splitlines()[1:]]
    found = next((route[2] for route in routes if route[1] == "00000000"), "0100007F")
    return socket.inet_ntoa(bytes.fromhex(found)[::-1])


def program(doors):
    """The Python program that prints answers(doors) as JSON, for a kernel or a container."""
    return f"{Path(__file__).read_text(encoding='utf-8')}\nprint(json.dumps(answers({list(doors)!r})))\n"


def read(printed):
    """What program() printed."""
    return json.loads(printed.splitlines()[-1])
