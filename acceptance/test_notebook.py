"""What a user does with a running server."""

import secrets

import pytest

from acceptance.harness.site import KernelDied


@pytest.mark.check("kernel-runs", profile="smoke", cls="c")
def test_code_runs_and_comes_back_to_its_own_user(alice, bob):
    """Code runs through the whole chain, and what it prints reaches the one who ran it and nobody else."""
    kernels = {user.name: user.start_server().start_kernel() for user in (alice, bob)}
    nonces = {name: secrets.token_hex(8) for name in kernels}
    for name, kernel in kernels.items():
        kernel.run(f"mine = '{nonces[name]}'")

    assert {name: kernel.run("print(mine)").strip() for name, kernel in kernels.items()} == nonces


@pytest.mark.check("kernel-error", profile="core", cls="c")
def test_an_error_is_an_error(alice):
    """A mistake in a cell is shown as that mistake, and a kernel that died is called dead."""
    kernel = alice.start_server().start_kernel()

    failed = kernel.execute("1/0")
    assert (failed.status, failed.ename) == ("error", "ZeroDivisionError")
    assert kernel.run("print('alive')") == "alive\n"
    with pytest.raises(KernelDied):
        kernel.run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")


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


@pytest.mark.check("browser-journey", profile="core", cls="c")
def test_a_person_with_a_browser_gets_to_work(carol, browser, pictures):
    """In a real browser: sign in, Lab opens, a cell runs, its output is on the screen, sign out."""
    browser.sign_in(carol)
    browser.wait_until_lab_opens()
    assert browser.run_cell("print(6 * 7)") == "42"

    browser.screenshot(pictures / "lab.png")
    browser.sign_out()
    assert "/hub/login" in browser.url
