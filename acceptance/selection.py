"""Which tests are the checks of this run, in which order, and whether somebody asked for fewer."""

import re
from pathlib import Path

import pytest

from acceptance.harness.options import PROFILES
from acceptance.harness.report.check import CLASSES, LAST, Check
from acceptance.harness.settings import Settings
from acceptance.needs import needs_of, why_not

CHECK = pytest.StashKey[Check]()
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Each of pytest's own ways to run less, by the name that it keeps it under.
NARROWING = {
    "keyword": "-k",
    "markexpr": "-m",
    "deselect": "--deselect",
    "ignore": "--ignore",
    "ignore_glob": "--ignore-glob",
    "lf": "--last-failed",
    "stepwise": "--stepwise",
}
EXCUSES = ("skip", "skipif", "xfail")


def checks_folder(config: pytest.Config) -> Path:
    """Where the checks and checks.lock are: the checkout's `acceptance/`, or the installed package."""
    local = config.rootpath / "acceptance"
    return local if local.is_dir() else Path(__file__).parent


def is_selftest(config: pytest.Config) -> bool:
    """Whether the command names selftests only, which are plain tests: no checks, no report, no verdict."""
    return bool(config.args) and all(_are_selftests(config))


def mixing(config: pytest.Config) -> list[str]:
    """The complaint about a command that names both: what such a run proves would be anybody's guess."""
    mixed = any(_are_selftests(config)) and not is_selftest(config)
    return (
        ["checks and selftests are run apart: `pytest acceptance` and `pytest acceptance/selftest`"]
        if mixed
        else []
    )


def side_by_side(config: pytest.Config) -> list[str]:
    """The complaint about pytest-xdist, which selftests may use: checks share one stack, and know what went on beside them."""
    spread = getattr(config.option, "numprocesses", None)
    return [f"-n {spread}: checks share one stack and are not run side by side; leave it out"] if spread else []


def _are_selftests(config: pytest.Config) -> list[bool]:
    selftests = checks_folder(config) / "selftest"
    return [_path(config, argument).is_relative_to(selftests) for argument in config.args]


def narrowing(config: pytest.Config, settings: Settings) -> list[str]:
    """What makes this run less than its profile, in the caller's own words; empty for a whole run."""
    options = {flag: getattr(config.option, name, None) for name, flag in NARROWING.items()}
    found = [
        f"{flag} {value}" if isinstance(value, str) else flag for flag, value in options.items() if value
    ]
    whole = (config.rootpath, checks_folder(config), Path(__file__).parent)
    found += [argument for argument in config.args if _path(config, argument) not in whole]
    return found + (["KEEP"] if settings.keep else [])


def _path(config: pytest.Config, argument: str) -> Path:
    return (config.invocation_params.dir / argument.partition("::")[0]).resolve()


class Selection:
    """Hooks that turn collected tests into the checks of a run; without settings (checks.lock) all stay."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings
        self.checks: list[Check] = []
        self.not_asked: dict[str, str] = {}  # of the profile's ids, what cannot be judged here, and why

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Selftests judge the harness, not a stack."""
        return True if collection_path == checks_folder(config) / "selftest" else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Reads every marker before anything is deselected, so that a wrong one is told in any profile."""
        complaints = [complaint for item in items if (complaint := _complaint(item))]
        for item in items if not complaints else ():
            item.stash[CHECK] = check = _check(item)
            item.extra_keyword_matches.add(check.id)  # so that `-k login-ok` means the check
        complaints += _twice(items) if not complaints else []
        if complaints:
            raise pytest.UsageError("\n".join(complaints))
        items.sort(key=lambda item: item.stash[CHECK].rank)
        self.checks = [item.stash[CHECK] for item in items]
        self._leave_out(config, items)

    def _leave_out(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Drops what the profile does not ask for, or what cannot be judged here; a stack that is kept has no removal."""
        for item in items if self.settings else ():
            check = item.stash[CHECK]
            if self._is_asked(check) and (why := why_not(check, item.fixturenames, self.settings)):
                self.not_asked[check.id] = why
        out = [item for item in items if self.settings and not self._is_asked(item.stash[CHECK])]
        if out:
            config.hook.pytest_deselected(items=out)
            items[:] = [item for item in items if item not in out]

    def _is_asked(self, check: Check) -> bool:
        kept = self.settings.keep and check.id == LAST
        return check.is_in(self.settings.profile) and not kept and check.id not in self.not_asked


def _complaint(item: pytest.Item) -> str:
    """What is wrong with a test as a check, in words; empty if nothing is."""
    markers = list(item.iter_markers("check"))
    if len(markers) != 1 or len(markers[0].args) != 1:
        return f"{item.nodeid}: a check carries one @pytest.mark.check(id, profile=…, cls=…, needs=(…))"
    (name,), given = markers[0].args, markers[0].kwargs
    if not ID.fullmatch(str(name)) or given.keys() - {"profile", "cls", "needs"}:
        return f"{item.nodeid}: not an id in lower case with hyphens, or an unknown word: {name!r}, {given}"
    if given.get("profile") not in PROFILES or given.get("cls") not in CLASSES:
        return f"{item.nodeid}: {given}: profile is one of {[*PROFILES]}, cls one of {[*CLASSES]}"
    if not (item.function.__doc__ or "").strip():
        return f"{item.nodeid}: a check's docstring says what a person gains; it is the promise in the report"
    excuse = [each for each in EXCUSES if item.get_closest_marker(each)]
    return f"{item.nodeid}: {excuse[0]} excuses a check without a measurement: raise Absent" if excuse else ""


def _check(item: pytest.Item) -> Check:
    marker = item.get_closest_marker("check")
    sentence = item.function.__doc__.strip().partition("\n")[0].strip()
    given = marker.kwargs
    needs = needs_of(item.fixturenames, tuple(given.get("needs", ())))
    return Check(marker.args[0], given["profile"], given["cls"], needs, sentence, item.nodeid)


def _twice(items: list[pytest.Item]) -> list[str]:
    """Complaints about ids that more than one test claims (a parametrised check, too)."""
    nodes: dict[str, list[str]] = {}
    for item in items:
        nodes.setdefault(item.stash[CHECK].id, []).append(item.nodeid)
    return [
        f"check {name}: one test an id, but {', '.join(each)}"
        for name, each in nodes.items()
        if len(each) > 1
    ]
