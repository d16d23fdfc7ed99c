"""`python -m acceptance.readme`: types the operator's commands of README and docs, in order, on a real engine.

In a copy of the tree, so that nobody's secrets are used; on a sandbox, unless `--engine=current` asks otherwise.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from acceptance.document import ROOT, Block, Step, blocks_of, documents
from acceptance.faults.patch import copied
from acceptance.harness.errors import EngineError, SettingsError, StackError
from acceptance.harness.settings import outside_make
from acceptance.harness.site import Site
from acceptance.sandbox import Sandbox

STACK = "nbi-jupyter-service"
# What `make open` says to a person who wants to sign in.
INVITATION = re.compile(r"(https://\S+)/\ncertificate: signed by (\S+);.*\nfirst login: (\S+)   password: (\S+)")


@dataclass(frozen=True)
class Reader:
    """Somebody who types what stands there, in shells that hand on their variables to each other."""

    tree: Path
    given: dict[str, str]
    variables: Path

    def type(self, step: Step, refused: bool = False) -> None:
        """Raises StackError if the command fails (`refused`: succeeds), or says something else than the document shows."""
        line = f'. "{self.variables}"; {step.command}\ncode=$?; export -p >"{self.variables}"; exit $code'
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.tree, env=self.given, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        if bool(done.returncode) is not refused:
            raise StackError(f"`{step.command}` ended with {done.returncode}:\n{done.stdout}")
        if not step.is_said(done.stdout):
            raise StackError(f"`{step.command}` is shown to say\n{step.shown}\nbut said\n{done.stdout}")
        if invitation := INVITATION.search(done.stdout):
            accept(*invitation.groups())


def accept(url: str, ca: str, name: str, password: str) -> None:
    """Signs in as `make open` says, trusting what it says. Raises StackError in the hub's words if that fails."""
    Site(url, Path(ca)).user(name, password).sign_in()


@contextmanager
def reader(variables: dict[str, str]) -> Iterator[Reader]:
    """A reader with a fresh copy of the tree, this Python, and `variables`."""
    with tempfile.TemporaryDirectory(prefix="nbi-readme-") as name:
        exported = Path(name) / "variables"
        exported.touch()
        yield Reader(copied(ROOT, Path(name) / STACK), {**outside_make(), "PYTHON": sys.executable, **variables}, exported)


@contextmanager
def engine(wanted: str) -> Iterator[dict[str, str]]:
    """The variables with which the commands reach their engine. Raises EngineError or SettingsError."""
    if wanted == "current":
        refuse_where_it_stands()
        yield {"ENGINE": "current"}
    elif Sandbox.kept():  # somebody's stack may stand there: one of our own, then
        sandbox = Sandbox.up(say=say)
        try:
            yield {"ENGINE": "current", "DOCKER_HOST": sandbox.docker_host}
        finally:
            sandbox.down()
    else:
        try:
            yield {"ENGINE": "sandbox"}
        finally:
            if started := Sandbox.kept():
                started.down()


def refuse_where_it_stands() -> None:
    """Raises SettingsError where the documents' commands would meet somebody's stack and remove it."""
    asked = ["docker", "stack", "services", "--quiet", STACK]
    found = subprocess.run(asked, capture_output=True, text=True)
    if found.stdout.strip():
        raise SettingsError([f"The stack {STACK} stands on the current engine, and README's commands would remove it."
                             " Leave --engine out, to use a sandbox."])


def is_typed(block: Block) -> bool:
    """Whether its commands are typed at all."""
    return block.kind in ("typed", "refused")


def say(words: object) -> None:
    """A line at once, also into a pipe."""
    print(words, flush=True)


def type_all(wanted: str) -> None:
    """Every command of every block that says of itself that it is typed, in the documents' own order."""
    blocks = [block for path in documents() for block in blocks_of(path) if is_typed(block)]
    with engine(wanted) as variables, reader(variables) as person:
        try:
            for block in blocks:
                for step in block.steps:
                    begun = time.monotonic()
                    person.type(step, refused=block.kind == "refused")
                    say(f"{block.document}: {step.command} ({time.monotonic() - begun:.1f} s)")
        except BaseException:
            person.type(Step("make remove", ""))
            raise


def main() -> int:
    """0; 1 if a command did not do what its document says; 4 for bad settings; 14 without an engine."""
    parser = argparse.ArgumentParser(prog="python -m acceptance.readme", description=__doc__)
    parser.add_argument("--engine", choices=["sandbox", "current"], default="sandbox", help="default: sandbox")
    exits = {StackError: 1, SettingsError: 4, EngineError: 14}
    try:
        type_all(parser.parse_args().engine)
    except tuple(exits) as error:
        print(error, file=sys.stderr)
        return exits[type(error)]
    return 0


if __name__ == "__main__":
    sys.exit(main())
