"""A pytest plugin for the judged run of one fault: its named check is asked first, and the rest in the order that it has.

So the named check meets the stack as it does alone. A fault that breaks all there is would have every check of the
profile wait for its end: after `--broad` failures besides the named check the rest is not asked, and the matrix says so.
"""

import pytest

from acceptance.harness.report.check import LAST
from acceptance.selection import CHECK


def pytest_addoption(parser: pytest.Parser) -> None:
    """For the runner's use."""
    parser.addoption("--named", default="", help="the id of the check that is asked first")
    parser.addoption("--broad", type=int, default=0, help="so many failures of others are enough; 0: ask all")


def pytest_configure(config: pytest.Config) -> None:
    """The hooks, with what they remember."""
    config.pluginmanager.register(Order(config.option.named, config.option.broad), "acceptance-faults-order")


class Order:
    """The hooks that put the named check first, and end the run where enough was seen."""

    def __init__(self, named: str, broad: int) -> None:
        self._named, self._broad = named, broad
        self._failed: set[str] = set()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """After the selection has put them in order; what judges the removal can be nowhere but last."""
        if self._named != LAST:
            items.sort(key=lambda item: item.stash[CHECK].id != self._named)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo):
        """Counts what did not pass; pytest then takes the stack away as after its last test."""
        report = yield
        check = item.stash[CHECK].id
        if report.failed and check != self._named:
            self._failed.add(check)
        if 0 < self._broad <= len(self._failed) and self._named != LAST and report.when != "teardown":
            item.session.shouldfail = f"{len(self._failed)} other checks failed: the fault is broad"
        return report
