"""The harness's TLS client is old enough to meet an edge that is too old, and reads a stranger's judgement to its end."""

import socket
import ssl
import sys
from pathlib import Path
from threading import Thread

import pytest

from acceptance.harness.errors import StackError
from acceptance.harness.site import guesses
from acceptance.harness.site.scan import complaints_of
from acceptance.harness.site.tls import leaf_in, versions_of
from acceptance.harness.site.trust import served_at
from acceptance.selftest.test_site_trust import certificate


@pytest.fixture
def edge(tmp_path):
    """edge(oldest, page=b""): serves handshakes from this version on, each with a page; returns the address."""
    certificate(tmp_path / "edge.pem", "127.0.0.1")
    listener = socket.create_server(("127.0.0.1", 0))

    def start(oldest, page=b""):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "edge.pem")
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = oldest
        Thread(target=serve, args=(context, listener, page), daemon=True).start()
        return f"https://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    listener.close()


def serve(context, listener, page):
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:  # closed: the test is over
            return
        try:
            with context.wrap_socket(plain, server_side=True) as secure:
                answer(secure, page)
        except OSError:  # the two did not agree, or the client left
            continue


def answer(secure, page):
    if page and secure.recv(65536):
        secure.sendall(page)
        while secure.recv(65536):       # a close with something unread would take the page back
            continue


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_are_seen_where_they_are_taken(edge):
    assert versions_of(edge(ssl.TLSVersion.TLSv1)) == ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]


def test_an_edge_of_our_days_takes_two(edge):
    assert versions_of(edge(ssl.TLSVersion.TLSv1_2)) == ["TLSv1.2", "TLSv1.3"]


def test_nobody_there_is_no_refusal():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(StackError, match="could not be asked for TLSv1"):
        versions_of(f"https://127.0.0.1:{port}")


def test_the_leaf_of_a_file_is_what_is_served(edge, tmp_path):
    url = edge(ssl.TLSVersion.TLSv1_2)
    assert served_at(url, tmp_path / "edge.pem") == leaf_in(tmp_path / "edge.pem")


def test_guesses_that_wait_are_told_from_those_that_were_answered(edge):
    form = b'<input type="hidden" name="_xsrf" value="t">'
    page = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(form), form)
    url = edge(ssl.TLSVersion.TLSv1_2, page)
    assert guesses.guesses(url.removeprefix("https://"), "ann", 3, 5) == {door: [200] * 3 for door in guesses.DOORS}


@pytest.mark.parametrize(
    ("said", "code", "complaints"),
    [
        ("edge:443: OK - Compliant.", 0, []),
        ("edge:443: FAILED - Not compliant.\n        * ciphers: these\n        * tls_versions: those\n", 1,
         ["ciphers: these", "tls_versions: those"]),
    ],
)
def test_a_judgement_is_read(tmp_path, said, code, complaints):
    scanner = saying(tmp_path, said, code)
    assert complaints_of(scanner, "https://edge", Path("ca.pem")) == complaints


def test_no_judgement_is_no_praise(tmp_path):
    with pytest.raises(StackError, match="ended with 0 and no judgement of https://edge: could not connect"):
        complaints_of(saying(tmp_path, "could not connect", 0), "https://edge", Path("ca.pem"))


def saying(folder, text, code):
    """A command that says a text and ends so."""
    path = folder / "scanner"
    path.write_text(f"#!{sys.executable}\nimport sys\nprint({text!r})\nsys.exit({code})\n")
    path.chmod(0o700)
    return path
