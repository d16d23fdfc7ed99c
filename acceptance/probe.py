"""`python -m acceptance.probe --target=… --accounts=…`: one user's journey through a service, as one JSON line for monitoring.

Exit 0: all went well; 1: the service broke a promise; 2: interrupted; 3: the probe's own mistake; 4: bad input.
"""

import argparse
import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from acceptance.harness import endings
from acceptance.harness.errors import SettingsError, StackError
from acceptance.harness.report.redactor import Redactor
from acceptance.harness.settings import environment
from acceptance.harness.site import Kernel, Site, User
from acceptance.harness.stopwatch import Stopwatch
from acceptance.harness.target import Target, target_of
from acceptance.harness.wait import wait_until

OPTIONS = {"target": "https://host[:port] of the service", "accounts": "who may use it: the first user is the probe's",
           "ca-file": "the CAs of its certificate (PEM); empty: those that this machine trusts",
           "within": "seconds until all has been tried, and what was started is stopped again (30)"}
LEAST, MOST = 5, 600  # seconds
RESERVE = 4  # seconds of them to stop in what was started, where something went wrong
SHOWN = 600  # characters of a cause


class Parser(argparse.ArgumentParser):
    """Refuses like everything else: exit 4, and a line of JSON."""

    def error(self, message: str) -> NoReturn:
        """Raises SettingsError."""
        raise SettingsError(message)


class Journey:
    """One user's way through the service. `step` is where it is: edge, login, spawn, kernel, stop; empty at its end."""

    def __init__(self, site: Site, user: User, within: float) -> None:
        self.site, self.user, self.within, self.watch = site, user, within, Stopwatch()
        self.step, self.began_server = "edge", False

    @property
    def left(self) -> float:
        """Seconds that are left of all."""
        return self.within - self.watch.seconds

    def go(self) -> None:
        """All steps. Raises StackError; `step` is then the one that failed. What was started is stopped in any case."""
        try:
            with endings.at_most(self.left - RESERVE, self.late):
                self.use()
            self.step = "stop"
            with endings.at_most(self.left, self.late):
                self.leave()
        except BaseException:
            self.give_up()
            raise
        self.step = ""

    def use(self) -> None:
        """From the edge's first answer to what a kernel prints."""
        told = self.site.visitor().api("GET", "/hub/api").expect(200).json()
        if not isinstance(told, dict) or "version" not in told:
            raise StackError(f"{self.site.url}/hub/api answers, but is no JupyterHub's: it tells no version")
        self.step = "login"
        self.user.sign_in()
        self.step = "spawn"
        self.arrive()
        self.step = "kernel"
        with self.kernel() as kernel:
            printed = kernel.run("print(6 * 7)", deadline=self.left)
            if printed != "42\n":
                raise StackError(f"print(6 * 7) printed {printed!r}")

    def arrive(self) -> None:
        """At the user's server: the one that runs or is starting, which is then left alone, or one of our own."""
        wait_until("an earlier server to have stopped", lambda: self.user.state_of_server() != "stop", deadline=self.left)
        if not self.user.state_of_server():
            self.began_server = True
            self.user.request_server()
        if not self.user.is_running():
            self.user.wait_until_started(deadline=max(self.left - 2 * RESERVE, 1))
        self.user.server().open()

    @contextmanager
    def kernel(self) -> Iterator[Kernel]:
        """A kernel that goes again, since the server may be somebody's who works there."""
        kernel = self.user.server().start_kernel()
        yield kernel
        kernel.shut_down()

    def leave(self) -> None:
        """Returns when the server that was started is gone."""
        if self.began_server:
            self.user.stop_server(deadline=self.left)
            self.began_server = False

    def give_up(self) -> None:
        """Asks the hub to stop what was started, and waits for nothing; what does not go is said on stderr."""
        if not self.began_server:
            return
        try:
            with endings.at_most(max(self.left, 1), lambda: "the hub does not answer"):
                self.user.request_stop()
        except Exception as error:  # noqa: BLE001 - what went wrong before is the news
            print(f"the server of {self.user.name!r} may go on: {error}", file=sys.stderr)

    def late(self) -> str:
        """What is said where the time is over."""
        return f"{self.step} was not done {self.watch.seconds:.0f} s after the beginning, of {self.within:.0f} s for all"


def read(arguments: list[str] | None) -> tuple[Target, float]:
    """What to probe, and the seconds. Raises SettingsError with all complaints."""
    parser = Parser(prog="python -m acceptance.probe", description=__doc__)
    for name, meaning in OPTIONS.items():
        parser.add_argument(f"--{name}", dest=name.replace("-", "_"), help=meaning, default="")
    given = vars(parser.parse_args(arguments))
    complaints, target, within = [], None, given.pop("within") or "30"
    try:
        target = target_of(given, environment())
    except SettingsError as error:
        complaints += error.complaints
    if not given["target"]:
        complaints.append("TARGET: which service? Say https://host or https://host:port")
    if target and not target.accounts.users:
        complaints.append(f"{Path(given['accounts']).name}:1: users: the probe signs in as the first of them, so name one")
    if not (within.isascii() and within.isdigit() and LEAST <= int(within) <= MOST):
        complaints.append(f"WITHIN={within}: not a whole number of seconds from {LEAST} to {MOST}")
    if complaints:
        raise SettingsError(complaints)
    return target, float(within)


def probe(site: Site, name: str, secret: str, within: float) -> tuple[int, str, str, float]:
    """The exit code, the step that failed, its cause, and the seconds that all took."""
    journey = Journey(site, site.user(name, secret), within)
    code, cause = 0, ""
    try:
        with endings.heard():
            journey.go()
    except StackError as error:
        code, cause = 1, str(error)
    except KeyboardInterrupt as error:
        code, cause = 2, endings.named(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, monitoring gets its line
        code, cause = 3, f"the probe itself failed: {type(error).__name__}: {error}"
    return code, journey.step, cause, journey.watch.seconds


def journey_of(arguments: list[str] | None, secrets: Redactor) -> tuple[int, str, str, float]:
    """`probe` by these arguments; `secrets` knows then what nobody may read. Raises SettingsError before anything is asked."""
    target, within = read(arguments)
    for secret in target.accounts.secrets:
        secrets.add(secret)
    first = target.accounts.users[0]
    return probe(Site.of(target), first.name, first.secret, within)


def main(arguments: list[str] | None = None) -> int:
    """Prints the line, whatever happens, and returns the exit code."""
    secrets, failed, seconds = Redactor(), "input", 0.0  # until there is a journey
    try:
        code, failed, cause, seconds = journey_of(arguments, secrets)
    except SettingsError as error:
        print(*error.complaints, sep="\n", file=sys.stderr)
        code, cause = 4, "; ".join(error.complaints)
    except KeyboardInterrupt as error:
        code, cause = 2, endings.named(error)
    except Exception as error:  # noqa: BLE001 - a line is what monitoring can read; people read the traceback
        code, cause = 3, f"the probe itself failed: {type(error).__name__}: {error}"
        print(clean(traceback.format_exc(), secrets), file=sys.stderr)
    told = clean(" ".join(cause.split()), secrets)[:SHOWN]
    line = {"ok": code == 0, "failed": failed or None, "cause": told or None, "seconds": round(seconds, 1)}
    print(json.dumps(line), flush=True)
    return code


def clean(text: str, secrets: Redactor) -> str:
    """The text without secrets, and without the halves of characters that JSON may hold, which nothing can encode."""
    return secrets.text(text.encode(errors="backslashreplace").decode())


if __name__ == "__main__":
    sys.exit(main())
