"""The form offers what the operator wrote, as text, and remembers what was chosen last."""

from types import SimpleNamespace

import pytest
from profiles import Profile
from spawn_form import SpawnForm

from acceptance.harness.site.pages import words_on

PROFILES = [Profile("small", "Small"), Profile("large", 'For <b>R&D</b> "big"', "<script>alert(1)</script>", memory="2G", cpus=1)]


def form(**user_options):
    """The form as a user with these options of the last start gets it."""
    return SpawnForm(PROFILES)(SimpleNamespace(user_options=user_options))


def test_each_profile_is_offered_in_its_own_words():
    assert words_on(form()).splitlines() == [
        "Small", 'For <b>R&D</b> "big"', "<script>alert(1)</script>", "2 GB of memory, 1 processor"]


def test_nothing_of_a_profile_is_markup():
    assert "<script>" not in form() and "<b>" not in form()


@pytest.mark.parametrize(("last", "ticked"), [({}, "small"), ({"profile": "large"}, "large"), ({"profile": "gone"}, "small"),
                                              ({"profile": ["large"]}, "small")])
def test_the_last_choice_is_ticked_if_it_is_still_offered(last, ticked):
    boxes = {part.partition('"')[0]: "checked" in part.partition(">")[0] for part in form(**last).split('value="')[1:]}
    assert boxes == {"small": ticked == "small", "large": ticked == "large"}
