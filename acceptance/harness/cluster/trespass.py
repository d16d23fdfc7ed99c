"""Somebody in one notebook who knocks at another's, past the edge: what opens, without a login and with one's own?"""

import json

from acceptance.harness.cluster.container import Container

PORT = 8888  # of every server
# Run in a notebook: stdlib only. A websocket is asked for as a page does; 101 is its yes.
PROGRAM = """
import http.client, json, os
host, port, paths, tokens = {arguments}
tokens = {{"nobody": "", "a notebook": os.environ["JUPYTERHUB_API_TOKEN"], **tokens}}
UPGRADE = {{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
           "Sec-WebSocket-Key": "bmJpLWFjY2VwdGFuY2Utbg=="}}
said = []
for path in paths:
    for who, token in tokens.items():
        headers = UPGRADE if path.endswith("/channels") else {{}}
        connection = http.client.HTTPConnection(host, port, timeout=10)
        connection.request("GET", path, headers={{**headers, **({{"Authorization": "token " + token}} if token else {{}})}})
        said.append([path, who, connection.getresponse().status])
        connection.close()
print(json.dumps(said))
"""


class Trespass:
    """The ways into the server at `path` (`/user/NAME/`) that runs in `target`, one of its kernels among them."""

    def __init__(self, target: Container, path: str, kernel: str):
        self._target = target
        self.life = f"{path}api"  # answers anybody: a proof that the server was reached
        self.paths = [f"{path}{each}" for each in ("lab", "api/status", "api/contents", "api/kernels", "api/terminals")]
        self.paths.append(f"{path}api/kernels/{kernel}/channels")

    def program(self, by: Container, **tokens: str) -> str:
        """The program for a kernel that runs in `by`: knocks at each path as nobody, as that notebook, and with each token.

        It goes to an address of a network that both are on, and to no other.
        """
        address = self._target.met_by(by)[0]
        return PROGRAM.format(arguments=repr((address, PORT, [self.life, *self.paths], tokens)))

    def opened(self, printed: str) -> set[tuple[str, str]]:
        """(path, who) of each that was let in, by what the program printed. A login page or a refusal lets nobody in."""
        return {(path, who) for path, who, status in json.loads(printed.splitlines()[-1]) if status in (101, 200)}

    def ports(self) -> list[str]:
        """The ports of the notebook that are open to its whole network besides the server's own."""
        return [f"port {port} listens for the whole network" for port in sorted(self._target.listening() - {PORT})]
