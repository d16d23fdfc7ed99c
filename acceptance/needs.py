"""What a check needs of what it judges, and why a run does not ask for it."""

from collections.abc import Iterable

from acceptance.harness.report.check import Check
from acceptance.harness.settings import Settings

# A fixture that a check uses, by name or by another one -> what it needs. A marker says only what no fixture tells.
OF_FIXTURES = {
    "engine": "docker", "admin": "admin", "newcomer": "sign-up",
    # A stack of the run's own: its settings and secrets, its logs and servers from the first one on, and any user it likes.
    **dict.fromkeys(("deployment", "private", "auditor", "logbook", "flood", "insider", "peculiar_users"), "deploy"),
}
# Words that markers say.
FORM, LOGIN_PAGE, PAGES, PLAIN, PREVIOUS = "form", "login-page", "pages", "plain-http", "previous"
# Overlays by which people come in whom a counterpart knows, and the words for those who type into the hub's own form.
BY_OVERLAY = {"stack/ldap.yml": "ldap", "stack/oauth.yml": "oauth", "stack/header.yml": "header"}
TYPED = ("form", "ldap")
SIGN_UP = ("", "sign_up.SignUpAuthenticator")     # AUTHENTICATOR_CLASS with which strangers may sign up
BESIDE = {"stack/ldap.yml": "the directory", "stack/header.yml": "the proxy in front"}  # which a run puts on the stack's network
STRANGERS = {"newcomer", "peculiar_users"}  # whom no counterpart knows
# How many accounts a fixture takes; residents are two.
TAKES = {"alice": 1, "bob": 1, "carol": 1, "guest": 1, "residents": 2}
MADE = 3  # users that a run makes, where a token lets it


def needs_of(fixtures: Iterable[str], said: tuple[str, ...]) -> tuple[str, ...]:
    """The needs of a check that uses these fixtures and says these: sorted, each once."""
    return tuple(sorted({*said, *(need for fixture, need in OF_FIXTURES.items() if fixture in fixtures)}))


def why_not(check: Check, fixtures: Iterable[str], settings: Settings) -> str:
    """Why a run with these settings does not ask for this check of its profile; empty if it does."""
    if settings.target:
        return why_not_of_target(check, fixtures, settings)
    overlays = settings.environment.get("OVERLAYS", "").split()
    login = next((BY_OVERLAY[name] for name in overlays if name in BY_OVERLAY), "form")
    beside = next((BESIDE[name] for name in overlays if name in BESIDE), "")
    reasons = {
        f"it removes the stack, and with it {beside} by which people come in": beside and "wreck" in {*fixtures},
        "PREVIOUS_HUB_IMAGE names none to upgrade from": PREVIOUS in check.needs and not settings.previous_hub_image,
        f"it takes people whom nobody knows where they come in by {login}": login != "form" and STRANGERS & {*fixtures},
        "SIGN_UP and AUTHENTICATOR_CLASS let nobody sign up": "sign-up" in check.needs and not has_sign_up(settings),
        **why_not_by(login, check),
    }
    return next((reason for reason, applies in reasons.items() if applies), "")


def why_not_by(login: str, check: Check) -> dict[str, bool]:
    """What checks need of the way that people come in, and whether this one needs it in vain."""
    by = f"people come in by {login}"
    return {
        f"it types into the login form, and {by}": FORM in check.needs and login not in TYPED,
        f"it begins at the hub's login page, and {by}": LOGIN_PAGE in check.needs and login in ("header", "token"),
        "it opens pages of the hub, which no token does": PAGES in check.needs and login == "token",
    }


def why_not_of_target(check: Check, fixtures: Iterable[str], settings: Settings) -> str:
    """Why a service that runs is not asked for this check; empty if it is."""
    target = settings.target
    accounts, has = target.accounts, len(target.accounts.users) or MADE
    takes = TAKES | {"users": settings.users}
    users = sum(count for fixture, count in takes.items() if fixture in fixtures)
    reasons = {
        "it looks at or changes the swarm, and there is no Docker access": "docker" in check.needs and not has_docker(settings),
        "it disturbs the service, and nobody said DISRUPTIVE=1": check.cls == "d" and not target.disruptive,
        "it takes a stack that the run has deployed itself": "deploy" in check.needs,
        "people who sign up for it would stay": "sign-up" in check.needs,
        "it takes an admin, and the accounts name none": "admin" in check.needs and not accounts.admin,
        **why_not_by(accounts.login, check),
        "nobody said where plain http is answered (HTTP_PORT=…)": PLAIN in check.needs and not target.plain_url,
        f"it takes {users} users, and the accounts have {has}": users > has,
    }
    return next((reason for reason, applies in reasons.items() if applies), "")


def has_sign_up(settings: Settings) -> bool:
    """Whether the stack is deployed so that strangers find the way to an account at its login page."""
    given = settings.environment
    return given.get("SIGN_UP") != "0" and given.get("AUTHENTICATOR_CLASS", "") in SIGN_UP


def has_docker(settings: Settings) -> bool:
    """Whether a way to the target's swarm was given. (What the docker command reaches by itself may be any engine.)"""
    return any(settings.environment.get(name) for name in ("DOCKER_HOST", "DOCKER_CONTEXT"))
