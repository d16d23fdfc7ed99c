"""A server that nobody could ever get stops the deploy, in words, and all of them at once."""

from pathlib import Path

import pytest

from acceptance.selftest.operate_engine import Docker
from stack.operate import notebooks, settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def complaints(tmp_path):
    """complaints("text of a profiles file", SETTING=…): what is said of them."""

    def said(profiles="", images=(), **changes):
        values = settings.read(ROOT / "stack" / "stack.env")
        if profiles:
            (tmp_path / "mine.yaml").write_text(profiles)
            changes |= {"OVERLAYS": "stack/profiles.yml", "PROFILES_FILE": str(tmp_path / "mine.yaml")}
        return notebooks.complaints(Docker(images=images), settings.Settings({**values, **changes}))

    return said


def test_the_defaults_and_the_example_are_good(complaints):
    assert complaints() == complaints(OVERLAYS="stack/profiles.yml") == []


@pytest.mark.parametrize(("name", "value", "words"), [
    ("NOTEBOOK_MEMORY", "1073741824", "is no amount of memory"), ("NOTEBOOK_MEMORY", "", "is no amount of memory"),
    ("NOTEBOOK_MEMORY", "1M", "is less than the 4M"), ("NOTEBOOK_CPUS", "", "is no number of processors"),
    ("NOTEBOOK_MEMORY_GUARANTEE", "some", "is no amount of memory"),
    ("NOTEBOOK_CPUS_GUARANTEE", "-1", "is no number of processors"),
    ("NOTEBOOK_MEMORY_GUARANTEE", "2G", "is more than NOTEBOOK_MEMORY=1G"),
    ("NOTEBOOK_CPUS_GUARANTEE", "1.5", "is more than NOTEBOOK_CPUS=1"),
    ("NOTEBOOK_VOLUME_DRIVER", "nfs", "is no volume driver of this node, which has local, example/sshfs:latest"),
    ("NOTEBOOK_VOLUME_OPTIONS", "type=nfs rw", "has rw, which is not name=value"),
    ("NOTEBOOK_VOLUME_OPTIONS", "type=nfs device=:/home", "one place for all users"),
])
def test_what_cannot_be_is_named_with_its_value(complaints, name, value, words):
    (complaint,) = complaints(**{name: value})
    assert complaint.startswith(name) and words in complaint


@pytest.mark.parametrize("changes", [
    {"NOTEBOOK_MEMORY_GUARANTEE": "1G", "NOTEBOOK_CPUS_GUARANTEE": "0.5"}, {"NOTEBOOK_VOLUME_DRIVER": "example/sshfs"},
    {"NOTEBOOK_VOLUME_OPTIONS": "type=nfs o=addr=192.0.2.1,rw device=:/home/{volume}"},
    {"NOTEBOOK_VOLUME_OPTIONS": "type=tmpfs device=tmpfs o=size=1g"}, {"NOTEBOOK_PLACEMENT": "node.labels.notebooks == yes"},
])
def test_what_can_be_is_not_complained_of(complaints, changes):
    assert complaints(**changes) == []


def test_a_bad_file_of_profiles_is_told_whole(complaints):
    said = complaints("[{id: a, title: A, memory: much}, {id: a, title: B, sise: 1}]", NOTEBOOK_MEMORY="lots")
    assert len(said) == 4 and said[0].startswith("NOTEBOOK_MEMORY=lots")
    assert all("mine.yaml: Profile a " in complaint for complaint in said[1:])


def test_a_file_of_profiles_that_is_not_there_is_named(complaints):
    (complaint,) = complaints(OVERLAYS="stack/profiles.yml", PROFILES_FILE="nowhere.yaml")
    assert "nowhere.yaml cannot be read (No such file or directory)" in complaint


def test_a_profiles_image_must_be_there(complaints):
    text = "[{id: a, title: A, image: 'mine:1'}]"
    assert complaints(text, images=("mine:1",)) == []
    (complaint,) = complaints(text)
    assert "Profile a has the image mine:1, which is not on this engine" in complaint and "no such host" in complaint


def test_a_guarantee_over_the_settings_limit_is_told(complaints):
    (complaint,) = complaints("[{id: a, title: A, memory_guarantee: 2G, cpus: 4, cpus_guarantee: 2}]")
    assert "Profile a would keep memory 2G free for a server that may take 1G" in complaint


def test_without_the_overlay_no_file_is_read(complaints):
    assert complaints(PROFILES_FILE="nowhere.yaml") == []
