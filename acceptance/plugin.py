"""The pytest plugin: options, settings before all else, and the verdict as the last line, always."""

import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from acceptance.harness import endings
from acceptance.harness.errors import SettingsError
from acceptance.harness.options import OPTIONS, Option
from acceptance.harness.report import report
from acceptance.harness.report.progress import Progress
from acceptance.harness.report.run import Run
from acceptance.harness.settings import Settings, fallback, gather
from acceptance.judge import Judge
from acceptance.passing import Passing
from acceptance.selection import Selection, checks_folder, is_selftest, mixing, narrowing, side_by_side

RUN = pytest.StashKey[Run]()
# Options with which pytest tells something and runs nothing.
TELLING = ("collectonly", "showfixtures", "show_fixtures_per_test", "markers", "help", "version", "cacheshow")


def pytest_addoption(parser: pytest.Parser) -> None:
    """All values are judged by Settings, so that a caller reads all complaints together."""
    group = parser.getgroup("acceptance", "acceptance of a JupyterHub stack (each is also a make variable)")
    for option in OPTIONS:
        bare = {"nargs": "?", "const": "1"} if option.name == "keep" else {}  # `--keep`, and KEEP=1 of make
        group.addoption(
            f"--{option.name}", dest=f"nbi_{option.key}", metavar=option.variable, help=_help(option), **bare
        )


def _help(option: Option) -> str:
    default = f" (default: {option.default})" if option.default else ""
    return f"{option.meaning}{default}".replace("%", "%%")


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The run: where fixtures tell what they know, and what went wrong."""
    return request.config.stash[RUN]


@pytest.fixture(scope="session")
def settings(run: Run) -> Settings:
    """What this run was asked for."""
    return run.settings


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Iterator[None]:
    """Outermost of all: when this goes on, pytest has printed its last word and everything is torn down."""
    if _only_tells(config) or is_selftest(config):
        code = yield
        return (
            12 if code == pytest.ExitCode.NO_TESTS_COLLECTED else code
        )  # 5 is nobody's; none selected is 12
    run = config.stash[RUN] = _asked(config)
    with endings.heard():
        try:
            _note(run, (yield))
        except pytest.UsageError as error:
            run.refused += str(error).splitlines()
        except KeyboardInterrupt as error:  # one more, during removal
            run.interrupted = run.interrupted or endings.named(error)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the report must tell it
            run.internal.append(f"{type(error).__name__}: {error}")
    return report.conclude(run, config.invocation_params.dir)


@pytest.hookimpl(specname="pytest_cmdline_main", tryfirst=True)
def pytest_cmdline_main_begins(config: pytest.Config) -> int | None:
    """Nothing is started for a command that is refused; all others get the hooks that they need."""
    if is_selftest(config):
        return None
    run = config.stash.get(RUN, None)
    if run and run.refused:
        return int(pytest.ExitCode.USAGE_ERROR)
    if run and run.settings.faults:
        return _prove(run)
    config.pluginmanager.register(Selection(run and run.settings), "acceptance-selection")
    if run:
        config.pluginmanager.register(Judge(run), "acceptance-judge")
        config.pluginmanager.register(Passing(run), "acceptance-passing")
    return None


def pytest_configure(config: pytest.Config) -> None:
    """The marker's meaning; and one line a check in place of pytest's dots and file names."""
    config.addinivalue_line(
        "markers", "check(id, profile=, cls=, needs=()): a promise of the stack, one test an id"
    )
    if config.stash.get(RUN, None):
        config.option.verbose -= 1
        config.option.reportchars = ""  # our own lines have said it
        config.option.tbstyle = "short" if config.option.tbstyle == "auto" else config.option.tbstyle


def _prove(run: Run) -> int:
    """Hands the run to the faults; imported here, because only they need a sandbox to import well."""
    from acceptance.faults.matrix import prove

    prove(run, run.settings.faults)
    return int(pytest.ExitCode.OK)


def _only_tells(config: pytest.Config) -> bool:
    return any(getattr(config.option, name, None) for name in TELLING)


def _asked(config: pytest.Config) -> Run:
    """The run as it was asked for; one with bad settings carries the complaints for its report."""
    given = {option.key: getattr(config.option, f"nbi_{option.key}") for option in OPTIONS}
    refused, root = [*mixing(config), *side_by_side(config)], checks_folder(config).parent
    try:
        settings = gather(given, root)
    except SettingsError as error:
        refused += error.complaints
        settings = fallback(given, root)
    progress = Progress(os.dup(1) if sys.stdout.isatty() else None)
    run = Run(
        settings, say=_Voice(config), progress=progress, refused=refused, narrowed=narrowing(config, settings)
    )
    for secret in settings.target.accounts.secrets if settings.target else ():
        run.secrets.add(secret)
    return run


def _note(run: Run, code: int) -> None:
    """pytest's own code matters only where no hook of ours was told why."""
    told = run.internal or run.interrupted
    if code == pytest.ExitCode.INTERNAL_ERROR and not told:
        run.internal.append("pytest itself failed; its words stand above")
    if code == pytest.ExitCode.INTERRUPTED and not told:
        run.interrupted = "pytest stopped early; its words stand above"


class _Voice:
    """Says a line to the person at the terminal, also from within a test, whose output pytest captures."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def __call__(self, line: str, color: str = "") -> None:
        capture = self._config.pluginmanager.get_plugin("capturemanager")
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            if terminal:
                terminal.ensure_newline()
                terminal.write_line(line, **({color: True} if color else {}))
                terminal.flush()
            else:
                print(line, flush=True)
