"""What the edge agrees to in a TLS handshake, however old the client."""

import socket
import ssl
import warnings
from pathlib import Path
from urllib.parse import urlsplit

from acceptance.harness.errors import StackError
from acceptance.harness.site.trust import CONNECT_WITHIN

VERSIONS = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
# Two ends that could agree and did not: anything else means that nobody was there to be asked.
REFUSALS = (ssl.SSLError, ConnectionResetError)


def versions_of(url: str) -> list[str]:
    """The versions that the edge takes, oldest first, each offered alone by a client that would take any."""
    return [version.name.replace("_", ".") for version in VERSIONS if _agrees(url, version)]


def leaf_in(path: Path) -> bytes:
    """The first certificate of a PEM file, as DER."""
    text = path.read_text()
    end = "-----END CERTIFICATE-----"
    return ssl.PEM_cert_to_DER_cert(text[: text.index(end) + len(end)])


def _agrees(url: str, version: ssl.TLSVersion) -> bool:
    edge = urlsplit(url)
    try:
        with (
            socket.create_connection((edge.hostname, edge.port or 443), CONNECT_WITHIN) as plain,
            _client(version).wrap_socket(plain, server_hostname=edge.hostname) as secure,
        ):
            return bool(secure.version())
    except REFUSALS:
        return False
    except OSError as error:
        raise StackError(f"{url} could not be asked for {version.name}: {error}") from error


def _client(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # Without this OpenSSL itself offers nothing below TLS 1.2, and every edge would look safe.
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(category=DeprecationWarning, action="ignore"):
        context.minimum_version = context.maximum_version = version
    return context
