"""The auditor's judge on good and bad histories: what is forgiven, what never is, and that blindness hides nothing."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.audit.history import (
    EDGE,
    HUB,
    SERVICES,
    TASKS,
    VIEWS,
    WHOLE,
    Moment,
    lifetimes,
    timeline,
)
from acceptance.harness.audit.judgement import FEWER, MORE, WORDS, Bounds, agreed, breaches, longest

ANN, BOB = ("ann", ""), ("bob", "b")
BOUNDS = Bounds(lag=30, moving=60, blind=100, step=10)
STEP = 2
RUNNING, ABSENT, BLIND, MOVING = "running", "absent", "blind", "moving"
BOTH = (RUNNING, 1), (ABSENT, 1)  # which ends every disagreement
OTHERS = [view for view in VIEWS if view != HUB]


def moment(at, state):
    """One look at Ann's server (Bob's runs all the time). A state may be (view, MORE or FEWER): that view disagrees.

    While a server is moving, the swarm has no service for it.
    """
    if state == BLIND:
        return Moment(at, {}, why=dict.fromkeys(WHOLE, "502"))
    view, kind = state if isinstance(state, tuple) else (SERVICES if state == MOVING else "", "")
    is_running = state in (RUNNING, MOVING) or kind == FEWER
    counts = {each: Counter({ANN: int(is_running != (each == view)), BOB: 1}) for each in VIEWS}
    return Moment(at, counts, frozenset({ANN} if state == MOVING else ()), frozenset({ANN, BOB}))


def history(*states, step=STEP):
    """A look every few seconds; a state may be (state, how many looks)."""
    looks = [each for state, count in states for each in [state] * count]
    return [moment(1000 + number * step, state) for number, state in enumerate(looks)]


claimed = st.tuples(st.sampled_from(OTHERS), st.sampled_from([MORE, FEWER]))
settled = st.tuples(st.sampled_from([RUNNING, ABSENT]), st.integers(1, 20))
blind = st.tuples(st.just(BLIND), st.integers(0, 40))
moving = st.tuples(st.just(MOVING), st.integers(0, 25))


@st.composite
def forgiven(draw):
    """A disagreement within its bound, perhaps with blindness in it, and the agreement after it."""
    state = draw(claimed)
    first = draw(st.integers(0, 15))
    after = RUNNING if state[1] == FEWER else ABSENT
    return [(state, first), draw(blind), (state, draw(st.integers(0, 15 - first))), (after, 1)]


stretch = st.one_of(settled.map(lambda one: [one]), moving.map(lambda one: [one, (RUNNING, 1)]),
                    blind.map(lambda one: [one, (ABSENT, 1)]), forgiven())
good = st.lists(stretch, max_size=8).map(lambda parts: [one for part in parts for one in part])


def words(found):
    return [breach.words for breach in found]


@given(good)
def test_what_is_within_its_bounds_is_forgiven(states):
    assert breaches(history(*states), BOUNDS) == []


@given(good, claimed, st.lists(st.tuples(st.integers(1, 20), st.integers(0, 25)), min_size=1, max_size=6),
       st.sampled_from([BLIND, MOVING]), good)
def test_what_lasts_too_long_is_told_whatever_was_between(before, state, parts, between, after):
    """Looks that disagree, and between them nothing was seen, or the server was on the move: what was seen counts, together."""
    bad = [each for seen, unseen in parts for each in ((state, seen), (between, unseen))]
    seconds = sum(STEP * (seen - 1) for seen, _ in joined(parts))
    found = breaches(history(*BOTH, *before, *BOTH, *bad, *BOTH, *after), BOUNDS)
    told = WORDS[state].format(name="ann")
    assert words(found) == ([told] if seconds > BOUNDS.lag else [])
    assert [breach.seconds for breach in found] == ([seconds] if found else [])


def joined(parts):
    """Stretches without blindness between them are one."""
    found = []
    for seen, unseen in parts:
        if found and found[-1][1] == 0:
            found[-1] = (found[-1][0] + seen, unseen)
        else:
            found.append((seen, unseen))
    return found


@given(good, claimed, good)
def test_a_breach_stays_whatever_comes_after(before, state, after):
    upto = history(*before, *BOTH, (state, 20))
    whole = history(*before, *BOTH, (state, 20), *after)
    assert words(breaches(upto, BOUNDS)) == [WORDS[state].format(name="ann")]
    assert words(breaches(whole, BOUNDS))[0] == WORDS[state].format(name="ann")


@given(st.sampled_from(WHOLE), st.integers(51, 80))
def test_a_side_that_is_silent_for_too_long_is_a_breach_of_its_own(view, count):
    looks = [*history((RUNNING, 5)), *(without(one, view) for one in history((RUNNING, 5 + count))[5:])]
    (found,) = breaches(looks, BOUNDS)
    assert (found.words, found.seconds) == (f"{view} could not be asked: 502", STEP * count)


def without(look, view):
    """The same look, where one side could not be asked."""
    seen = {each: counted for each, counted in look.seen.items() if each != view}
    return Moment(look.at, seen, look.moving, look.asked, {view: "502"})


@given(st.integers(31, 40))
def test_a_hub_that_never_ends_a_start_is_told(count):
    (found,) = breaches(history((ABSENT, 1), (MOVING, count + 1)), BOUNDS)
    assert (found.words, found.seconds) == (WORDS[HUB, MOVING].format(name="ann"), STEP * count)


@given(good)
def test_what_was_forgiven_is_measured(states):
    assert longest(history(*BOTH, *states, *BOTH, ((SERVICES, MORE), 15))) == 14 * STEP
    assert longest(history(*BOTH, (MOVING, 20))) == 0


def test_nobody_looked_for_too_long():
    (found, *_) = breaches(history((RUNNING, 2), step=101), BOUNDS)
    assert found.words == "hub could not be asked: nobody looked"


def test_what_lies_between_looks_far_apart_was_not_seen():
    """Ten minutes between two looks that disagree prove ten seconds."""
    assert breaches(history(((SERVICES, MORE), 3), step=90), Bounds()) == []


def test_a_second_service_of_one_server_is_one_too_many():
    looks = history((RUNNING, 20))
    for look in looks:
        look.seen[SERVICES][ANN] = 2
    assert words(breaches(looks, BOUNDS)) == [WORDS[SERVICES, MORE].format(name="ann")]


def test_who_was_not_asked_at_the_edge_is_not_said_to_be_silent():
    looks = [Moment(one.at, {**one.seen, EDGE: Counter()}, one.moving) for one in history((RUNNING, 40))]
    assert breaches(looks, BOUNDS) == []


@pytest.mark.parametrize(("states", "servers"), [
    ([(RUNNING, 2)], {ANN, BOB}),
    ([(ABSENT, 2)], {BOB}),
    ([(RUNNING, 1)], None),
    ([(RUNNING, 2), (BLIND, 1)], None),
    ([(RUNNING, 1), (MOVING, 1)], None),
    ([((TASKS, FEWER), 1), (RUNNING, 1)], None),
    ([((TASKS, FEWER), 5), (RUNNING, 2)], {ANN, BOB}),
    ([], None),
])
def test_all_agree_when_two_looks_in_a_row_say_so(states, servers):
    assert agreed(history(*states)) == servers


@given(st.lists(st.sampled_from([RUNNING, ABSENT, MOVING, BLIND, (EDGE, FEWER), (SERVICES, MORE)]), max_size=20))
def test_agreement_is_never_seen_in_a_look_that_disagrees(states):
    looks = history(*((state, 1) for state in states))
    assert agreed(looks) is None or {*states[-2:]} <= {RUNNING, ABSENT}


def test_a_timeline_has_a_line_for_each_change_and_each_silence():
    said = timeline(history((ABSENT, 3), (RUNNING, 3), (BLIND, 2), (RUNNING, 1), ((SERVICES, FEWER), 2)), {ANN})
    assert [line.partition("  ")[2] for line in said] == [
        "ann: hub 1, services 1, tasks 1, routes 1, edge 1",
        *(f"{view} could not be asked: 502" for view in WHOLE),
        *(f"{view} tells again" for view in WHOLE),
        "ann: hub 1, services 0, tasks 1, routes 1, edge 1",
    ]
    assert said[0].startswith("00:16:46.0  ")


def test_a_server_is_there_from_the_first_look_that_sees_its_service_to_the_first_that_does_not():
    found = lifetimes(history((ABSENT, 2), (RUNNING, 3), (BLIND, 4), (RUNNING, 1), (ABSENT, 2), (RUNNING, 1)))
    lived = [(each.name, each.began.timestamp() - 1000, each.seconds) for each in found]
    assert sorted(lived) == [("ann", 4, 16), ("ann", 24, 0), ("bob/b", 0, 24)]


def test_nobody_was_there_if_nobody_could_be_asked():
    assert lifetimes(history((BLIND, 3))) == []
