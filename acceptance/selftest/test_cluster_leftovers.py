"""What is left of a run, and what of that nobody chose: on engines made of paper, with any things on them."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.cluster.leftovers import leftovers, unchosen

KINDS = ("service", "container", "network", "volume", "config", "secret")
NAMES = st.text("abc", min_size=1, max_size=3)
THINGS = st.sets(st.tuples(st.sampled_from(KINDS), NAMES, st.sampled_from(["ours", "theirs"])), max_size=12)
WORDS = st.sets(st.tuples(st.sampled_from(KINDS), NAMES).map(" ".join), max_size=8)


def engine_with(things):
    """An engine with these (kind, name, label), that filters by label as the real one does."""

    def listed(kind, shape):
        return lambda filters, **_: [shape(name) for what, name, label in sorted(things)
                                     if (what, label) == (kind, filters["label"])]

    def named(kind):
        return SimpleNamespace(list=listed(kind, lambda name: SimpleNamespace(name=name)))

    api = SimpleNamespace(containers=listed("container", lambda name: {"Names": [f"/{name}"]}),
                          networks=listed("network", lambda name: {"Name": name}),
                          volumes=lambda filters: {"Volumes": listed("volume", lambda name: {"Name": name})(filters) or None})
    parts = {f"{kind}s": named(kind) for kind in ("service", "config", "secret")}
    return SimpleNamespace(client=SimpleNamespace(api=api, **parts))


@given(THINGS)
def test_all_of_ours_is_found_and_nothing_of_theirs(things):
    ours = sorted(f"{kind} {name}" for kind, name, label in things if label == "ours")
    assert leftovers(engine_with(things), "ours") == ours


@given(WORDS)
def test_a_removal_that_kept_to_the_choice_surprises_nobody(chosen):
    assert unchosen(chosen, chosen) == []


@given(WORDS, WORDS)
def test_each_thing_too_many_or_too_few_is_named_once(left, chosen):
    said = unchosen(left, chosen)
    assert len(said) == len(left ^ chosen)
    assert {words.removesuffix(" is left") for words in said if words.endswith(" is left")} == left - chosen
    assert {words.removesuffix(" is gone") for words in said if words.endswith(" is gone")} == chosen - left


@pytest.mark.parametrize(("left", "chosen", "said"), [
    (["service s_hub"], [], ["service s_hub is left"]),
    ([], ["volume v"], ["volume v is gone"]),
    (["volume w"], ["volume v"], ["volume v is gone", "volume w is left"]),
])
def test_it_is_said_in_words(left, chosen, said):
    assert unchosen(left, chosen) == said
