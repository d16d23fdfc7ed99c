"""junit.xml, for the tools that read nothing else; the same outcomes as in results.json."""

from junitparser import Error, Failure, JUnitXml, Property, Skipped, TestCase, TestSuite
from junitparser.junitparser import Properties

from acceptance.harness.report.check import Check
from acceptance.harness.report.outcome import Outcome, Result
from acceptance.harness.report.run import Run

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
    suite.add_testcases([_case(result) for result in run.results.values()])
    xml = JUnitXml()
    xml.add_testsuite(suite)
    return xml.tostring().decode("utf-8")


def _case(result: Result) -> TestCase:
    file, _, name = result.check.node.partition("::")
    case = TestCase(name or result.check.id, classname=file, time=round(result.seconds, 3))
    case.append(_properties(result.check))
    if kind := KINDS.get(result.outcome):
        reason = _printable(result.reason)
        kept = kind(reason.partition("\n")[0])
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
