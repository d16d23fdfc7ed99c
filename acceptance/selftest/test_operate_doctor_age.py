"""The doctor on what grows old or full: certificates, disks, images, ports."""

from datetime import UTC, datetime, timedelta

import pytest

from stack.operate import certificate
from stack.operate.doctor import certificates, disk, images, ports
from stack.operate.room import Room, room_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
GB = 10**9


def levels(findings):
    """The level of each."""
    return [finding.level for finding in findings]


def ends(days):
    """A moment so many days from now."""
    return NOW + timedelta(days=days, minutes=1)


@pytest.mark.parametrize(("kept", "served", "said"), [
    ({"leaf": 300, "ca": 3000}, 300, ["ok"]), ({"leaf": 29}, 29, ["warn"]), ({"leaf": 30}, 30, ["ok"]),
    ({"leaf": -2}, -2, ["bad"]),
    ({"leaf": 300, "ca": 9}, 300, ["warn"]), ({"leaf": 300}, None, ["ok"]), ({}, None, ["ok"]), ({"leaf": 300}, 200, ["warn"]),
    ({"leaf": 300}, 9, ["warn", "warn"]), ({"leaf": 300}, -9, ["warn", "bad"]),
])
def test_certificates(kept, served, said):
    shown = None if served is None else ends(served)
    assert levels(certificates.judged({name: ends(days) for name, days in kept.items()}, "leaf", shown, NOW)) == said


def test_the_days_that_are_left_are_said_with_the_way_on():
    (found,) = certificates.judged({"tls_cert": ends(9)}, "tls_cert", ends(9), NOW)
    assert found.fact == "the certificate tls_cert ends 2026-12-03, in 9 days."
    assert "`make deploy`" in found.step
    (dead,) = certificates.judged({"tls_cert": ends(-9)}, "tls_cert", None, NOW)
    assert dead.fact == "the certificate tls_cert ended 2026-11-15."


def test_a_certificate_is_known_from_what_is_none(tmp_path):
    _, leaf = certificate.make(["hub.example"])
    (tmp_path / "cert").write_bytes(leaf.certificate)
    (tmp_path / "key").write_bytes(leaf.key)
    assert certificates.end_of(tmp_path / "cert") > datetime.now(UTC) + timedelta(days=360)
    assert certificates.end_of(tmp_path / "key") is None
    assert certificates.end_of(tmp_path / "none") is None


@pytest.mark.parametrize(("size", "free", "said"), [
    (250, 70, ["ok"]), (20, 5, ["ok"]), (250, 9, ["warn"]), (20, 1.9, ["bad"]), (250, 1, ["bad"]),
])
def test_disk(size, free, said):
    assert levels(disk.judged("n1", Room(int(size * GB), int(free * GB)))) == said


def test_room_is_read_from_what_df_says():
    said = "Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 1000000 900000 100000 90% /\n"
    assert room_of(said) == Room(1024 * 10**6, 1024 * 10**5)
    assert str(room_of(said)) == "0.1 of 1.0 GB free"
    assert room_of("") is room_of(None) is room_of("df: /: No such file\n") is None


WANTED = {"s_hub": "sha256:1", "users' servers": "lab:2"}


@pytest.mark.parametrize(("here", "others", "fetched", "said"), [
    ({"sha256:1": True, "lab:2": True}, [], {}, ["ok"]), ({"sha256:1": True, "lab:2": False}, [], {}, ["bad"]),
    ({"sha256:1": True, "lab:2": True}, ["w1"], {"sha256:1": True, "lab:2": True}, ["ok"]),
    ({"sha256:1": True, "lab:2": True}, ["w1"], {"sha256:1": True, "lab:2": False}, ["warn"]),
    ({"sha256:1": True, "lab:2": False}, ["w1"], {"sha256:1": True, "lab:2": True}, ["ok"]),
    ({"sha256:1": True, "lab:2": False}, ["w1"], {"sha256:1": True, "lab:2": False}, ["bad", "warn"]),
])
def test_images(here, others, fetched, said):
    assert levels(images.judged(WANTED, here, others, fetched)) == said


def test_what_a_manager_cannot_see_is_said():
    (found,) = images.judged(WANTED, dict.fromkeys(WANTED.values(), True), ["w1"], {})
    assert "w1 cannot fetch them; whether they have them cannot be seen through a manager" in found.fact


@pytest.mark.parametrize(("taken", "answering", "deployed", "said"), [
    ([], {80, 443}, True, ["ok"]), ([], set(), False, ["ok"]), ([], {80}, True, ["bad"]),
    (["Port 443 is taken by x."], set(), False, ["bad"]),
])
def test_ports(taken, answering, deployed, said):
    assert levels(ports.judged(taken, "host", [80, 443], answering, deployed)) == said
