"""What a browser is made to trust: the key that this run's CA signed for this host, and no other."""

import base64
import hashlib
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from acceptance.harness.errors import StackError
from acceptance.harness.site.trust import key_of


def certificate(path, address):
    """A certificate that signs itself, with its key in the same file; returns the key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now, host = datetime.now(UTC), x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    built = x509.CertificateBuilder(name, name, key.public_key(), 7, now - timedelta(1), now + timedelta(1))
    authority, ident = (
        x509.BasicConstraints(True, None),
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
    )
    built = built.add_extension(host, True).add_extension(authority, True).add_extension(ident, False)
    signed = built.sign(key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(signed.public_bytes(Encoding.PEM) + private)
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def serve():
    """Serves one TLS handshake with a certificate; returns the address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def start(pem):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        Thread(target=shake, args=(context, listener), daemon=True).start()
        return f"https://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    listener.close()


def shake(context, listener):
    try:
        context.wrap_socket(listener.accept()[0], server_side=True).close()
    except OSError:  # the client refused the certificate, as it should
        return


def test_the_key_of_a_verified_certificate_is_told(tmp_path, serve):
    key = certificate(tmp_path / "edge.pem", "127.0.0.1")
    told = key_of(serve(tmp_path / "edge.pem"), tmp_path / "edge.pem")
    assert base64.b64decode(told) == hashlib.sha256(key).digest()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9"], ids=["another CA", "another host"])
def test_what_is_not_verified_is_not_trusted(tmp_path, serve, address):
    certificate(tmp_path / "edge.pem", address)
    certificate(tmp_path / "ca.pem", "127.0.0.1")
    ca = tmp_path / ("ca.pem" if address == "127.0.0.1" else "edge.pem")
    with pytest.raises(StackError, match="no verified TLS connection"):
        key_of(serve(tmp_path / "edge.pem"), ca)
