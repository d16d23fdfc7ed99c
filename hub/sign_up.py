"""The default way to log in: people sign up, an admin approves them; and the users file, whose word comes first.

A thin layer over NativeAuthenticator 1.3.0: its table of accounts, its rules for passwords, its settings. Its pages
stand in sign_up_pages.py, since its own fail on JupyterHub 6. Not offered here: e-mail, captcha, terms, second factor.
"""

import asyncio

import bcrypt
from jupyterhub import orm
from jupyterhub.auth import Authenticator
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.orm import UserInfo
from sign_up_pages import PAGES
from tornado import web
from users_file import LONGEST_PASSWORD, UsersFileAuthenticator

_LONGEST_NAME = UserInfo.username.type.length
_WAITING = "You have signed up, and no admin has approved you yet. Ask one, and log in again then."


class SignUpAuthenticator(UsersFileAuthenticator, NativeAuthenticator):
    """Lets in who stands in the users file, and who signed up and was approved by an admin.

    For a name in the file only the file counts: no approval is needed, and no page changes its password. An
    account of that name, if there is one, counts again when the name has left the file.
    """

    async def authenticate(self, handler, data) -> str | None:
        """The user's name; None alike for a wrong password, an unknown name and one that is locked for a while.

        Raises HTTPError (403) that says so to whom only the approval is missing, never to anybody else.
        """
        name = self.normalize_username(data["username"])
        right = await self.is_password_of(name, data["password"])
        if self.allowed_failed_logins and self.is_blocked(name):
            return None
        if not right:
            self._count_failure(name)
            return None
        self.successful_login(name)
        if not self.is_approved(name):
            raise web.HTTPError(403, _WAITING)
        return name

    async def refresh_user(self, user, handler=None) -> bool:
        """Whether a login made earlier still holds: not when the approval was withdrawn."""
        return self.is_approved(user.name)

    def is_listed(self, name: str) -> bool:
        """Whether the users file decides about this name."""
        return name in self.listed()

    def is_approved(self, name: str) -> bool:
        """Whether this name may log in, given its password."""
        account = self.get_user(name)
        return self.is_listed(name) or bool(account and account.is_authorized)

    def hash_of(self, name: str) -> bytes | None:
        """The hash in the users file, else that of the account."""
        account = self.get_user(name)
        return super().hash_of(name) or (account.password if account else None)

    def user_exists(self, username: str) -> bool:
        """Whether a sign-up has to choose another name: somebody has it, in whatever way.

        Upstream asks its own table only, and approves whoever signs up first under the name of an admin. The
        hub knows its admins by name before they ever log in, and former users whose files are still there.
        """
        name = self.normalize_username(username)
        known = self.is_listed(name) or name in self.admin_users or orm.User.find(self.db, name) is not None
        return known or super().user_exists(name)

    def validate_username(self, username: str) -> bool:
        """JupyterHub's own rule: upstream also forbids spaces and commas, which names in the users file may have."""
        return Authenticator.validate_username(self, username)

    async def sign_up(self, username: str, password: str, again: str) -> UserInfo:
        """Makes an account, which waits for approval. Raises HTTPError (400) with what stands in the way."""
        name = self.normalize_username(username)
        if not self.validate_username(name) or not name.isprintable() or len(name) > _LONGEST_NAME:
            raise web.HTTPError(400, f"A name has 1 to {_LONGEST_NAME} characters, and no slash among them.")
        password_hash = await self.new_hash(password, again)
        # Asked after the wait for the hash: of two who sign up at once, the second is told.
        if self.user_exists(name):
            raise web.HTTPError(400, "This name is taken: choose another, or ask an admin if it should be yours.")
        account = UserInfo(username=name, password=password_hash, is_authorized=self.open_signup)
        self.db.add(account)
        self.db.commit()
        return account

    async def new_hash(self, password: str, again: str) -> bytes:
        """The hash of a new password, typed twice. Raises HTTPError (400) with what is wrong with it."""
        shortest = self.minimum_password_length
        if password != again:
            raise web.HTTPError(400, "The two passwords differ.")
        if not shortest <= len(password) or len(password.encode()) > LONGEST_PASSWORD:
            raise web.HTTPError(400, f"A password has {shortest} characters or more, and {LONGEST_PASSWORD} bytes at most.")
        if not self.is_password_strong(password):
            raise web.HTTPError(400, "This password is among those that are tried first: choose another.")
        return await asyncio.to_thread(bcrypt.hashpw, password.encode(), bcrypt.gensalt())

    def get_handlers(self, app) -> list:
        """Our pages in place of upstream's. Source: `Authenticator`."""
        return PAGES

    def _count_failure(self, name: str) -> None:
        if self.hash_of(name):  # else strangers could fill the memory with names that nobody has
            self.add_login_attempt(name)
