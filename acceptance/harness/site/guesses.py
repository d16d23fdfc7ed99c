"""Guesses at a password, many at once, from wherever this file's text is run: it needs nothing but Python.

`python guesses.py HOST NAME COUNT WITHIN` prints a JSON object with the statuses of so many guesses at each door, null where
there was no answer within so many seconds. The guesses are proper ones, one wrong password each: by turns in the login form,
with its token, and at the side doors, where a script has a password changed into an API token.
"""

import http.client
import json
import re
import ssl
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

# The users of the side doors need not exist; one with a slash is another address to whoever decodes it too early.
LOGIN, SIDE_DOORS = "/hub/login", ("/hub/api/users/somebody/tokens", "/hub/api/users/some%2Fbody/tokens")
DOORS = (LOGIN, *SIDE_DOORS)
MOST = 500  # guesses in all; a mistaken count must not become a real flood


class Guesser:
    """Has the login form of the edge at `host`, and sends it again and again."""

    def __init__(self, host: str, name: str, within: float) -> None:
        self._host, self._name, self._within = host, name, within
        page = self._ask("GET", LOGIN, "", {})
        self._cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
        found = re.search(r'name="_xsrf"\s+value="([^"]*)"', page.read().decode())
        self._token = found[1] if found else ""

    def guess(self, number: int, door: str) -> int | None:
        """The status of one guess; None where no answer came in time."""
        who = {"username": self._name, "password": f"guess-{number}"}
        form = urllib.parse.urlencode({"_xsrf": self._token, **who})
        sent = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            if door == LOGIN:
                return self._ask("POST", LOGIN, form, sent).status
            return self._ask("POST", door, json.dumps({"auth": who}), {}).status
        except TimeoutError:
            return None

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        # Whose certificate that is has been looked at elsewhere; inside the stack's network the edge has another name.
        context = ssl._create_unverified_context()
        wire = http.client.HTTPSConnection(self._host, timeout=self._within, context=context)
        wire.request(method, path, body, headers)
        return wire.getresponse()


def guesses(host: str, name: str, count: int, within: float) -> dict[str, list[int | None]]:
    """So many guesses at the password of `name` at each door, at the same time; the statuses by door."""
    guesser = Guesser(host, name, within)
    tried = list(enumerate(DOORS * min(count, MOST // len(DOORS))))
    with ThreadPoolExecutor(len(tried)) as pool:
        statuses = list(pool.map(lambda one: guesser.guess(*one), tried))
    return {door: statuses[place::len(DOORS)] for place, door in enumerate(DOORS)}


if __name__ == "__main__":
    print(json.dumps(guesses(*sys.argv[1:3], int(sys.argv[3]), float(sys.argv[4]))))
