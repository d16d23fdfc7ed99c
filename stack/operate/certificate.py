"""The TLS certificate where the operator has none: a small CA, and a leaf for the host's names."""

import datetime
import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
DAYS_CA, DAYS_LEAF = 3650, 365          # browsers refuse leaves that live longer than 398 days, scanners mark down 366


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, each as PEM."""

    certificate: bytes
    key: bytes


def host_names(wanted: str, edge: str) -> list[str]:
    """What the leaf is for: the operator's SERVER_NAMES, else this host's names, and always the edge's own address."""
    names = [name.strip() for name in wanted.split(",") if name.strip()] or [socket.gethostname()]
    return list(dict.fromkeys([*names, "localhost", "127.0.0.1", edge]))


@dataclass(frozen=True)
class Authority:
    """A CA that can sign, until it is forgotten: its key is kept nowhere."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """Its certificate, for those who are to trust it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def leaf(self, common: str, names: list[str], purpose: x509.ObjectIdentifier) -> Pair:
        """A certificate for one purpose, and for these DNS names and IP addresses if there are any."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])
        leaf = (builder(subject, self.certificate.subject, key, DAYS_LEAF, issuer_key=self.key)
                .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
                .add_extension(usage(digital_signature=True), critical=True)
                .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False))
        if names:
            leaf = leaf.add_extension(x509.SubjectAlternativeName([general_name(name) for name in names]), critical=False)
        return pair(leaf.sign(self.key, hashes.SHA256()), key)


def authority(common: str) -> Authority:
    """A new CA. It may sign leaves only."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    return Authority(builder(name, name, key, DAYS_CA)
                     .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                     .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
                     .sign(key, hashes.SHA256()), key)


def make(names: list[str]) -> tuple[Pair, Pair]:
    """A CA and a leaf signed by it, for DNS names and IP addresses alike."""
    ca = authority("nbi-jupyter-service CA")
    return pair(ca.certificate, ca.key), ca.leaf(names[0], names, SERVER)


def builder(subject, issuer, key, days, issuer_key=None) -> x509.CertificateBuilder:
    """What CA and leaf have in common; valid from an hour ago, for clocks that differ a little."""
    now = datetime.datetime.now(datetime.UTC)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer_key or key).public_key()),
                           critical=False))


def usage(**allowed: bool) -> x509.KeyUsage:
    """A KeyUsage in which only what is named is allowed."""
    every = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in every})


def general_name(name: str) -> x509.GeneralName:
    """An address as IPAddress, anything else as DNSName: clients compare them by kind."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    """PEM of both; the key unencrypted, since nginx starts without anybody to ask."""
    return Pair(certificate.public_bytes(serialization.Encoding.PEM),
                key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                  serialization.NoEncryption()))


def complaints(certificate: Path, key: Path) -> list[str]:
    """What is wrong with the operator's pair: missing, unreadable, no PEM, expired, or not belonging together."""
    found = [f"The TLS file {path} {said}" for path in (certificate, key) if (said := unreadable(path))]
    if found:
        return [*found, "Correct TLS_CERT and TLS_KEY; or leave both empty, delete what is left of that pair, and `make secrets`"
                " makes one."]
    try:
        leaf = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        return [f"{certificate} and {key} are no PEM certificate and unencrypted key ({error}). Give both as PEM."]
    if leaf.public_key() != private.public_key():
        return [f"The key {key} does not belong to the certificate {certificate}: their public keys differ."]
    if leaf.not_valid_before_utc > datetime.datetime.now(datetime.UTC):
        return [f"The certificate {certificate} is valid from {leaf.not_valid_before_utc:%Y-%m-%d %H:%M} UTC on only. Is this"
                " host's clock right? Else wait, or give another one."]
    if leaf.not_valid_after_utc < datetime.datetime.now(datetime.UTC):
        return [f"The certificate {certificate} expired on {leaf.not_valid_after_utc:%Y-%m-%d}. Renew it, or delete the one"
                " that `make secrets` made and run it again."]
    return []


def unreadable(path: Path) -> str:
    """Why a file cannot be read, as the end of a sentence; empty if it can."""
    try:
        path.open("rb").close()
    except FileNotFoundError:
        return "does not exist."
    except OSError as error:
        return f"cannot be read ({error.strerror}) by the user who deploys."
    return ""
