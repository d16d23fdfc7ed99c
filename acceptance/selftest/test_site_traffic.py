"""How long nobody was served: the arithmetic, and steady requests against a real socket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.site import Load, Traffic
from acceptance.harness.site.traffic import Sample, longest_outage
from acceptance.harness.wait import wait_until
from acceptance.selftest.loopback import Edge


def samples(pattern):
    """A request each second that takes half a second: `.` was served, `x` was not."""
    return [
        Sample(second, second + 0.5, "refused" if mark == "x" else "") for second, mark in enumerate(pattern)
    ]


@pytest.mark.parametrize(
    ("pattern", "seconds"),
    [
        ("", 0),
        ("....", 0),
        (".x..", 1.5),
        (".xxx.", 3.5),
        ("xx.", 2.5),
        (".xx", 1.5),
        (".x.xx.x.", 2.5),
        ("x", 0.5),
    ],
)
def test_an_outage_lasts_until_somebody_is_served(pattern, seconds):
    assert longest_outage(samples(pattern)) == seconds


@given(st.text("x.", max_size=40))
def test_an_outage_is_there_exactly_when_something_failed(pattern):
    assert (longest_outage(samples(pattern)) > 0) == ("x" in pattern)


@given(st.text("x.", max_size=40), st.text("x.", max_size=40))
def test_more_requests_never_shorten_it(before, after):
    assert longest_outage(samples(before + after)) >= longest_outage(samples(before))


@given(st.text("x.", min_size=1, max_size=40), st.data())
def test_one_more_failure_never_shortens_it(pattern, data):
    place = data.draw(st.integers(0, len(pattern) - 1))
    worse = pattern[:place] + "x" + pattern[place + 1 :]
    assert longest_outage(samples(worse)) >= longest_outage(samples(pattern))


def test_traffic_counts_what_it_sent_and_what_failed():
    with Edge() as edge:
        edge.say("GET /x", 200)
        with Traffic(edge.site().visitor(), "/x", every=0.01) as traffic:
            wait_until("a request to be served", lambda: traffic.is_served, deadline=5, every=0.01)
            edge.say("GET /x", 502)
            wait_until("a request to fail", lambda: traffic.failed, deadline=5, every=0.01)
            edge.say("GET /x", 200)
            wait_until("service again", lambda: traffic.is_served, deadline=5, every=0.01)
    assert set(traffic.failures) == {"answered 502"}
    assert 0 < traffic.failed < traffic.sent and traffic.outage > 0


def test_traffic_outlives_an_edge_that_is_gone():
    with Edge() as edge:
        visitor = edge.site().visitor()
    with Traffic(visitor, "/x", every=0.01) as traffic:
        wait_until("two requests", lambda: traffic.sent > 1, deadline=5, every=0.01)
    assert traffic.failed == traffic.sent and "connection refused" in next(iter(traffic.failures))


def test_a_slow_answer_is_made_up_for():
    with Edge() as edge:
        edge.say("GET /x", 200)
        with Traffic(edge.site().visitor(), "/x", every=0.02) as traffic:
            wait_until("fifty requests", lambda: traffic.sent >= 50, deadline=5, every=0.01)
    assert traffic.samples[49].began - traffic.samples[0].began < 50 * 0.02 + 0.5


def test_a_load_is_all_of_its_traffic_and_one_failure_is_seen():
    with Edge() as edge:
        edge.say("GET /x", 200)
        with Load(Traffic(edge.site().visitor(), path, every=0.02) for path in ("/x", "/y")) as load:
            wait_until("requests of both", lambda: all(each.sent > 2 for each in load.traffics), deadline=5, every=0.01)
    assert load.sent == sum(each.sent for each in load.traffics) and load.rate > 0
    assert set(load.failures) == {"answered 404"} and 0 < load.failed < load.sent


def test_a_load_that_never_ran_has_no_rate():
    assert (Load([]).sent, Load([]).rate, Load([]).failed) == (0, 0.0, 0)
