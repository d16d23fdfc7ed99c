"""`make docker-tls-certs` makes what a daemon with --tlsverify and its one client need, and a deploy says what is amiss."""

import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from acceptance.selftest.operate_engine import Docker
from stack.operate import certificate, docker_tls, preflight
from stack.operate import settings as operate

HOST = "tcp://192.0.2.7:2376"


@pytest.fixture
def given(tmp_path, monkeypatch):
    """Settings that send the hub by TLS, and some values changed."""
    for variable in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(variable, raising=False)
    values = operate.read(operate.TREE / "stack" / "stack.env") | {
        "SECRETS_DIR": str(tmp_path / "secrets"), "OVERLAYS": docker_tls.OVERLAY, "DOCKER_TLS_HOST": HOST,
        "DOCKER_SOCKET": operate.NO_SOCKET}
    return lambda **changes: operate.Settings({**values, **changes})


@pytest.fixture
def folder(given):
    """The folder with the five files."""
    docker_tls.ensure(given(), ["192.0.2.7", "manager"])
    return given().secrets_dir


def read(folder, name):
    """A certificate of the folder."""
    return x509.load_pem_x509_certificate((folder / name).read_bytes())


def purpose_of(found):
    """What a certificate is for."""
    return [*found.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value]


def test_the_daemon_s_certificate_has_its_names_and_the_hub_s_is_a_client_s(folder):
    daemon, hub, ca = (read(folder, name) for name in ("docker_server_cert", "docker_cert", "docker_ca"))
    names = daemon.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    assert [str(name.value) for name in names] == ["192.0.2.7", "manager"]
    assert (purpose_of(daemon), purpose_of(hub)) == ([certificate.SERVER], [certificate.CLIENT])
    daemon.verify_directly_issued_by(ca)
    hub.verify_directly_issued_by(ca)


def test_the_files_are_private_and_made_once(given, folder):
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert made.keys() == {*docker_tls.ALL}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert not docker_tls.ensure(given(), ["192.0.2.7"])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made


def test_the_daemon_s_key_may_go_when_the_manager_has_it(given, folder):
    (folder / "docker_server_key").unlink()
    assert not docker_tls.ensure(given(), ["192.0.2.7"])


def test_half_of_the_files_is_refused_since_another_ca_would_sign_the_rest(given, folder):
    (folder / "docker_key").unlink()
    with pytest.raises(operate.Refused, match="has only docker_ca, docker_cert, docker_server_cert, docker_server_key: nothing"):
        docker_tls.ensure(given(), ["192.0.2.7"])


def test_a_folder_that_cannot_be_written_is_refused_in_words(given, tmp_path):
    (tmp_path / "secrets").write_text("")
    with pytest.raises(operate.Refused, match="cannot be kept in"):
        docker_tls.ensure(given(), ["192.0.2.7"])


@pytest.mark.parametrize(("host", "listens"), [
    ("192.0.2.7", "192.0.2.7"), ("manager", "0.0.0.0"), ("2001:db8::7", "[2001:db8::7]")])
def test_the_operator_is_told_where_dockerd_listens_and_that_it_asks_its_clients(host, listens):
    said = docker_tls.flags(host, 2376)
    assert said.startswith(f"--host=tcp://{listens}:2376 --tlsverify --tlscacert=/etc/docker/tls/docker_ca ")


def test_the_words_say_what_to_copy_and_until_when_it_holds(given, folder):
    said, end = docker_tls.words(given()), datetime.now(UTC) + timedelta(days=certificate.DAYS_LEAF)
    for fact in (str(folder), "docker_server_key", "--tlsverify", f"{end:%Y-%m-%d}"):
        assert fact in said


@pytest.mark.parametrize("host", [
    "manager:2376", "tcp://manager", "tcp://:2376", "https://manager:2376", "tcp://manager:many", ""])
def test_an_address_that_is_none_is_refused(given, host):
    (complaint,) = docker_tls.complaints(given(DOCKER_TLS_HOST=host))
    assert complaint.startswith(f"DOCKER_TLS_HOST={host} is no address")


def test_nothing_is_wrong_with_what_was_made_nor_with_the_socket(given, folder):
    assert docker_tls.complaints(given()) == []
    assert docker_tls.complaints(given(OVERLAYS="", DOCKER_TLS_HOST="", DOCKER_SOCKET="/run/docker.sock")) == []


def test_an_address_without_the_overlay_is_a_half_made_decision(given):
    (complaint,) = docker_tls.complaints(given(OVERLAYS=""))
    assert complaint.startswith(f"DOCKER_TLS_HOST={HOST} is set, and OVERLAYS has no stack/docker-tls.yml")


def test_a_socket_beside_it_is_a_second_way(given, folder):
    (complaint,) = docker_tls.complaints(given(DOCKER_SOCKET="/var/run/docker.sock"))
    assert complaint.startswith("DOCKER_SOCKET=/var/run/docker.sock would give the hub a second way")


def test_missing_files_are_named_with_the_command_that_makes_them(given):
    said = preflight.complaints(Docker(), given())
    assert [line.partition(":")[2] for line in said] == [" `make docker-tls-certs` makes it."] * 3


def test_a_certificate_of_another_ca_is_refused(given, folder):
    (folder / "docker_ca").write_bytes(certificate.authority("another").pem)
    (complaint,) = docker_tls.complaints(given())
    assert "no certificate of that CA" in complaint


def test_another_certificate_s_key_is_refused(given, folder):
    (folder / "docker_key").write_bytes((folder / "docker_server_key").read_bytes())
    (complaint,) = docker_tls.complaints(given())
    assert "does not belong to the certificate" in complaint


def test_a_certificate_that_has_expired_is_refused_with_its_day(given, folder, monkeypatch):
    ended = read(folder, "docker_cert").not_valid_after_utc
    later = type("Later", (datetime,), {"now": lambda zone: ended + timedelta(days=1)})
    monkeypatch.setattr(docker_tls.datetime, "datetime", later)
    (complaint,) = docker_tls.complaints(given())
    assert f"expired on {ended:%Y-%m-%d}" in complaint


def test_with_an_address_the_hub_has_no_socket_unless_one_is_named(monkeypatch):
    assert operate.load()["DOCKER_SOCKET"] == "/var/run/docker.sock"
    monkeypatch.setenv("DOCKER_TLS_HOST", HOST)
    assert operate.load()["DOCKER_SOCKET"] == operate.NO_SOCKET
    monkeypatch.setenv("DOCKER_SOCKET", "/run/mine.sock")
    assert operate.load()["DOCKER_SOCKET"] == "/run/mine.sock"
