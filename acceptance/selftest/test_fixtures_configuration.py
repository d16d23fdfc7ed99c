"""The configuration that a report keeps: the stack's settings as deployed, without what only this run needed, or secrets."""

from dataclasses import replace
from pathlib import Path

import pytest

from acceptance.fixtures.configuration import OWN, configuration_of
from acceptance.harness.settings import gather

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings():
    """settings(NAME=…): a run's settings in an environment of these variables."""
    return lambda **variables: replace(gather({}, ROOT), environment=variables)


def test_each_setting_has_the_value_that_was_deployed(settings):
    found = configuration_of(settings(CULL_AFTER="60", HUB_IMAGE="env:1", PATH="/bin"), {"HUB_IMAGE": "given:1", "NBI_RUN": "x"})
    assert (found["CULL_AFTER"], found["HUB_IMAGE"], found["NOTEBOOK_MEMORY"]) == ("60", "given:1", "1G")
    assert not {"PATH", "NBI_RUN"} & found.keys()


def test_overlays_are_told_as_they_were_asked_for(settings):
    given = settings(OVERLAYS="stack/proxy.yml")
    assert configuration_of(given, {"OVERLAYS": "stack/acceptance.yml /tmp/x/labels-proxy.yml"})["OVERLAYS"] == "stack/proxy.yml"


def test_what_each_run_chooses_anew_is_no_part_so_that_two_runs_can_be_compared(settings):
    first, second = ({name: f"{name}-{number}" for name in OWN} for number in (1, 2))
    assert configuration_of(settings(), first) == configuration_of(settings(), second)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("type=cifs o=username=lab,password=geheim,uid=1000", "type=cifs o=username=lab,password=[redacted],uid=1000"),
        ("https://lab:geheim@host/x", "https://lab:[redacted]@host/x"),
        ("https://host:443/x", "https://host:443/x"),
        ("secret=geheim PASS=geheim", "secret=[redacted] PASS=[redacted]"),
    ],
)
def test_a_secret_in_a_value_is_masked(settings, value, kept):
    assert configuration_of(settings(NOTEBOOK_VOLUME_OPTIONS=value), {})["NOTEBOOK_VOLUME_OPTIONS"] == kept
