"""Somebody inside a container who claims towards the hub to be another: what do they get for it?"""

import json
import shlex

from acceptance.harness.cluster.container import Container

# The hub is asked past nginx, at the address that each notebook is given. A login shows in the cookies of the answer.
ASK = """
import json, os, sys, urllib.error, urllib.request
headers, paths = json.loads(sys.argv[1]), sys.argv[2:]
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *redirect):
        return None
hub = os.environ["JUPYTERHUB_API_URL"].removesuffix("/hub/api")
said = {}
for path in paths:
    try:
        answer = urllib.request.build_opener(Stay).open(urllib.request.Request(hub + path, headers=headers), timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    cookies = [line.partition("=")[0] for line in answer.headers.get_all("Set-Cookie") or []]
    said[path] = [answer.status, cookies]
print(json.dumps(said))
"""
LOGIN = "jupyterhub-hub-login"
API = "/hub/api/user"   # answers 200 to somebody, 403 to nobody


class Intruder:
    """Asks from within `container`, which has Python and the environment of a notebook."""

    def __init__(self, container: Container):
        self._container = container

    def gains(self, paths: list[str], headers: dict[str, str]) -> list[str]:
        """What a claim gets at these paths and at the hub's API: a line for each that gave in, none where all refused.

        Raises EngineError where the hub did not answer at all: then nothing was proved.
        """
        command = ["python3", "-c", ASK, json.dumps(headers), *paths, API]
        said = json.loads(self._container.run(shlex.join(command)))
        found = [f"from inside {path} gives {LOGIN}" for path, (_, cookies) in said.items() if LOGIN in cookies]
        return found + ([f"from inside {API} knows somebody"] if said[API][0] != 403 else [])
