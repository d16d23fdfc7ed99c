"""While the hub is away, a user's server goes on knowing whom it knew.

JupyterHub's servers ask the hub whose cookie or token a request bears, and keep the answer for some minutes. Where
that time runs out while the hub restarts, every request is a 500 until it is back (HubAuth._check_hub_authorization;
no issue upstream yet). With this extension of Jupyter Server the last answer counts on for as long as nobody
answers. A hub that answers is always believed: it alone can say that a login has ended.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from tornado.web import HTTPError

ANSWER_WITHIN = 2.0  # seconds that a request waits for a hub that may be away; a name without an address can take long
ASK_AGAIN = 5.0  # seconds until a hub that was away is asked again
REMEMBERED = 24 * 3600.0  # seconds without any answer after which nobody is known any more
AWAY = (aiohttp.ClientError, OSError, TimeoutError)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "remembered_logins"}]


def _load_jupyter_server_extension(server) -> None:
    auth = server.identity_provider.hub_auth
    auth._check_hub_authorization = RememberedLogins(auth._check_hub_authorization)


@dataclass
class Known:
    """Whose a token is, and when the hub said so."""

    user: dict
    told: float


class RememberedLogins:
    """Stands before `HubAuth._check_hub_authorization`, and is asked in its place."""

    def __init__(self, ask: Callable[..., Awaitable[dict | None]]):
        self._ask = ask
        self._known: dict[str, Known] = {}
        self._away_until = 0.0

    async def __call__(self, url: str, api_token: str, cache_key: str | None = None, use_cache: bool = True) -> Any:
        """The user of a token, or None; raises what HubAuth raises where nothing is remembered."""
        ask = partial(self._ask, url=url, api_token=api_token, cache_key=cache_key, use_cache=use_cache)
        if not use_cache or not (known := self._remembered(cache_key)):
            return self._noted(cache_key, await ask())
        if time.monotonic() < self._away_until:
            return known.user
        try:
            return self._noted(cache_key, await asyncio.wait_for(ask(), ANSWER_WITHIN))
        except (HTTPError, TimeoutError) as error:
            if not is_away(error):
                raise
            self._away_until = time.monotonic() + ASK_AGAIN
            return known.user

    def _remembered(self, key: str | None) -> Known | None:
        oldest = time.monotonic() - REMEMBERED
        self._known = {one: known for one, known in self._known.items() if known.told > oldest}
        return self._known.get(key)

    def _noted(self, key: str | None, user: dict | None) -> dict | None:
        self._known.pop(key, None)
        if user and key:
            self._known[key] = Known(user, time.monotonic())
        return user


def is_away(error: BaseException) -> bool:
    """Whether the hub could not be asked, or is not itself (502): anything else is an answer."""
    if isinstance(error, HTTPError):
        return error.status_code == 502 or isinstance(error.__context__, AWAY)
    return isinstance(error, AWAY)
