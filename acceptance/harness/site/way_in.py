"""How people come in: by the hub's own login form, or as a counterpart of the run has it (fixtures/ways_in.py)."""

from typing import TYPE_CHECKING, Protocol

from acceptance.harness.site.answer import Answer
from acceptance.harness.site.visitor import Visitor

if TYPE_CHECKING:
    from acceptance.harness.site.site import Site
    from acceptance.harness.site.user import User


class WayIn(Protocol):
    """What every way promises. `door` is where people come in, empty for the edge itself; `refusal` a wrong try's status."""

    door: str
    refusal: int

    def enter(self, user: "User", next: str) -> Answer:
        """Comes in as the user; the redirect that leads on to `next`. Raises Refused with the page's words."""

    def is_met_by(self, page: Answer) -> bool:
        """Whether this page, which `/` leads strangers to, is where this way begins. Raises Refused for another status."""

    def wrong_tries(self, site: "Site", user: "User") -> list[tuple[Visitor, Answer]]:
        """What strangers meet who try to come in, as the user or as anybody; none of it may open anything."""


class LoginForm:
    """A name and a password, typed into the login page."""

    door, refusal = "", 403

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
