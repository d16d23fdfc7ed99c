"""A real browser as a person uses it: Debian's Chromium, driven by selenium.

The selectors are JupyterHub 6's and JupyterLab 4's.
"""

import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlsplit

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from acceptance.harness.errors import StackError
from acceptance.harness.site.answer import SHOWN
from acceptance.harness.site.chromium import LOAD_WITHIN, window
from acceptance.harness.site.site import Site
from acceptance.harness.site.trust import key_of
from acceptance.harness.site.user import User
from acceptance.harness.wait import wait_until

T = TypeVar("T")
CELL = ".jp-NotebookPanel .jp-CodeCell"
STATUS_BAR = "#jp-main-statusbar"
FINISHED = re.compile(r"\[\d+\]:")  # the prompt of a cell that has run; `[*]:` runs, `[ ]:` waits


class Browser:
    """An open browser window: what a person waits for is waited for, or a StackError tells the screen.

    Leaves no profile behind: `close()` it, or use a `with`. Raises SettingsError where Chromium is missing.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        key = key_of(site.url, site.ca)
        self._closing = ExitStack()
        self._driver = self._closing.enter_context(window(key, only=urlsplit(site.url).hostname or ""))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def words(self) -> str:
        """The text on the screen."""
        return self._driver.execute_script("return document.body ? document.body.innerText : ''")

    @property
    def url(self) -> str:
        """What stands in the address bar."""
        return self._driver.current_url

    def open(self, path: str) -> None:
        """Opens a page of the site."""
        try:
            self._driver.get(self._site.url + path)
        except TimeoutException as error:
            raise StackError(f"{path} was not loaded within {LOAD_WITHIN} s") from error
        except WebDriverException as error:
            if "net::ERR" not in (error.msg or ""):
                raise
            raise StackError(f"the browser could not open {path}: {error.msg}") from error
        # A refused certificate makes no error: the browser shows a page of its own in the site's place.
        if self._driver.execute_script("return document.URL").startswith("chrome-error:"):
            raise StackError(f"the browser refused {path} and says: {self.words[:SHOWN]}")

    def sign_in(self, user: User) -> None:
        """Fills in the login form and sends it. The hub then starts the server: `wait_until_lab_opens`."""
        self.open("/hub/login")
        self._find("#username_input").send_keys(user.typed)
        self._find("#password_input").send_keys(user.password)
        self._find("#login_submit").click()
        self._wait("the login page to be left", lambda: "/hub/login" not in self.url, 30, self._login_error)

    def wait_until_lab_opens(self, deadline: float = 120) -> None:
        """Returns when JupyterLab is there to be used, through the pending page if that comes first."""
        self._wait(
            "JupyterLab's launcher or the notebook left open",
            self._lab,
            deadline,
            self._spawn_error,
        )
        self._wait("the splash screen to go", lambda: not self._all("#jupyterlab-splash"), 30)

    def run_cell(self, code: str, deadline: float = 60) -> str:
        """Types one line into the notebook (a new one if none is open), runs it, and reads the output."""
        if not self._all(CELL):
            self._find('.jp-LauncherCard[data-category="Notebook"]').click()
        self._wait("the notebook's kernel to be idle", self._has_idle_kernel, 60)
        self._find(f"{CELL} .cm-content")
        cell = self._all(CELL)[-1]
        cell.find_element(By.CSS_SELECTOR, ".cm-content").send_keys(code, Keys.SHIFT, Keys.ENTER)
        self._wait(f"the cell {code!r} to have run", lambda: FINISHED.match(_prompt(cell)), deadline)
        return "\n".join(line.text for line in cell.find_elements(By.CSS_SELECTOR, ".jp-OutputArea-output"))

    def sign_out(self) -> None:
        """Signs out by JupyterLab's File menu, and returns when the login form is there again."""
        self._find(".lm-MenuBar-item:first-child").click()
        self._find('.lm-Menu-item[data-command="hub:logout"]').click()
        self._find("#login_submit")

    def screenshot(self, path: Path) -> Path:
        """Saves what is on the screen as PNG and returns the path."""
        path.write_bytes(self._driver.get_screenshot_as_png())
        return path

    def console(self) -> list[str]:
        """What pages wrote to the browser's console since this was last asked."""
        return [f"{line['level']} {line['message']}" for line in self._driver.get_log("browser")]

    def close(self) -> None:
        """Ends the browser and removes its profile."""
        self._closing.close()

    def _lab(self) -> list[WebElement]:
        """What Lab shows first; a form of options that comes before it is sent as it stands."""
        for button in self._visible("#spawn_form [type=submit]"):
            button.click()
        return self._all(".jp-LauncherCard, .jp-NotebookPanel")

    def _has_idle_kernel(self) -> bool:
        """JupyterLab forgets what is run before the kernel is there; its status bar tells name and state."""
        told = " ".join(bar.text for bar in self._visible(STATUS_BAR))
        return "| Idle" in told and "No Kernel" not in told

    def _find(self, selector: str) -> WebElement:
        """The first such element that is on the screen, waited for."""
        shown = self._wait(f"{selector} on the screen", lambda: self._visible(selector), 30)
        return shown[0]

    def _visible(self, selector: str) -> list[WebElement]:
        try:
            return [element for element in self._all(selector) if element.is_displayed()]
        except StaleElementReferenceException:  # the page changed between the two questions: ask again
            return []

    def _all(self, selector: str) -> list[WebElement]:
        return self._driver.find_elements(By.CSS_SELECTOR, selector)

    def _wait(
        self,
        what: str,
        ask: Callable[[], T],
        deadline: float,
        hopeless: Callable[[], str | None] | None = None,
    ) -> T:
        return wait_until(what, ask, deadline=deadline, hopeless=hopeless, hint=self._where)

    def _where(self) -> str:
        return f"the browser is at {self.url} and shows {self.words[:SHOWN]!r}"

    def _login_error(self) -> str | None:
        return next((element.text for element in self._visible(".login_error")), None)

    def _spawn_error(self) -> str | None:
        failed = (
            self._visible("#progress-bar.bg-danger")
            or self._visible(".error h1")
            or self._visible(".spawn-error-msg")
        )
        return self.words if failed else None


def _prompt(cell: WebElement) -> str:
    return cell.find_element(By.CSS_SELECTOR, ".jp-InputPrompt").text
