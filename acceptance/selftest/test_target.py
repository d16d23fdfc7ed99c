"""A service that runs is named whole: its address, whom to trust, who may use it; anything else is refused in words."""

from pathlib import Path

import certifi
import pytest

from acceptance.harness.errors import SettingsError
from acceptance.harness.settings import gather
from acceptance.harness.target import target_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def given(tmp_path):
    """given(**others): a sound target, with other settings."""
    (tmp_path / "accounts.yaml").write_text("users:\n- {name: alice, password_env: ALICE}\n")
    sound = {"target": "https://hub.example", "accounts": str(tmp_path / "accounts.yaml"), "ca_file": certifi.where()}
    return lambda **others: {**sound, **others}


def complaints_of(given):
    """What is said of these settings."""
    with pytest.raises(SettingsError) as refused:
        target_of(given, {"ALICE": "alice's own"})
    return refused.value.complaints


@pytest.mark.parametrize(("url", "port", "https", "http"), [
    ("https://hub.example", "", "https://hub.example", "http://hub.example"),
    ("https://hub.example:443/", "", "https://hub.example", "http://hub.example"),
    ("https://hub.example:8443", "", "https://hub.example:8443", ""),
    ("https://hub.example:8443", "8080", "https://hub.example:8443", "http://hub.example:8080"),
    ("https://[::1]:8443", "", "https://[::1]:8443", ""),
    ("https://Hub.EXAMPLE", "", "https://hub.example", "http://hub.example"),
    ("https://Hub.EXAMPLE:8443", "8080", "https://hub.example:8443", "http://hub.example:8080"),
    ("https://hub.example:08443", "", "https://hub.example:8443", ""),
    ("https://[FE80::1]:8443", "", "https://[fe80::1]:8443", ""),
])
def test_its_addresses_are_those_that_were_said(given, url, port, https, http):
    found = target_of(given(target=url, http_port=port), {"ALICE": "alice's own"})
    assert (found.url, found.plain_url, found.disruptive) == (https, http, False)


@pytest.mark.parametrize("url", ["hub.example", "http://hub.example", "https://alice:secret@hub.example", "https://hub/jupyter",
                                 "https://hub:0", "https://hub:65536"])
def test_no_other_address_is_taken_and_no_password_repeated(given, url):
    (complaint,) = complaints_of(given(target=url))
    assert complaint.startswith("TARGET: not https://host or https://host:port")


@pytest.mark.parametrize(("others", "words"), [
    ({"hub_image": "hub:1"}, "HUB_IMAGE=hub:1: nothing is deployed with TARGET"),
    ({"engine": "current"}, "ENGINE=current: nothing is deployed"),
    ({"keep": "1"}, "KEEP=1: nothing is deployed"),
    ({"disruptive": "yes"}, "DISRUPTIVE=yes: unknown; choose one of 0, 1"),
    ({"ca_file": "/nowhere"}, "CA_FILE=/nowhere: no file of certificates"),
    ({"ca_file": __file__}, "no file of certificates (PEM)"),
    ({"accounts": ""}, "say who they are by ACCOUNTS=accounts.yaml"),
    ({"accounts": "/nowhere"}, "nowhere:1: cannot be read"),
])
def test_each_mistake_is_one_clear_complaint(given, others, words):
    (complaint,) = complaints_of(given(**others))
    assert words in complaint


def test_all_mistakes_come_together_also_those_of_the_file_and_of_a_run(given, tmp_path):
    (tmp_path / "accounts.yaml").write_text("users:\n- {name: alice}\n")
    with pytest.raises(SettingsError) as refused:
        gather(given(ca_file="/nowhere", source="x", profile="x", target="x"), ROOT)
    assert len(refused.value.complaints) == 6       # SOURCE is wrong twice


def test_what_says_nothing_is_no_mistake(given):
    assert target_of(given(engine="auto", keep="0", disruptive="1"), {"ALICE": "alice's own"}).disruptive
    assert target_of({}, {}) is None


def test_no_secret_stands_in_the_repr_of_a_run_s_settings(given, monkeypatch):
    monkeypatch.setenv("ALICE", "alice's own")
    assert "alice's own" not in repr(gather(given(), ROOT))
