"""The page on which an admin approves who has signed up."""

from urllib.parse import quote

from acceptance.harness.errors import StackError
from acceptance.harness.site.answer import SHOWN
from acceptance.harness.site.visitor import Visitor

PAGE = "/hub/authorize"


class Approvals:
    """The page as `admin` meets it. Every method raises Refused for somebody who is none."""

    def __init__(self, admin: Visitor) -> None:
        self._admin = admin

    def state_of(self, name: str) -> str:
        """What the page says beside the name, such as `waits`; empty if the name is not there."""
        lines = self._admin.get(PAGE).expect(200).words.splitlines()
        return lines[lines.index(name) + 1] if name in lines else ""

    def approve(self, name: str) -> None:
        """Presses the button beside the name. Raises StackError where there is no such name."""
        page = self._admin.get(PAGE).expect(200)
        if name not in page.words.splitlines():
            raise StackError(f"{name!r} stands not on {PAGE}, which says: {page.words[:SHOWN]}")
        form = {"_xsrf": page.fields.get("_xsrf", ""), "decision": "approve"}
        self._admin.post(f"{PAGE}/{quote(name, safe='')}", form).expect(302)
