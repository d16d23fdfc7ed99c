"""What passes the edge: websockets, streams and large files, whole and in time."""

import hashlib
import os
from contextlib import closing

import pytest

IDLE = 65  # seconds; what nginx is not told otherwise it cuts off after 60


@pytest.mark.check("edge-websocket", profile="smoke", cls="c")
def test_websockets_are_upgraded(erin):
    """Kernels and terminals work in a browser, which sends its Origin with each websocket."""
    server = erin.open_server()

    assert server.start_kernel().run("print('through')") == "through\n"
    server.start_terminal().wait_until_shows("$")


@pytest.mark.check("edge-idle", profile="full", cls="c")
def test_a_notebook_that_nobody_touches_stays_connected(alice):
    """Whoever comes back from a coffee goes on at once: the kernel's websocket was silent meanwhile, and was not cut off."""
    kernel = alice.start_server().start_kernel()
    kernel.run("x = 42")

    assert kernel.stay_silent(IDLE) == []
    assert kernel.run("print(x)") == "42\n"


@pytest.mark.check("edge-stream", profile="core", cls="c", needs=("pages",))
def test_what_happens_is_shown_while_it_happens(alice):
    """Nobody stares at an empty page: how a start goes on, and what a cell prints, is shown while it happens."""
    with alice.starting() as page, closing(alice.events_on(page)) as events:
        told = (next(events).message, "ready" if alice.is_running() else "starting")
    alice.wait_until_started()
    server = alice.server()
    server.open()
    cell = server.start_kernel().start("import time; print('first'); time.sleep(60); print('last')")

    assert told == ("Server requested", "starting")
    cell.wait_until_output("first")
    assert cell.is_running()


@pytest.mark.check("edge-upload", profile="core", cls="c")
def test_a_large_file_arrives_whole(alice):
    """A data set of 100 MB can be uploaded in one go, and comes back byte for byte."""
    files = alice.start_server().files
    data = os.urandom(100 << 20)

    files.upload("dataset.bin", data)

    assert files.digest("dataset.bin") == hashlib.sha256(data).hexdigest()
