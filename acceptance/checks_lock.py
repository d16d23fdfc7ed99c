"""`python -m acceptance.checks_lock [--check]`: writes checks.lock, or says how the checks differ from it."""

import argparse
import difflib
import sys
from pathlib import Path

import pytest

from acceptance.harness.report.check import Check, lock_text
from acceptance.selection import Selection

FOLDER = Path(__file__).parent
LOCK = FOLDER / "checks.lock"


class _Collected:
    """Takes the checks from a collection that judges nothing."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        selection: Selection = session.config.pluginmanager.get_plugin("acceptance-selection")
        self.checks = selection.checks


def collected() -> list[Check]:
    """All checks of acceptance/, of every profile; raises SystemExit where a file cannot be collected."""
    catcher = _Collected()
    quiet = ["--collect-only", "-qq", "--no-header", "-p", "no:cacheprovider"]
    code = pytest.main([str(FOLDER), "--rootdir", str(FOLDER.parent), *quiet], plugins=[catcher])
    if code not in (pytest.ExitCode.OK, 12):  # 12: there are no checks yet
        raise SystemExit(f"the checks cannot be collected (pytest said {int(code)}); its words stand above")
    return catcher.checks


def main(arguments: list[str] | None = None) -> int:
    """Writes the lock, or with --check compares and returns 12 where it is not what the checks say."""
    parser = argparse.ArgumentParser(prog="python -m acceptance.checks_lock", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; end 12 if checks.lock is out of date"
    )
    wanted = lock_text(collected())
    if not parser.parse_args(arguments).check:
        LOCK.write_text(wanted, encoding="utf-8")
        print(f"{LOCK}: {len(wanted.splitlines())} checks", file=sys.stderr)
        return 0
    had = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    sys.stdout.writelines(
        difflib.unified_diff(had.splitlines(True), wanted.splitlines(True), "checks.lock", "the checks")
    )
    return 0 if had == wanted else 12


if __name__ == "__main__":
    sys.exit(main())
