"""A small tree with checks of its own, judged by the real plugin: what the selftests of the verdict work on."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

# The images have the hub's modules on PYTHONPATH, flat; so have their selftests.
sys.path += [str(Path(__file__).parents[2] / folder) for folder in ("hub", "hub/proxy", "hub/singleuser")]

PREAMBLE = """
import os, signal
import pytest
from acceptance.harness.errors import Absent, EngineError, SettingsError, StackError
"""
# Plugins that a selftest's tree has no use for; Hypothesis alone takes half a second to be imported anew each time.
UNUSED = [f"-pno:{name}" for name in ("hypothesispytest", "pytest11.testinfra", "docker", "anyio")]


@dataclass
class Judged:
    """One finished run of the plugin, as its caller meets it."""

    code: int
    lines: list[str]
    reports: Path

    @property
    def last(self) -> str:
        """The last line printed."""
        return [line for line in self.lines if line.strip()][-1]

    @property
    def folder(self) -> Path:
        """The report of this run."""
        return self.reports / "latest"

    @property
    def results(self) -> dict:
        """results.json of this run."""
        return json.loads((self.folder / "results.json").read_text(encoding="utf-8"))

    @property
    def outcomes(self) -> dict[str, str]:
        """Each check's outcome by its id, in the order of the run."""
        return {check["id"]: check["outcome"] for check in self.results["checks"]}

    def check(self, check_id: str) -> dict:
        """The entry of one check in results.json."""
        return next(check for check in self.results["checks"] if check["id"] == check_id)

    def text(self, name: str) -> str:
        """A file of the report."""
        return (self.folder / name).read_text(encoding="utf-8")


class Tree:
    """A tree with a stack file (never deployed), checks, and the lock that belongs to them."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester, self.path = pytester, pytester.path
        self._source, self._lock = PREAMBLE, []
        for folder in ("stack", "acceptance"):
            pytester.mkdir(folder)
        (self.path / "stack" / "docker-compose.yml").write_text("services: {}\n")

    def fixture(self, source: str) -> None:
        """A fixture (or anything else) for the checks that follow."""
        self._source += f"\n{source}\n"

    def check(
        self, name: str, body: str = "pass", profile="smoke", cls="r", needs=(), uses="", locked=True
    ) -> None:
        """A check with this body; `uses` are its fixtures. It stands in checks.lock unless told otherwise."""
        marker = f"@pytest.mark.check({name!r}, profile={profile!r}, cls={cls!r}, needs={needs!r})"
        function = f"def test_{name.replace('-', '_')}({uses}):\n    '''{name} is kept.'''\n"
        self._source += f"\n{marker}\n{function}" + "".join(f"    {line}\n" for line in body.splitlines())
        if locked:
            self._lock.append(f"{name}\t{profile}\t{cls}\t{','.join(needs) or '-'}\t{name} is kept.\n")

    def judge(self, *arguments: str, where: str = "acceptance", subprocess: bool = False) -> Judged:
        """Runs the real plugin on the tree."""
        (self.path / "acceptance" / "test_it.py").write_text(self._source)
        (self.path / "acceptance" / "checks.lock").write_text("".join(sorted(self._lock)))
        run = self._pytester.runpytest_subprocess if subprocess else self._pytester.runpytest_inprocess
        done = run("-p", "acceptance.plugin", *UNUSED, where, *arguments)
        return Judged(int(done.ret), [*done.outlines], self.path / "reports")


@pytest.fixture
def tree(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """An empty tree; the modules that use it name pytest's own `pytester` plugin."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return Tree(pytester)


@pytest.fixture
def spawner(monkeypatch):
    """A NotebookSpawner whose server answers as soon as its task runs."""
    from swarm_spawner import NotebookSpawner  # here: most selftests have no use for JupyterHub

    from acceptance.selftest.hub_swarm import user

    async def answers(self, address):
        return True

    monkeypatch.setattr(NotebookSpawner, "_answers", answers)
    monkeypatch.setattr(NotebookSpawner, "get_env", lambda self: {})
    return NotebookSpawner(
        user=user(),
        orm_spawner=SimpleNamespace(name="", server=None, user_options={}),
        stack="lab",
        image="image",
        network_name="net",
    )
