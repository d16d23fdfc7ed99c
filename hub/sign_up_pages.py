"""The pages of SignUpAuthenticator: sign-up, approval, passwords; in place of those of NativeAuthenticator 1.3.0.

What that mends, each to be sent upstream, and deleted here when it is there:

* Every login is a 500 on JupyterHub 6. Upstream's login page uses `statsd`, which jupyterhub#5407 removed, and
  its `_render` takes nothing of what JupyterHub's error page hands on (`sync` and more). JupyterHub's own page
  does all that it did, so the mend is to register none; the link to the sign-up is in templates/login.html.
* Approving and discarding are GETs, so that any link makes an admin do it unawares. Here they are POSTs, which
  need the page's token.
* A change of password without an account is a 500 (nativeauthenticator#256); so is, since bcrypt 5, a password
  of more than 72 bytes. And bcrypt runs in the hub's only thread, where everybody else waits for it.
"""

from jupyterhub import orm
from jupyterhub.handlers import BaseHandler
from jupyterhub.handlers.login import LoginHandler
from jupyterhub.scopes import needs_scope
from nativeauthenticator.orm import UserInfo
from tornado import web

_IN_THE_FILE = "The operator keeps this password, in the users file: ask there for another."
_OF_NOBODY = "Nobody of that name has signed up here."


class Form(LoginHandler):
    """A form that shows its own refusals: an HTTPError while it is posted comes back above its fields.

    JupyterHub's login page does that, by calling `_render` with `login_error` and more about the error.
    """

    template = ""

    def _render(self, login_error=None, **about):
        about.setdefault("authenticator", self.authenticator)
        return self.render_template(self.template, refusal=login_error, **about)

    def typed(self, field: str) -> str:
        """A password as it was typed, spaces included."""
        return self.get_body_argument(field, "", strip=False)


class SignUp(Form):
    """/hub/signup: where somebody asks for an account."""

    template = "signup.html"

    async def prepare(self):
        await super().prepare()
        if not self.authenticator.enable_signup:
            raise web.HTTPError(404)

    async def get(self):
        self.finish(await self._render())

    async def post(self):
        name = self.get_body_argument("username", "")
        account = await self.authenticator.sign_up(name, self.typed("password"), self.typed("again"))
        self.log.info("%r signed up", account.username)
        self.finish(await self._render(account=account))


class Password(Form):
    """A form for a new password, whosever it is."""

    template = "change_password.html"

    def _render(self, login_error=None, **about):
        whose = self.path_args[0] if self.path_args else ""
        return super()._render(login_error, whose=whose, **about)

    async def show(self, name: str) -> None:
        """The form, or in its place why there is none."""
        fixed = self.why_fixed(name)
        self.set_status(403 if fixed else 200)
        self.finish(await self._render(fixed, is_fixed=bool(fixed)))

    def why_fixed(self, name: str) -> str:
        """Why the password of that name cannot be changed here; empty if it can."""
        if self.authenticator.is_listed(name):
            return _IN_THE_FILE
        return "" if self.authenticator.get_user(name) else _OF_NOBODY

    async def change(self, name: str) -> None:
        """Takes over what was typed, and says so. Raises HTTPError (400) with what is wrong with it."""
        if fixed := self.why_fixed(name):
            raise web.HTTPError(403, fixed)
        account = self.authenticator.get_user(name)
        account.password = await self.authenticator.new_hash(self.typed("password"), self.typed("again"))
        self.db.commit()
        self.finish(await self._render(is_changed=True))


class OwnPassword(Password):
    """/hub/change-password"""

    @web.authenticated
    async def get(self):
        await self.show(self.current_user.name)

    @web.authenticated
    async def post(self):
        if not await self.authenticator.is_password_of(self.current_user.name, self.typed("old")):
            raise web.HTTPError(403, "The old password is wrong.")
        await self.change(self.current_user.name)


class AnothersPassword(Password):
    """/hub/change-password/NAME: an admin gives somebody a new one."""

    @web.authenticated
    @needs_scope("admin:users")
    async def get(self, user_name):
        await self.show(user_name)

    @web.authenticated
    @needs_scope("admin:users")
    async def post(self, user_name):
        await self.change(user_name)


class Accounts(BaseHandler):
    """/hub/authorize: who waits for approval, and who has it."""

    @web.authenticated
    @needs_scope("admin:users")
    async def get(self):
        accounts = sorted(UserInfo.all_users(self.db), key=lambda one: (one.is_authorized, one.username))
        admins = {user.name for user in self.db.query(orm.User).filter(orm.User.admin)}
        self.finish(await self.render_template("authorize.html", accounts=accounts, admins=admins))


class Decision(BaseHandler):
    """/hub/authorize/NAME: what an admin decides about one account."""

    @web.authenticated
    @needs_scope("admin:users")
    async def post(self, user_name):
        account, decision = self.authenticator.get_user(user_name), self.get_body_argument("decision")
        if account is None:
            raise web.HTTPError(404, _OF_NOBODY)
        if decision not in ("approve", "withdraw", "discard"):
            raise web.HTTPError(400, "A decision is approve, withdraw or discard.")
        if decision == "discard":
            self.db.delete(account)
        else:
            account.is_authorized = decision == "approve"
        self.db.commit()
        self.log.info("%s: %s the account of %r", self.current_user.name, decision, user_name)
        self.redirect(self.hub.base_url + "authorize")


PAGES = [
    (r"/signup", SignUp),
    (r"/change-password", OwnPassword),
    (r"/change-password/([^/]+)", AnothersPassword),
    (r"/authorize", Accounts),
    (r"/authorize/([^/]+)", Decision),
]
