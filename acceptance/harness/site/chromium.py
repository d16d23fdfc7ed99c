"""How Debian's Chromium is started: headless, private, and calling nobody unasked."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver

from acceptance.harness.errors import SettingsError

# Headless, as any user, on a machine with a small /dev/shm, and calling nobody unasked.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--window-size=1400,1000",
)
LOAD_WITHIN = 60  # seconds for one page


@contextmanager
def window(key: str, *, only: str = "", agent: str = "") -> Iterator[webdriver.Chrome]:
    """A browser without a past, gone with all that it kept when the block ends. Raises SettingsError where there is none.

    `key` is believed whatever signed it (trust.py). `only` is the one host that it may call, `agent` what it says that it is.
    """
    profile = Path(tempfile.mkdtemp(prefix="nbi-browser-"))
    try:
        driver = _start(profile, key, only, agent)
        try:
            yield driver
        finally:
            driver.quit()
    finally:
        shutil.rmtree(profile)


def _start(profile: Path, key: str, only: str, agent: str) -> webdriver.Chrome:
    """Starts Debian's browser with Debian's driver; selenium is given both, so that it downloads neither."""
    found = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    if missing := [name for name, path in found.items() if not path]:
        raise SettingsError(
            [f"{name} is not on PATH: apt-get install chromium chromium-driver" for name in missing]
        )
    options = webdriver.ChromeOptions()
    options.binary_location = found["chromium"]
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (
        *FLAGS,
        f"--user-data-dir={profile}",
        f"--ignore-certificate-errors-spki-list={key}",
        *([f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {only}"] if only else []),
        *([f"--user-agent={agent}"] if agent else []),
    ):
        options.add_argument(flag)
    # An environment of its own: no proxy of the machine's, nothing written to the home of whoever runs this.
    env = {"HOME": str(profile), "PATH": os.defpath, "LANG": "C.UTF-8"}
    driver = webdriver.Chrome(options, webdriver.ChromeService(found["chromedriver"], env=env))
    driver.set_page_load_timeout(LOAD_WITHIN)
    return driver
