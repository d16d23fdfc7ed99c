"""When hub, proxy or database count as away, by what became of their containers: on turns that were met, and on any."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.cluster.absences import FOUND_WITHIN, HEALTHY, LONGEST, NAMELESS, Turn, away, serving

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def at(second):
    """A moment of the run."""
    return NOON + timedelta(seconds=second)


def turns(*said, service="hub"):
    """Turns from `second action container`, such as "10 kill a"; a container serves once it is `up`."""
    return [Turn(service, ident, HEALTHY if action == "up" else action, at(int(second)))
            for second, action, ident in map(str.split, said)]


def absences(*said, service="hub", until=90):
    """The spells of these turns, without the one before the first container served."""
    return away(turns(*said, service=service), at(until))[1:]


def test_a_hub_is_away_from_its_first_signal_until_the_next_one_is_found():
    first, second = absences("0 start a", "0 up a", "10 kill a", "20 die a", "23 start b", "25 up b", "100 die b", until=120)
    assert (first.began, first.ended) == (at(10) - NAMELESS, at(25) + FOUND_WITHIN)
    assert (second.began, second.ended) == (at(100) - NAMELESS, at(120))


def test_only_hub_and_proxy_make_an_absence():
    assert absences("0 up a", "10 die a", service="nginx") == []
    assert len(absences("0 up a", "10 die a", service="proxy")) == 1


def test_a_hub_that_never_gets_healthy_is_away():
    (spell,) = absences("0 up a", "10 die a", "12 start b")
    assert (spell.began, spell.ended) == (at(10) - NAMELESS, at(90))


def test_a_hub_that_gets_healthy_again_was_there_all_the_time():
    assert absences("0 up a", "50 up a") == []


def test_a_signal_that_ends_nothing_is_no_absence():
    assert absences("0 up a", "10 kill a") == []


def test_where_the_next_one_serves_already_nobody_is_away():
    assert absences("0 up a", "10 up b", "40 die a") == []
    (spell,) = absences("0 up a", "35 up b", "40 die a")
    assert (spell.began, spell.ended) == (at(40) - NAMELESS, at(35) + FOUND_WITHIN)


TURNS = st.tuples(st.integers(0, 60), st.sampled_from(["start", HEALTHY, "kill", "die"]), st.sampled_from("abc"))


@given(st.lists(TURNS, max_size=12))
def test_an_absence_ends_and_lies_within_the_run(said):
    spells = away([Turn("hub", ident, action, at(second)) for second, action, ident in said], at(200))
    assert all(spell.began <= spell.ended <= at(200) for spell in spells)


@given(st.integers(0, 40))
def test_a_hub_that_runs_is_never_away(second):
    assert absences(f"{second} up a") == []


def test_until_the_first_one_serves_it_is_away_from_its_start_if_that_is_known():
    (told,) = away(turns("5 start a", "9 up a"), at(90))
    (untold,) = away(turns("9 up a"), at(90))
    assert (told.began, told.ended) == (at(5), at(9) + FOUND_WITHIN)
    assert (untold.began, untold.ended) == (at(9) - LONGEST, at(9) + FOUND_WITHIN)


def test_who_was_taken_out_of_the_stack_is_not_away_for_ever():
    (spell,) = absences("0 up a", "10 die a", service="proxy", until=9000)
    assert spell.ended == at(10) - NAMELESS + LONGEST
    (spell,) = absences("0 up a", "10 die a", "5000 start b", "5010 up b", service="proxy", until=9000)
    assert spell.ended == at(10) - NAMELESS + LONGEST


def test_a_container_serves_from_healthy_until_the_first_word_of_its_end():
    hub = turns("0 start a", "2 up a", "10 kill a", "12 die a", "13 start b", "15 up b")
    found = serving([*hub, *turns("1 up n", service="nginx")], at(90))
    assert [(each.name, each.began, each.ended) for each in found] == [
        ("hub", at(2), at(10)), ("hub", at(15), at(90)), ("nginx", at(1), at(90))]


@given(st.lists(TURNS, max_size=12))
def test_nobody_serves_for_less_than_no_time(said):
    found = serving([Turn("hub", ident, action, at(second)) for second, action, ident in said], at(200))
    assert all(each.began < each.ended <= at(200) for each in found)
