"""Guesses at a password, many at once, from wherever this file's text is run: it needs nothing but Python.

`python guesses.py HOST NAME COUNT WITHIN` prints a JSON list with the status of each guess, or null where there was no answer
within so many seconds. The guesses are proper ones, one wrong password each: by turns in the login form, with its token,
and at the side door, where a script has a password changed into an API token.
"""

import http.client
import json
import re
import ssl
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

# The user in the second need not exist; with its slash it is another address to whoever decodes it too early.
LOGIN, SIDE_DOOR = "/hub/login", "/hub/api/users/some%2Fbody/tokens"
MOST = 500  # guesses; a mistaken count must not become a real flood


class Guesser:
    """Has the login form of the edge at `host`, and sends it again and again."""

    def __init__(self, host: str, name: str, within: float) -> None:
        self._host, self._name, self._within = host, name, within
        page = self._ask("GET", LOGIN, "", {})
        self._cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
        found = re.search(r'name="_xsrf"\s+value="([^"]*)"', page.read().decode())
        self._token = found[1] if found else ""

    def guess(self, number: int) -> int | None:
        """The status of one guess; None where no answer came in time."""
        who = {"username": self._name, "password": f"guess-{number}"}
        form = urllib.parse.urlencode({"_xsrf": self._token, **who})
        sent = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            if number % 2:
                return self._ask("POST", SIDE_DOOR, json.dumps({"auth": who}), {}).status
            return self._ask("POST", LOGIN, form, sent).status
        except TimeoutError:
            return None

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        # Whose certificate that is has been looked at elsewhere; inside the stack's network the edge has another name.
        context = ssl._create_unverified_context()
        wire = http.client.HTTPSConnection(self._host, timeout=self._within, context=context)
        wire.request(method, path, body, headers)
        return wire.getresponse()


def guesses(host: str, name: str, count: int, within: float) -> list[int | None]:
    """So many guesses at the password of `name`, at the same time."""
    guesser = Guesser(host, name, within)
    with ThreadPoolExecutor(min(count, MOST)) as pool:
        return list(pool.map(guesser.guess, range(min(count, MOST))))


if __name__ == "__main__":
    print(json.dumps(guesses(*sys.argv[1:3], int(sys.argv[3]), float(sys.argv[4]))))
