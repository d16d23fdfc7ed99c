"""Nothing that a user sends reaches a service's order but by way of the operator's list."""

import pytest
from spawn_failure import SpawnFailure
from user_options import settings_of

CHOICES = {"size": {"small": {"mem_limit": "1G"}, "large": {"mem_limit": "8G", "cpu_limit": 4.0}}}


def test_a_choice_picks_the_operators_settings():
    assert settings_of({"size": "large"}, CHOICES) == {"mem_limit": "8G", "cpu_limit": 4.0}


def test_no_option_changes_nothing():
    assert settings_of({}, {}) == settings_of({}, CHOICES) == {}


@pytest.mark.parametrize("option", ["image", "mem_limit", "extra_container_spec", "", "<b>"])
def test_an_option_that_is_not_listed_is_refused_by_name(option):
    with pytest.raises(SpawnFailure, match="no option") as refused:
        settings_of({option: "x"}, CHOICES)
    assert refused.value.status_code == 400
    assert repr(option) in refused.value.message


@pytest.mark.parametrize("choice", ["huge", ["small"], {"mem_limit": "99G"}, None, 1])
def test_a_choice_that_is_not_listed_is_refused(choice):
    with pytest.raises(SpawnFailure, match="choose from large, small"):
        settings_of({"size": choice}, CHOICES)
