"""Nothing that a user sends reaches a service's order but by way of the operator's list."""

import pytest
from spawn_failure import SpawnFailure
from user_options import chosen, options_in, settings_of, traits_in

CHOICES = {"size": {"small": {"mem_limit": "1G"}, "large": {"mem_limit": "8G", "cpu_limit": 4.0}}}


def test_a_choice_picks_the_operators_settings():
    choice = chosen({"size": "large"}, CHOICES)

    assert settings_of(choice, CHOICES) == {"mem_limit": "8G", "cpu_limit": 4.0}


def test_who_chooses_nothing_gets_the_first_choice():
    assert chosen({}, CHOICES) == {"size": "small"}
    assert chosen({}, {}) == settings_of({}, {}) == {}


def test_every_trait_that_may_be_chosen_is_known():
    assert traits_in(CHOICES) == {"mem_limit", "cpu_limit"}


def test_a_form_gives_lists_and_a_choice_is_one_value():
    assert options_in({"size": ["large"], "more": ["a", "b"]}) == {"size": "large", "more": ["a", "b"]}


@pytest.mark.parametrize("option", ["image", "mem_limit", "extra_container_spec", "", "<b>"])
def test_an_option_that_is_not_listed_is_refused_by_name(option):
    with pytest.raises(SpawnFailure, match="no option") as refused:
        chosen({option: "x"}, CHOICES)
    assert refused.value.status_code == 400
    assert repr(option) in refused.value.jupyterhub_message


@pytest.mark.parametrize("choice", ["huge", ["small"], {"mem_limit": "99G"}, None, 1, "", True])
def test_a_choice_that_is_not_listed_is_refused(choice):
    with pytest.raises(SpawnFailure, match="choose from large, small"):
        chosen({"size": choice}, CHOICES)
