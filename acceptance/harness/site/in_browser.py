"""How people come in where the hub sends them to a provider: in a real browser, since each provider has pages of its own."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from acceptance.harness.errors import StackError
from acceptance.harness.site.answer import SHOWN, Answer
from acceptance.harness.site.chromium import window
from acceptance.harness.site.trust import key_of
from acceptance.harness.site.visitor import Visitor, origin_of
from acceptance.harness.wait import wait_until

if TYPE_CHECKING:
    from acceptance.harness.site.site import Site
    from acceptance.harness.site.user import User

WITHIN = 60  # seconds for all pages of the provider
# The button on JupyterHub's login page (login.html) where it has no form of its own.
TO_PROVIDER = ".service-login a[href]"
LOGIN, HOME = "/hub/login", "/hub/home"
NAME, PASSWORD = "input:is([type=text],[type=email],:not([type]))", "input[type=password]"


class InBrowser:
    """Name and password are typed where the provider asks for them, on one page or on two; then the cookies are taken over."""

    door, refusals = "", (400,)

    def enter(self, user: "User", next: str) -> Answer:
        """Signs in at the provider; the redirect that leads on to `next`. Raises StackError with its words."""
        with window(key_of(user.url, user.wire.ca), agent=user.wire.agent) as driver:
            _open(driver, f"{user.url}{LOGIN}?next={quote(HOME, safe='')}")
            there = Pages(driver, user)
            wait_until("the provider to send them back", there.step, deadline=WITHIN, hopeless=there.refused, hint=there.shown)
            user.wire.take_over(_cookies(driver, urlsplit(user.url).hostname or ""))
        return user.get(f"{LOGIN}?next={quote(next, safe='')}").expect(302)

    def is_met_by(self, page: Answer) -> bool:
        """The hub's login page with the button that leads to the provider, or at once a redirect to another site."""
        edge = urlsplit(page.url).netloc
        return "service-login" in page.text if page.expect(200, 302).status == 200 else urlsplit(page.leads_to).netloc != edge

    def wrong_tries(self, site: "Site", user: "User") -> list[tuple[Visitor, Answer]]:
        """Who comes back with a code that no provider gave. (Wrong passwords at an institution would lock an account.)"""
        tries = [(site.visitor(), made_up) for made_up in ("guess", "another-guess")]
        return [(one, one.get(f"/hub/oauth_callback?code={made_up}&state={made_up}")) for one, made_up in tries]


@dataclass
class Pages:
    """The provider's pages as they come: `sent` is what was typed into them so far."""

    driver: WebDriver
    user: "User"
    sent: set[str] = field(default_factory=set)

    def step(self) -> bool:
        """Does what the page on the screen asks for; whether it is one of the hub's behind the login."""
        try:
            return self._step()
        except StaleElementReferenceException:  # the page changed under the finger: look again
            return False

    def refused(self) -> str:
        """Why it cannot get better: a page that never came, asks again for what was sent, or is the hub's and no login."""
        if self.driver.execute_script("return document.URL").startswith("chrome-error:"):
            return f"the browser could not open the page: {self.shown()}"
        if self._path_at_hub() not in ("", LOGIN, HOME):
            return f"the hub did not let them in: {self.shown()}"
        asked = self._asked()
        return f"it asks again for {' and '.join(asked)}: {self.shown()}" if asked and asked.keys() <= self.sent else ""

    def shown(self) -> str:
        """Where they are, and what stands there."""
        words = self.driver.execute_script("return document.body ? document.body.innerText : ''")
        return f"the browser is at {self.driver.current_url.partition('?')[0]} and shows {' '.join(words.split())[:SHOWN]!r}"

    def _step(self) -> bool:
        path = self._path_at_hub()
        if path == LOGIN:
            for button in self._visible(TO_PROVIDER)[:1]:
                button.click()
        elif not path:
            self._fill_in({what: box for what, box in self._asked().items() if what not in self.sent})
        return path == HOME

    def _path_at_hub(self) -> str:
        """Where in the hub the browser is; empty where it is at the provider."""
        at = self.driver.current_url
        return urlsplit(at).path if origin_of(at) == origin_of(self.user.origin) else ""

    def _asked(self) -> dict[str, WebElement]:
        found = {"a name": self._visible(NAME), "a password": self._visible(PASSWORD)}
        return {what: fields[0] for what, fields in found.items() if fields}

    def _fill_in(self, asked: dict[str, WebElement]) -> None:
        """Types into these fields, sends the form by the last, and returns when the page has taken it."""
        if not asked:
            return
        words = {"a name": self.user.typed, "a password": self.user.password}
        for what, box in asked.items():
            box.clear()
            box.send_keys(words[what])
        before, last = self.driver.current_url, [*asked.values()][-1]
        self.sent |= asked.keys()
        last.send_keys(Keys.ENTER)
        wait_until("the provider to take what was typed", lambda: self.driver.current_url != before or _is_gone(last),
                   deadline=WITHIN, hint=self.shown)

    def _visible(self, selector: str) -> list[WebElement]:
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return [one for one in found if one.is_displayed() and one.is_enabled()]


def _is_gone(element: WebElement) -> bool:
    try:
        return not element.is_displayed()
    except StaleElementReferenceException:
        return True


def _open(driver: WebDriver, url: str) -> None:
    try:
        driver.get(url)
    except TimeoutException as error:
        raise StackError(f"{url} was not loaded in time") from error
    except WebDriverException as error:
        if "net::ERR" not in (error.msg or ""):  # which the browser's own page tells in words, also where a button led to it
            raise


def _cookies(driver: WebDriver, host: str) -> list[dict[str, Any]]:
    """All cookies of a host, whatever page they are for: WebDriver tells those of the page on the screen only."""
    return [one for one in driver.execute_cdp_cmd("Network.getAllCookies", {})["cookies"] if one["domain"].lstrip(".") == host]
