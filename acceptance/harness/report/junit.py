"""junit.xml, for the tools that read nothing else; the same outcomes as in results.json."""

from junitparser import Error, Failure, JUnitXml, Property, Skipped, TestCase, TestSuite
from junitparser.junitparser import Properties

from acceptance.harness.report.check import Check
from acceptance.harness.report.outcome import Outcome, Result
from acceptance.harness.report.run import Run
from acceptance.harness.waivers import Waiver

KINDS = {Outcome.FAIL: Failure, Outcome.ERROR: Error, Outcome.SKIP: Skipped}
# What XML 1.0 cannot carry, though a container's log can.
UNPRINTABLE = {code: "\N{REPLACEMENT CHARACTER}" for code in range(32) if chr(code) not in "\t\n\r"} | {
    0xFFFE: "\N{REPLACEMENT CHARACTER}",
    0xFFFF: "\N{REPLACEMENT CHARACTER}",
}


def junit_of(run: Run) -> str:
    """The text of junit.xml: one suite, one case a check, the check's id as a property."""
    suite = TestSuite(f"acceptance-{run.settings.profile}")
    suite.timestamp = run.started.isoformat(timespec="seconds")
    suite.add_testcases([_case(result, run.waived.get(name)) for name, result in run.results.items()])
    xml = JUnitXml()
    xml.add_testsuite(suite)
    return xml.tostring().decode("utf-8")


def _case(result: Result, waiver: Waiver | None) -> TestCase:
    """What is waived stands as skipped, so that a reader of junit.xml takes it for no failure; its text is there."""
    file, _, name = result.check.node.partition("::")
    case = TestCase(name or result.check.id, classname=file, time=round(result.seconds, 3))
    case.append(_properties(result.check))
    if kind := KINDS.get(result.outcome):
        reason = _printable(result.reason)
        told = _printable(f"waived until {waiver.expires}: {waiver.reason}") if waiver else reason.partition("\n")[0]
        kept = Skipped(told) if waiver else kind(told)
        kept.text = reason
        case.result = [kept]
    return case


def _properties(check: Check) -> Properties:
    """What a reader groups and filters by."""
    properties = Properties()
    for name, value in (("id", check.id), ("class", check.cls), ("profile", check.profile)):
        properties.add_property(Property(name, value))
    return properties


def _printable(text: str) -> str:
    """Text that an XML parser takes: no control characters, no halves of surrogate pairs."""
    return text.translate(UNPRINTABLE).encode("utf-8", "replace").decode("utf-8")
