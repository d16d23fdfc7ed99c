"""Our kernel client beside Jupyter's own (jupyter_client), which shares nothing with it: on one real kernel, of one mind.

Ours goes by websocket through a real jupyter_server, the other by ZeroMQ straight to the kernel's ports.
"""

import json
import os
import secrets
import subprocess
import sys

import pytest
import requests
from jupyter_client import BlockingKernelClient

from acceptance.harness.site import Kernel, KernelDied, KernelError, Site
from acceptance.harness.site.token import Token
from acceptance.harness.wait import wait_until

WITHIN = 30  # seconds; a kernel on a busy machine


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A jupyter_server on the loopback: its address, its token, its folder of connection files."""
    folder, token = tmp_path_factory.mktemp("jupyter"), secrets.token_hex(16)
    homes = dict.fromkeys(("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"), str(folder))
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", "--ip=127.0.0.1", "--port=0", "--no-browser", "--allow-root",
         f"--ServerApp.root_dir={folder}", "--ServerApp.jpserver_extensions={}"],
        env={**os.environ, **homes, "JUPYTER_TOKEN": token}, stdout=subprocess.DEVNULL, stderr=(folder / "log").open("wb"))
    try:
        (told,) = wait_until("jupyter_server to say where it is", lambda: [*folder.glob("jpserver-*.json")], deadline=WITHIN,
                             hint=lambda: (folder / "log").read_text()[-800:])
        url = wait_until("its address", lambda: told.read_text() and json.loads(told.read_text())["url"], deadline=5).rstrip("/")
        wait_until("jupyter_server to answer", lambda: answers(url), deadline=WITHIN)
        yield url, token, folder
    finally:
        process.terminate()
        process.wait(WITHIN)


def answers(url):
    """Whether somebody answers there."""
    try:
        return requests.get(f"{url}/api", timeout=2).ok
    except requests.ConnectionError:
        return False


@pytest.fixture(scope="module")
def pair(server):
    """Our client and Jupyter's own, with the same kernel."""
    url, token, folder = server
    visitor = Site(url, folder / "no-ca.pem").visitor(token=Token("t", token))
    ident = visitor.api("POST", "/api/kernels", {}).expect(201).json()["id"]
    other = BlockingKernelClient(connection_file=str(folder / f"kernel-{ident}.json"))
    other.load_connection_file()
    other.start_channels()
    ours = Kernel(visitor, "/", ident)
    other.wait_for_ready(timeout=WITHIN)
    yield ours, other
    ours.close()
    other.stop_channels()


def by_other(client, code):
    """(status, ename, stdout) as Jupyter's own client meets them."""
    printed = []
    reply = client.execute_interactive(code, timeout=WITHIN, output_hook=lambda message: printed.append(message))["content"]
    said = [m["content"]["text"] for m in printed if m["msg_type"] == "stream" and m["content"]["name"] == "stdout"]
    return reply["status"], reply.get("ename", ""), "".join(said)


def by_ours(kernel, code):
    """The same as our client meets them."""
    try:
        return "ok", "", kernel.run(code, deadline=WITHIN)
    except KernelError as error:
        return "error", error.ename, ""


@pytest.mark.parametrize(("code", "status", "ename"), [
    ("1/0", "error", "ZeroDivisionError"),
    ("try:\n    1/0\nexcept ZeroDivisionError:\n    print('caught')", "ok", ""),
    ("print('x' * 100_000)", "ok", ""),
    ("import sys; print('e', file=sys.stderr)", "ok", ""),
    ("42", "ok", ""),
    ("", "ok", ""),
    ("def f(:", "error", "SyntaxError"),
    ("raise SystemExit(1)", "error", "SystemExit"),
    ("raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
    ("raise type('Own', (Exception,), {})('x')", "error", "Own"),
    ("nobody_knows_this", "error", "NameError"),
    ("import os; os.write(1, b''); print('a', end=''); print('b')", "ok", ""),
])
def test_both_clients_are_of_one_mind(pair, code, status, ename):
    ours, other = pair
    expected = by_other(other, code)
    assert expected[:2] == (status, ename)
    found = by_ours(ours, code)
    assert found == (expected if status == "ok" else (*expected[:2], ""))


def test_a_success_after_an_error_is_one_and_an_error_after_a_success_too(pair):
    ours, other = pair
    for code in ("1/0", "print(1)", "1/0", "1/0", "print(2)"):
        assert by_ours(ours, code)[:2] == by_other(other, code)[:2]


def test_what_the_other_client_ran_is_not_our_output(pair):
    ours, other = pair
    by_other(other, "print('theirs')")
    assert ours.run("print('ours')") == "ours\n"


def test_a_kernel_that_dies_is_dead_and_never_a_success(pair):
    """The server starts another in its place; the other client finds there that everything is gone."""
    ours, other = pair
    ours.run("kept = 42")
    with pytest.raises(KernelDied):
        ours.run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", deadline=WITHIN)
    # Asked while there is no kernel, it would call that the end instead of waiting for the next one.
    wait_until("the other client to hear the next kernel's heart", other.hb_channel.is_beating, deadline=WITHIN)
    other.wait_for_ready(timeout=WITHIN)
    ours.reconnect()
    assert by_other(other, "kept")[:2] == by_ours(ours, "kept")[:2] == ("error", "NameError")
