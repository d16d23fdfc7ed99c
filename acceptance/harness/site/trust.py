"""How a browser is made to trust this run's edge and nothing more."""

import base64
import hashlib
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from acceptance.harness.errors import StackError

CONNECT_WITHIN = 10.0  # seconds


def key_of(url: str, ca: Path) -> str:
    """The SHA-256 of the key in the edge's certificate, after its chain and name were verified.

    Chromium takes no CA file. Given this hash it accepts that one key, which has been verified here against
    the CA, and goes on refusing every other certificate. Raises StackError when the verification fails.
    """
    certificate = x509.load_der_x509_certificate(served_at(url, ca))
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def served_at(url: str, ca: Path) -> bytes:
    """The edge's certificate (DER), from a handshake that trusts this CA only. Raises StackError when that fails."""
    edge = urlsplit(url)
    context = ssl.create_default_context(cafile=str(ca))
    try:
        with (
            socket.create_connection((edge.hostname, edge.port or 443), CONNECT_WITHIN) as plain,
            context.wrap_socket(plain, server_hostname=edge.hostname) as secure,
        ):
            return secure.getpeercert(binary_form=True) or b""
    except OSError as error:
        raise StackError(f"no verified TLS connection to {url}: {type(error).__name__}: {error}") from error
