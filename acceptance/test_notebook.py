"""What a user does with a running server."""

import hashlib
import random
import re
import secrets

import pytest

from acceptance.harness.cluster.image import Image
from acceptance.harness.site import KernelDied
from acceptance.harness.wait import wait_until

# Prints once its page is gone, says by a file that it has done so, and never ends.
PRINTS_WHILE_AWAY = """
import os, time
print("begun", flush=True)
while not os.path.exists("go"):
    time.sleep(0.05)
print("meanwhile", flush=True)
open("done", "w").close()
time.sleep(600)
"""
# A picture (or a table) of ten megabytes; and what widgets do with binary data.
PICTURE = "import random\nclass Picture:\n    def __repr__(self): return random.Random(7).randbytes(5_000_000).hex()\nPicture()"
WIDGET = """
def echo(comm, opened):
    comm.send({}, buffers=opened["buffers"])
get_ipython().kernel.comm_manager.register_target("echo", echo)
"""


@pytest.mark.check("kernel-runs", profile="smoke", cls="c")
def test_code_runs_and_comes_back_to_its_own_user(erin, frank):
    """Code runs through the whole chain, and what it prints reaches the one who ran it and nobody else."""
    kernels = {user.name: user.open_server().start_kernel() for user in (erin, frank)}
    nonces = {name: secrets.token_hex(8) for name in kernels}
    for name, kernel in kernels.items():
        kernel.run(f"mine = '{nonces[name]}'")

    assert {name: kernel.run("print(mine)").strip() for name, kernel in kernels.items()} == nonces


@pytest.mark.check("kernel-error", profile="core", cls="c")
def test_an_error_is_an_error(erin):
    """A mistake in a cell is shown as that mistake, and a kernel that died is called dead."""
    kernel = erin.open_server().start_kernel()

    failed = kernel.execute("1/0")
    assert (failed.status, failed.ename) == ("error", "ZeroDivisionError")
    assert kernel.run("print('alive')") == "alive\n"
    with pytest.raises(KernelDied):
        kernel.run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")


@pytest.mark.check("kernel-interrupt", profile="core", cls="c")
def test_a_kernel_can_be_left_stopped_and_begun_anew(alice):
    """Whoever closes the lid misses no output; a cell that runs wild can be stopped, and a kernel restarted."""
    server = alice.start_server()
    kernel = server.start_kernel()
    kernel.run("x = 42")
    cell = kernel.start(PRINTS_WHILE_AWAY)
    cell.wait_until_output("begun")

    kernel.close()
    wait_until("the server to notice that the page is gone", lambda: server.status()["connections"] == 0, deadline=30)
    server.files.put("go", "")
    wait_until("the cell to have printed", lambda: "done" in server.files.list(), deadline=30)
    kernel.reopen()
    cell.wait_until_output("meanwhile")
    assert cell.is_running()

    kernel.interrupt()
    assert cell.reply().ename == "KeyboardInterrupt"
    assert kernel.run("print(x)") == "42\n"
    kernel.restart()
    assert kernel.execute("x").ename == "NameError"


@pytest.mark.check("kernel-big", profile="full", cls="c")
def test_large_things_arrive_whole(alice):
    """A picture of ten megabytes is shown, a long print is not cut short, a widget sends five megabytes and gets them back."""
    kernel = alice.start_server().start_kernel()
    kernel.run(WIDGET)
    data, lines = secrets.token_bytes(5 << 20), "".join(f"{number:09d}\n" for number in range(200_000))

    assert digest(kernel.execute(PICTURE, deadline=60).result) == digest(random.Random(7).randbytes(5_000_000).hex())
    assert digest(kernel.run("for number in range(200_000): print(f'{number:09d}')")) == digest(lines)
    assert kernel.exchange("echo", data) == data


@pytest.mark.check("terminal", profile="core", cls="c")
def test_a_terminal_is_a_shell_at_home(alice):
    """Whoever prefers a command line has a shell at their own files, and finds it again when the page is reloaded."""
    server = alice.start_server()
    terminal = server.start_terminal()
    terminal.type("echo sum=$((6*7)) >sum; cat sum")
    terminal.wait_until_shows("sum=42")

    assert "; cat sum" in terminal.screen       # what is typed is seen, too
    assert server.files.get("sum") == b"sum=42\n"
    terminal.close()
    again = server.terminal(terminal.name)
    again.wait_until_shows("sum=42")
    again.type("echo product=$((7*11))")
    again.wait_until_shows("product=77")


@pytest.mark.check("image-version", profile="image", cls="r")
def test_hub_and_servers_speak_one_version(site, stack):
    """Whoever brings an image of their own learns before its users do that it speaks another JupyterHub's language."""
    hub = site.visitor().api("GET", "/hub/api").expect(200).json()["version"]
    image = Image(stack.engine, stack.service("hub").environment["NOTEBOOK_IMAGE"])
    server = image.run("jupyterhub-singleuser", "--version", label=stack.label).split()[-1]

    assert re.fullmatch(r"\d+\.\d+\S*", server)
    assert major_of(server) == major_of(hub)


@pytest.mark.check("files-roundtrip", profile="core", cls="c")
def test_files_are_kept(alice):
    """Files can be saved, found again, renamed and deleted, whatever their names."""
    files = alice.start_server().files
    files.put("første utkast.txt", "blåbær\n")

    assert files.get("første utkast.txt").decode() == "blåbær\n"
    files.rename("første utkast.txt", "final #2 (100%).txt")
    assert "final #2 (100%).txt" in files.list() and "første utkast.txt" not in files.list()
    files.delete("final #2 (100%).txt")
    assert "final #2 (100%).txt" not in files.list()


@pytest.mark.check("browser-journey", profile="core", cls="c", needs=("form",))
def test_a_person_with_a_browser_gets_to_work(carol, browser, pictures):
    """In a real browser: sign in, Lab opens, a cell runs, its output is on the screen, sign out."""
    browser.sign_in(carol)
    browser.wait_until_lab_opens()
    assert browser.run_cell("print(6 * 7)") == "42"

    browser.screenshot(pictures / "lab.png")
    browser.sign_out()
    assert "/hub/login" in browser.url


def digest(text):
    """How long a text is, and its SHA-256: what a report can show of ten megabytes."""
    return len(text), hashlib.sha256(text.encode()).hexdigest()


def major_of(version):
    """The part of a version that changes with what client and server say to each other."""
    return version.partition(".")[0]
