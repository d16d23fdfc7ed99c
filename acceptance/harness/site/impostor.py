"""Somebody outside who claims towards the edge to be another, and knows no password: what do they get for it?"""

from acceptance.harness.site.visitor import Visitor

LOGIN = "jupyterhub-hub-login"
FORM, API = "/hub/login", "/hub/api/user"  # the API answers 200 to somebody, 403 to nobody


class Impostor:
    """Asks as `visitor`, who has not signed in."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    def gains(self, paths: list[str], name: str, headers: dict[str, str]) -> list[str]:
        """What a claim to be `name` gets at these paths, in the login form and at the hub's API.

        A line for each that gave in; none where all refused.
        """
        form = {"_xsrf": self._visitor.get(FORM).fields.get("_xsrf", ""), "username": name, "password": "guessed"}
        answers = {path: self._visitor.get(path, headers=headers) for path in paths}
        answers["the form"] = self._visitor.post(FORM, form, headers=headers)
        found = [
            f"from outside {what} gives {LOGIN}"
            for what, answer in answers.items()
            if LOGIN in {cookie.name for cookie in answer.cookies}
        ]
        knows = self._visitor.get(API, headers=headers).status != 403
        return found + ([f"from outside {API} knows somebody"] if knows else [])
