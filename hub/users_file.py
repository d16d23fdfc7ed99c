"""Logins from a file of names and bcrypt hashes: `htpasswd -B`, one `name:hash` a line, `#` for comments."""

import asyncio
from pathlib import Path

import bcrypt
from jupyterhub.auth import Authenticator
from tornado import web
from traitlets import Unicode, default

_HASH_STARTS = ("$2b$", "$2y$")
_HASH_LENGTH = 60
LONGEST_PASSWORD = 72  # bytes; bcrypt sees no further, and bcrypt 5 raises rather than cut
_NOBODYS_HASH = b"$2b$12$" + b"." * 53  # well formed, and of no password that anybody knows


class UsersFileError(Exception):
    """The users file cannot be used; says where, never what stands there."""


class UsersFileAuthenticator(Authenticator):
    """Lets in who stands in `path` with that password; nobody else.

    Read at each login, so that a changed file needs no restart; and once at the hub's start, so that a
    broken one stops a deployment instead of the first user. Names are compared as JupyterHub compares them:
    in lower case. Who was taken out of the file is logged out within `auth_refresh_age`, 5 minutes.
    """

    path = Unicode("/run/secrets/users", help="File of `name:hash` lines.").tag(config=True)

    @default("allow_all")
    def _allow_all_default(self):
        # Right here, and only because the file is the list: who is not in it has been refused already.
        return True

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.listed()

    async def authenticate(self, handler, data) -> str | None:
        """The user's name; None for a wrong password as for an unknown name. Source: `Authenticator`."""
        name = self.normalize_username(data["username"])
        return name if await self.is_password_of(name, data["password"]) else None

    async def is_password_of(self, name: str, password: str) -> bool:
        """Whether this is the password of that name. The answer takes as long for a name that has none.

        Raises HTTPError (400) for a password that bcrypt cannot take.
        """
        if len(password.encode()) > LONGEST_PASSWORD:
            what = f"A password has at most {LONGEST_PASSWORD} bytes here; this one has {len(password.encode())}."
            raise web.HTTPError(400, what)
        known = self.hash_of(name)
        # bcrypt takes a quarter of a second on purpose: in a thread, or the hub would serve nobody meanwhile.
        matches = await asyncio.to_thread(bcrypt.checkpw, password.encode(), known or _NOBODYS_HASH)
        return known is not None and matches

    async def refresh_user(self, user, handler=None) -> bool:
        """Whether a login made earlier still holds. Source: `Authenticator`."""
        return self.hash_of(user.name) is not None

    def hash_of(self, name: str) -> bytes | None:
        """The hash of that name's password, if it has one."""
        return self.listed().get(name)

    def listed(self) -> dict[str, bytes]:
        """Hashes by name, as the file says now. Raises UsersFileError."""
        users = read_users_file(Path(self.path))
        return {self.normalize_username(name): password_hash for name, password_hash in users.items()}


def read_users_file(path: Path) -> dict[str, bytes]:
    """Hashes by name. Raises UsersFileError that names the file and the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsersFileError(f"Users file {path} cannot be read ({error}): see `make secrets`.") from error
    entries = [
        _entry(line.strip(), f"{path} line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.strip().startswith("#")
    ]
    return dict(entries)


def _entry(line: str, where: str) -> tuple[str, bytes]:
    name, _, password_hash = line.rpartition(":")
    if not name or len(password_hash) != _HASH_LENGTH or not password_hash.startswith(_HASH_STARTS):
        raise UsersFileError(f"{where} is not `name:hash` with a bcrypt hash: write it with `htpasswd -B`.")
    return name, password_hash.encode()
