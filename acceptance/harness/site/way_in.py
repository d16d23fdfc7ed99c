"""How people come in: by the hub's own form, a header, a token, a provider, or as a counterpart has it (fixtures/ways_in.py)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from acceptance.harness.accounts import GivenAccounts
from acceptance.harness.site.answer import Answer
from acceptance.harness.site.in_browser import InBrowser
from acceptance.harness.site.token import Token
from acceptance.harness.site.visitor import Visitor

if TYPE_CHECKING:
    from acceptance.harness.site.site import Site
    from acceptance.harness.site.user import User


UNNAMED = (401, 403)  # for who is named by no header: some authenticators say the one, others the other


class WayIn(Protocol):
    """What every way promises. `door` is where people come in, empty for the edge itself; `refusals` what wrong tries get."""

    door: str
    refusals: tuple[int, ...]

    def enter(self, user: "User", next: str) -> Answer:
        """Comes in as the user; the redirect that leads on to `next`, where pages are. Raises Refused with the page's words."""

    def is_met_by(self, page: Answer) -> bool:
        """Whether this page, which `/` leads strangers to, is where this way begins. Raises Refused for another status."""

    def wrong_tries(self, site: "Site", user: "User") -> list[tuple[Visitor, Answer]]:
        """What strangers meet who try to come in, as the user or as anybody; none of it may open anything."""


class LoginForm:
    """A name and a password, typed into the login page."""

    door, refusals = "", (403,)

    def enter(self, user: "User", next: str) -> Answer:
        """Submits the form, filled in with what the user types."""
        return user.submit_login(user.typed, user.password, next=next).expect(302)

    def is_met_by(self, page: Answer) -> bool:
        """The login page, with its form."""
        return page.expect(200).fields.keys() >= {"username", "password"}

    def wrong_tries(self, site: "Site", user: "User") -> list[tuple[Visitor, Answer]]:
        """A wrong password, an unknown name, no password, and an empty form."""
        typed = [(user.typed, "wrong-" + user.password), ("nobody-of-that-name", user.password), (user.typed, ""), ("", "")]
        visitors = [(site.visitor(), each) for each in typed]
        return [(visitor, visitor.submit_login(*each)) for visitor, each in visitors]


@dataclass(frozen=True)
class ByHeader:
    """A proxy in front says who it is, with each request; where the hub asks for it, a secret proves that it was the proxy."""

    header: str
    secret_header: str = ""
    secret: str = field(default="", repr=False)
    door, refusals = "", UNNAMED

    def enter(self, user: "User", next: str) -> Answer:
        """Lets the hub sign in whom the header names; who is signed in is led on from the login."""
        user.wire.transcript.hide(self.secret)
        user.carry(self.said_of(user.typed))
        user.get("/hub/login?next=%2Fhub%2Fhome", follow=True).expect(200)
        return user.get(f"/hub/login?next={quote(next, safe='')}").expect(302)

    def said_of(self, name: str) -> dict[str, str]:
        """What the proxy adds for somebody of this name."""
        return {self.header: name, **({self.secret_header: self.secret} if self.secret_header else {})}

    def is_met_by(self, page: Answer) -> bool:
        """The hub's refusal, since nobody named a stranger."""
        return page.expect(*self.refusals).status in self.refusals

    def wrong_tries(self, site: "Site", user: "User") -> list[tuple[Visitor, Answer]]:
        """No name, an empty one, and, where there is a secret, the user's without it and with a wrong one."""
        claims = [{}, self.said_of("")]
        if self.secret_header:
            claims += [{self.header: user.typed}, self.said_of(user.typed) | {self.secret_header: "wrong-" + self.secret}]
        visitors = [site.visitor() for _ in claims]
        for visitor, claim in zip(visitors, claims, strict=True):
            visitor.carry(claim)
        return [(visitor, visitor.get("/hub/login", follow=True)) for visitor in visitors]


class ByToken:
    """An API token that each user has made goes with each request. It opens the hub's API and servers, and no page of the hub."""

    door, refusals = "", (403,)

    def enter(self, user: "User", next: str) -> Answer:
        """Shows the token; what the hub knows of its owner. There is no page to be led on to."""
        user.bear(user.password)
        return user.api("GET", "/hub/api/user").expect(200)

    def is_met_by(self, page: Answer) -> bool:
        """Whatever the hub's login is: it is not this way's."""
        return page.expect(200).status == 200

    def wrong_tries(self, site: "Site", user: "User") -> list[tuple[Visitor, Answer]]:
        """No token, and a wrong one."""
        visitors = [site.visitor(), site.visitor(token=Token("", "wrong-" + user.password))]
        return [(visitor, visitor.api("GET", "/hub/api/user")) for visitor in visitors]


def way_of(accounts: GivenAccounts) -> WayIn:
    """How the people of accounts.yaml come in."""
    if accounts.login == "header":
        return ByHeader(accounts.header, accounts.secret_header, accounts.secret)
    return {"token": ByToken, "oauth": InBrowser}.get(accounts.login, LoginForm)()
