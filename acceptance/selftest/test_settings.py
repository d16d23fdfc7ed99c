"""Settings are judged whole before anything starts, and every one is documented where its user looks."""

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from acceptance.harness.errors import SettingsError
from acceptance.harness.options import OPTIONS
from acceptance.harness.settings import fallback, gather

ROOT = Path(__file__).parents[2]


def complaints_of(**given):
    """What is said of these settings."""
    with pytest.raises(SettingsError) as raised:
        gather(given, ROOT)
    return raised.value.complaints


def test_the_defaults_are_valid():
    settings = gather({}, ROOT)
    assert (settings.profile, settings.engine, settings.users, settings.keep) == ("core", "auto", 5, False)
    assert (settings.http_port, settings.https_port, settings.source, settings.reports) == (
        None,
        None,
        ROOT,
        ROOT / "reports",
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"profile": "smoek"}, "PROFILE=smoek: unknown; choose one of smoke, core, full, image"),
        ({"engine": "podman"}, "ENGINE=podman: unknown"),
        ({"engine_version": "19.03"}, "ENGINE_VERSION=19.03: unknown; choose one of 20.10, 26.1"),
        ({"engine": "current", "engine_version": "26.1"}, "say ENGINE=sandbox"),
        ({"users": "0"}, "USERS=0: not a whole number from 1"),
        ({"users": "many"}, "USERS=many"),
        ({"http_port": "65536"}, "HTTP_PORT=65536: not a whole number from 1 to 65535"),
        ({"https_port": "-1"}, "HTTPS_PORT=-1"),
        ({"http_port": "80", "https_port": "80"}, "are both 80"),
        ({"previous_hub_image": "hub:5"}, "PREVIOUS_HUB_IMAGE=hub:5: profile core judges no upgrade: say PROFILE=image"),
        ({"hub_image": "not an image"}, "HUB_IMAGE=not an image: no image reference"),
        ({"accounts": "accounts.yaml"}, "ACCOUNTS=accounts.yaml: it is of a service that runs: say which by TARGET="),
        ({"disruptive": "1"}, "DISRUPTIVE=1: it is of a service that runs"),
        ({"target": "https://hub.example"}, "say who they are by ACCOUNTS=accounts.yaml"),
        ({"keep": "acceptance"}, "KEEP=acceptance: unknown; choose one of 0, 1"),
        ({"faults": "/nowhere"}, "FAULTS=/nowhere: no such folder"),
        ({"reports": "/proc/version"}, "REPORTS=/proc/version: /proc/version is no folder that this user may write"),
        ({"source": "/"}, "SOURCE=/: holds no stack/docker-compose.yml"),
    ],
)
def test_each_bad_setting_is_one_clear_complaint(given, words):
    (complaint,) = complaints_of(**given)
    assert words in complaint


def test_a_disk_without_room_for_a_report_is_named_with_its_figures(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=12_300_000))
    (complaint,) = complaints_of(reports=str(tmp_path / "new"))
    assert complaint.startswith(f"REPORTS={tmp_path}/new: 12 MB are free and a report may take 100: make room")


def test_all_complaints_come_together():
    assert len(complaints_of(profile="x", users="0", http_port="x", target="https://x")) == 4


def test_a_version_asks_for_a_sandbox_because_no_other_engine_has_one_to_choose():
    assert gather({"engine_version": "26.1"}, ROOT).engine == "sandbox"


@pytest.mark.parametrize(
    "image",
    ["hub", "hub:1", "registry.example:5000/team/hub:1.2", f"sha256:{'a' * 64}", f"hub@sha256:{'a' * 64}"],
)
def test_image_references_are_taken_as_docker_takes_them(image):
    assert gather({"hub_image": image}, ROOT).hub_image == image


def test_the_report_of_refused_settings_lies_where_it_was_asked_for(tmp_path):
    assert fallback({"users": "0", "reports": str(tmp_path)}, ROOT).reports == tmp_path


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_setting_is_documented_where_its_user_looks(option):
    documents = [ROOT / "README.rst", *(ROOT / "docs").glob("*.rst")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in documents if path.exists())
    assert option.variable in text, f"{option.variable} stands in no README or docs page: {option.meaning}"


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_make_hands_every_setting_on(option):
    command = [
        "make",
        "--dry-run",
        "--no-print-directory",
        "acceptance",
        f"{option.variable}=given",
        "PYTHON=python",
    ]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"--{option.name}='given'" in said


@pytest.mark.parametrize(("given", "keeps"), [(None, False), ("", False), ("0", False), ("1", True)])
def test_keep_is_said_as_in_make(given, keeps):
    assert gather({"keep": given}, ROOT).keep is keeps
