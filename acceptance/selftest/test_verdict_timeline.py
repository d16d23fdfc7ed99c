"""What went on when in a run, and where that stands in its pictures."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.report.check import Check
from acceptance.harness.report.course import Course, absences, during
from acceptance.harness.report.latency import BASE, LINES, TOP, latency_of
from acceptance.harness.report.outcome import Outcome, Result
from acceptance.harness.report.results import spawn_of
from acceptance.harness.report.scale import LEAST_WIDTH, MOST_MARKS, Scale
from acceptance.harness.report.timeline import NAMED, packed, timeline_of
from acceptance.harness.stopwatch import Span, Stopwatch

pytest_plugins = "pytester"

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SCALE = Scale(NOON, NOON + timedelta(seconds=1000))


def span(name, began, ended):
    return Span(name, NOON + timedelta(seconds=began), ended - began)


spans = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 100)), min_size=1, max_size=30).map(
    lambda pairs: [span(f"s{number}", began, began + lasted) for number, (began, lasted) in enumerate(pairs)])


def drawn(*outcomes):
    """The timeline of checks with these outcomes, one after the other."""
    checks = [span(f"c{number}", 10 * number, 10 * number + 8) for number in range(len(outcomes))]
    results = {each.name: Result(Check(each.name, "smoke", "r", (), "."), outcome)
               for each, outcome in zip(checks, outcomes, strict=True)}
    return timeline_of(Course([], checks, [], [], []), results, SCALE)


def test_a_watch_tells_what_it_timed():
    before = datetime.now(UTC)
    with Stopwatch() as watch:
        pass
    found = watch.span("ann")
    assert (found.name, found.seconds) == ("ann", watch.seconds)
    assert before <= found.began <= found.ended <= datetime.now(UTC)


def test_results_json_tells_when_checks_and_phases_were(tree):
    tree.fixture("@pytest.fixture\ndef stack(run):\n    with run.phase('deploy'):\n        yield")
    tree.check("login-ok", uses="stack")
    tree.check("login-next", "assert 0", uses="stack")
    tree.check("login-xsrf", uses="missing")
    before = datetime.now(UTC)
    timeline = tree.judge().results["timeline"]
    assert list(timeline) == ["phases", "checks", "services", "servers", "spawns"]
    assert [each["name"] for each in timeline["phases"]] == ["deploy", "deploy"]
    assert [each["name"] for each in timeline["checks"]] == ["login-ok", "login-next", "login-xsrf"]
    for each in timeline["checks"]:
        began, ended = (datetime.fromisoformat(each[name]) for name in ("began", "ended"))
        assert before - timedelta(seconds=1) < began <= ended < datetime.now(UTC) + timedelta(seconds=1)


@pytest.mark.parametrize(("services", "found"), [
    ([("hub", 0, 10), ("hub", 15, 20)], [("hub", 10, 15)]),
    ([("hub", 0, 10), ("hub", 8, 20)], []),                                   # replaced without a break
    ([("nginx", 0, 9), ("nginx", 0, 30), ("nginx", 12, 30)], []),             # there were two
    ([("hub", 20, 30), ("hub", 0, 5), ("nginx", 7, 9)], [("hub", 5, 20)]),    # in any order, each by itself
    ([("hub", 5, 10)], []),                                                   # before and after is no absence
])
def test_a_service_is_away_between_two_containers_that_served(services, found):
    assert absences(span(*each) for each in services) == [span(*each) for each in found]


def test_what_touches_a_time_only_at_its_ends_was_not_during_it():
    others = [span("before", 0, 10), span("into", 9, 11), span("within", 12, 13), span("around", 0, 99), span("after", 20, 30)]
    assert during(span("hub", 10, 20), others) == ["into", "within", "around"]


@given(spans)
def test_no_row_holds_two_servers_at_once_and_none_is_lost(given_spans):
    rows = packed(given_spans)
    assert sorted((each for row in rows for each in row), key=str) == sorted(given_spans, key=str)
    assert all(before.ended <= after.began for row in rows for before, after in zip(row, row[1:], strict=False))


@given(spans)
def test_all_stands_within_the_picture(given_spans):
    for each in given_spans:
        assert 0 <= SCALE.x(each.began) <= 100
        assert LEAST_WIDTH <= SCALE.width(each) <= 100 - SCALE.x(each.began) + LEAST_WIDTH


@given(st.floats(0, 12 * 3600))
def test_the_axis_has_few_marks_that_rise_by_even_steps(seconds):
    marks = Scale(NOON, NOON + timedelta(seconds=seconds)).marks()
    assert 1 <= len(marks) <= MOST_MARKS + 1
    assert [each.x for each in marks] == sorted({each.x for each in marks})


def test_what_went_wrong_is_named_and_no_name_stands_where_another_does():
    picture = drawn(Outcome.PASS, Outcome.FAIL, Outcome.ERROR, Outcome.SKIP)
    named = [each for each in picture.words if each.leader]
    assert sorted(each.text for each in named) == ["! c2", "✕ c1"]
    assert len({each.y for each in named}) == 2
    assert all(each.y <= picture.height for each in named)
    assert list(picture.key) == ["PASS", "FAIL", "ERROR", "SKIP"]


def test_where_too_much_went_wrong_the_list_above_must_do():
    picture = drawn(*[Outcome.FAIL] * (NAMED + 1))
    assert [each for each in picture.words if each.leader] == []
    assert len(picture.bars) == NAMED + 1


def test_without_checks_there_is_no_timeline():
    assert timeline_of(Course([span("faults", 0, 9)], [], [], [], []), {}, SCALE) is None


@given(spans)
def test_starts_stand_by_their_seconds_between_nothing_and_the_longest(given_spans):
    picture = latency_of(given_spans, SCALE, spawn_of([each.seconds for each in given_spans]))
    assert len(picture.dots) == len(given_spans)
    assert all(TOP <= each.y <= BASE for each in [*picture.dots, *picture.lines, *picture.levels])
    assert (picture.lines[0].y, picture.lines[-1].y, len(picture.lines) <= LINES + 1) == (BASE, TOP, True)
    half, most = picture.levels
    assert half.y >= most.y


def test_without_a_start_there_is_no_picture_of_starts():
    assert latency_of([], SCALE, spawn_of([])) is None
