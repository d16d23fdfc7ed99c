"""Logins by a header: nginx says who somebody is, and proves with a secret that it was nginx who said it."""

import hmac

from jupyterhub.auth import Authenticator
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.utils import url_path_join
from tornado import web
from traitlets import Unicode

PAGE = "header_login"  # the one page of the hub that nginx sends name and secret to
USER = "X-Edge-User"
SCHEME = "Edge"  # of Authorization, which carries the secret: the hub blacks that header out where it logs headers
SHORTEST_SECRET = 32  # characters; an empty one would be matched by a request that has none


class HeaderLoginHandler(BaseHandler):
    """Signs in whom nginx names, and leads on to where they wanted to go."""

    async def get(self):
        user = await self.login_user()
        if user is None:
            raise web.HTTPError(403, "Nobody who may come in was named by the sign-in in front of this service.")
        self.redirect(self.get_next_url(user))


class HeaderAuthenticator(Authenticator):
    """Believes `X-Edge-User` of a request with `Authorization: Edge SECRET`, and of no other."""

    auto_login = True

    secret = Unicode(help="What nginx adds and nobody else knows.").tag(config=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if len(self.secret) < SHORTEST_SECRET:
            raise ValueError(f"HeaderAuthenticator.secret has fewer than {SHORTEST_SECRET} characters: see `make secrets`")

    def get_handlers(self, app):
        return [(rf"/{PAGE}", HeaderLoginHandler)]

    def login_url(self, base_url):
        return url_path_join(base_url, PAGE)

    async def authenticate(self, handler, data=None) -> str | None:
        """The name that nginx gave; None without its secret, and without a name."""
        headers = handler.request.headers
        # In constant time: how long a refusal takes must not tell how much of a guess was right.
        if not hmac.compare_digest(headers.get("Authorization", "").encode(), f"{SCHEME} {self.secret}".encode()):
            self.log.warning("A login by header without the secret of nginx, from %s", handler.request.remote_ip)
            return None
        # Tornado reads headers as Latin-1; names come in UTF-8.
        return headers.get(USER, "").encode("latin-1").decode("utf-8", "replace").strip() or None
