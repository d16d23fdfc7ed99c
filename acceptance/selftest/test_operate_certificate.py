"""The certificate that we make is one that browsers take; what is wrong with the operator's own is said."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtensionOID

from stack.operate import certificate

NOW = datetime.now(UTC)


def issued(begin, end):
    """A pair that is valid between two moments."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    signed = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
              .serial_number(1).not_valid_before(begin).not_valid_after(end).sign(key, hashes.SHA256()))
    return certificate.pair(signed, key)


def written(folder, pair, name="mine"):
    """A pair as files."""
    (folder / f"{name}.pem").write_bytes(pair.certificate)
    (folder / f"{name}.key").write_bytes(pair.key)
    return folder / f"{name}.pem", folder / f"{name}.key"


def test_the_leaf_is_for_the_hosts_names_and_signed_by_the_ca():
    ca, leaf = certificate.make(certificate.host_names("hub.example, 10.1.2.3", "192.0.2.7"))
    found = x509.load_pem_x509_certificate(leaf.certificate)
    names = found.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    assert names.get_values_for_type(x509.DNSName) == ["hub.example", "localhost"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address(a) for a in ("10.1.2.3", "127.0.0.1", "192.0.2.7")]
    found.verify_directly_issued_by(x509.load_pem_x509_certificate(ca.certificate))
    assert found.not_valid_after_utc - NOW < timedelta(days=366)     # scanners mark down longer ones


def test_each_host_is_named_once():
    assert certificate.host_names("localhost,127.0.0.1", "127.0.0.1") == ["localhost", "127.0.0.1"]


def test_a_good_pair_has_no_complaint(tmp_path):
    assert certificate.complaints(*written(tmp_path, certificate.make(["hub.example"])[1])) == []


@pytest.mark.parametrize(("begin", "end", "words"), [
    (-20, -1, f"expired on {NOW - timedelta(days=1):%Y-%m-%d}. Renew it"),
    (1, 20, f"is valid from {NOW + timedelta(days=1):%Y-%m-%d}"),
])
def test_a_certificate_that_does_not_hold_today_is_named_with_its_day(tmp_path, begin, end, words):
    pair = issued(NOW + timedelta(days=begin), NOW + timedelta(days=end))
    (complaint,) = certificate.complaints(*written(tmp_path, pair))
    assert words in complaint


def test_a_key_of_another_certificate_is_refused(tmp_path):
    cert, _ = written(tmp_path, certificate.make(["a.example"])[1], "a")
    _, key = written(tmp_path, certificate.make(["b.example"])[1], "b")
    (complaint,) = certificate.complaints(cert, key)
    assert "b.key does not belong to the certificate" in complaint


def test_an_encrypted_key_is_refused_since_nginx_has_nobody_to_ask(tmp_path):
    cert, key = written(tmp_path, certificate.make(["a.example"])[1])
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.BestAvailableEncryption(b"word")))
    (complaint,) = certificate.complaints(cert, key)
    assert "no PEM certificate and unencrypted key" in complaint


def test_what_is_no_certificate_is_refused(tmp_path):
    cert, key = written(tmp_path, certificate.Pair(b"hello", b"there"))
    (complaint,) = certificate.complaints(cert, key)
    assert "no PEM certificate" in complaint


def test_missing_and_unreadable_files_are_told_together(tmp_path):
    missing, folder, way_on = certificate.complaints(tmp_path / "no.pem", tmp_path)
    assert missing == f"The TLS file {tmp_path}/no.pem does not exist."
    assert folder == f"The TLS file {tmp_path} cannot be read (Is a directory) by the user who deploys."
    assert "TLS_CERT and TLS_KEY" in way_on
