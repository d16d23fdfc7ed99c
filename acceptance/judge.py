"""Turns what pytest reports into outcomes, keeps evidence the moment one fails, and says it in a line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from acceptance.harness import endings
from acceptance.harness.errors import EngineError, SettingsError
from acceptance.harness.report.check import Check, read_lock
from acceptance.harness.report.excerpt import IN_WORDS, excerpt_of
from acceptance.harness.report.outcome import Outcome, outcome_of
from acceptance.harness.report.run import Run
from acceptance.selection import CHECK, checks_folder

COLORS = {Outcome.PASS: "green", Outcome.FAIL: "red", Outcome.ERROR: "yellow", Outcome.SKIP: "cyan"}
STATUS = {Outcome.PASS: "passed", Outcome.FAIL: "failed", Outcome.ERROR: "error", Outcome.SKIP: "skipped"}
TIMEOUT = "from pytest-timeout"


class HungError(Exception):
    """pytest-timeout ended a test: nobody knows whether the stack hung or the harness."""


class UnmeasuredError(Exception):
    """A test skipped itself without saying what was measured."""


class Judge:
    """The hooks of a judged run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.check: Check | None = None
        self.began = run.started
        self.broken: list[tuple[BaseException, Check]] = []  # set-ups, and the check that met each first
        self.told: dict[str, str] = {}  # of checks that met nothing new: where it was said

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """From here on, zero checks are a finding of their own."""
        self.run.collected, self.run.tree = True, checks_folder(session.config).parent
        self.run.say(
            f"run {self.run.settings.run}: profile {self.run.settings.profile}, {len(session.items)} checks"
        )
        self.run.not_asked = session.config.pluginmanager.get_plugin("acceptance-selection").not_asked
        for why in dict.fromkeys(self.run.not_asked.values()):
            ids = [name for name, reason in self.run.not_asked.items() if reason == why]
            self.run.say(f"not asked ({len(ids)}): {why}: {', '.join(sorted(ids))}")
        try:
            self.run.locked = read_lock(checks_folder(session.config) / "checks.lock")
        except SettingsError as error:
            self.run.say(str(error))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that does not import hides its checks; that is the harness's own fault."""
        if report.failed:
            self.run.internal.append(f"{report.nodeid} could not be collected")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Remembers whose turn it is, for whatever ends the run in the middle."""
        self.check, self.began = item.stash[CHECK], datetime.now(UTC)
        result = yield
        self._tell()
        self.check = None
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
        """Outermost, so that the outcome is ours whatever other plugins made of it."""
        report = yield
        check, error = item.stash[CHECK], _plain(call.excinfo)
        report.judged = outcome_of(call.when, error, check.needs)
        # Nobody can blame a stack whose engine has died under it.
        if report.judged is Outcome.FAIL and (gone := self.run.engine_gone()):
            report.judged, error = Outcome.ERROR, EngineError(f"{gone}; what was seen of it: {error}")
        result = self.run.result_of(check)
        result.seconds = call.duration if call.when == "call" else result.seconds
        result.began = result.began if call.when == "teardown" else datetime.fromtimestamp(call.start, UTC)
        if error:
            report.outcome = "skipped" if report.judged is Outcome.SKIP else "failed"
            self._cover(item, report, error)
            report.in_words = report.judged is Outcome.ERROR and isinstance(error, IN_WORDS)
            with self._disk_borne():
                self._keep(check, call, report)
            if report.judged is not Outcome.SKIP and (excerpt := excerpt_of(call.excinfo.value)):
                report.longrepr = self.run.secrets.text(excerpt)  # the whole traceback lies in the evidence
        result.add(call.when, report.judged, self._reason(error) if error else "")
        report.waived = bool(error and self.run.waiver_of(check.id))
        return report

    def _cover(self, item: pytest.Item, report: pytest.TestReport, error: BaseException) -> None:
        """What pytest itself will print of a failure holds no secret either."""
        clean = self.run.secrets.text
        report.sections = [(name, clean(text)) for name, text in report.sections]
        if report.judged is Outcome.SKIP:
            report.longrepr = (str(item.path), item.location[1], clean(str(error)))
        elif clean(report.longreprtext) != report.longreprtext:
            report.longrepr = clean(report.longreprtext)

    def _reason(self, error: BaseException) -> str:
        """The words of a failure. Bad input that only a fixture could find out is refused like any other."""
        if isinstance(error, SettingsError):
            self.run.refused += [each for each in error.complaints if each not in self.run.refused]
        plain = isinstance(error, AssertionError) or type(error).__module__.startswith("acceptance.")
        words = str(error) if plain and str(error) else f"{type(error).__name__}: {error}"
        return self.run.secrets.text(words)

    def _keep(self, check: Check, call: pytest.CallInfo, report: pytest.TestReport) -> None:
        """Evidence of a failure; the same broken fixture is looked into once, and others point at it."""
        if report.judged is Outcome.SKIP:
            return
        result, broken = self.run.result_of(check), call.excinfo.value
        if first := next((met for error, met in self.broken if error is broken), None):
            result.evidence, report.in_words = self.run.result_of(first).evidence, True
            self.told[check.id] = f"as {first.id}"
            return
        evidence = self.run.evidence(check.id)
        evidence.text(f"traceback-{report.when}.txt", report.longreprtext)
        for name, text in report.sections:
            evidence.text(f"{name.lower().replace(' ', '-')}.txt", text)
        # What was seen where it went wrong first stays: a teardown that fails, too, may find nothing of the stack any more.
        result.evidence = result.evidence or self._witnessed(check)
        if report.when == "setup":
            self.broken.append((broken, check))
        if isinstance(broken, SettingsError):
            self.told[check.id] = "refused, for what the last lines say"

    @contextmanager
    def _disk_borne(self) -> Iterator[None]:
        """A full disk spoils the report, which ends 3; it must not hide the outcomes, nor keep the stack from going."""
        try:
            yield
        except OSError as error:
            words = f"evidence could not be kept in {self.run.folder}: {error.strerror or error}"
            self.run.internal += [words] if words not in self.run.internal else []

    def _witnessed(self, check: Check) -> str:
        """All that the witnesses saw, or as much as there was time for."""
        try:
            return self.run.keep_evidence(check.id, self.began)
        except pytest.fail.Exception as hung:  # pytest-timeout strikes here, too
            self.run.evidence(check.id).text("unfinished.txt", f"evidence is not complete: {hung}\n")
            return f"evidence/{check.id}"

    def _tell(self) -> None:
        """One line a check that has an outcome; `--setup-only` gives none."""
        result = self.run.result_of(self.check)
        if result.outcome is None:
            return
        words = self.told.get(self.check.id) or result.reason.partition("\n")[0]
        waived = " WAIVED" if self.check.id in self.run.waived else ""
        self.run.say(
            f"{result.outcome.value + waived:<5} {self.check.id:<18} {result.seconds:6.1f} s  {words}".rstrip(),
            COLORS[result.outcome],
        )

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """pytest's own counts follow our outcomes; its letters give way to our lines."""
        judged = getattr(report, "judged", None)
        if judged is None or (judged is Outcome.PASS and report.when != "call"):
            return ("", "", "") if judged else None
        if getattr(report, "in_words", False):
            return "not judged", "", ""  # a category of its own, for which pytest prints no traceback
        return "waived" if report.waived else STATUS[judged], "", ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo) -> None:
        """While the stack still stands: what was it doing?"""
        if isinstance(excinfo.value, pytest.Session.Interrupted):
            return
        during = f" during {self.check.id}" if self.check else ""
        self.run.interrupted = endings.named(excinfo.value) + during
        name = self.check.id if self.check else "run"
        if self.check:
            self.run.result_of(self.check).add("call", Outcome.ERROR, self.run.interrupted)
        with self._disk_borne():
            kept = self.run.keep_evidence(name, self.began)
            if self.check:
                self.run.result_of(self.check).evidence = kept

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo) -> None:
        """Our own mistake, in words; pytest prints the traceback."""
        self.run.internal.append(f"{excinfo.typename}: {excinfo.value}")


def _plain(excinfo: pytest.ExceptionInfo | None) -> BaseException | None:
    """pytest's own exceptions in terms that the harness knows; all others as they are."""
    error = excinfo.value if excinfo else None
    if isinstance(error, pytest.skip.Exception):
        return UnmeasuredError(
            f"skipped without a measurement ({error}): raise Absent(capability, what was asked and seen)"
        )
    if isinstance(error, pytest.fail.Exception):  # pytest.raises that met no error, too
        return HungError(str(error)) if TIMEOUT in str(error) else AssertionError(str(error))
    return error
