"""What is lost can be had back, and a restore harms nobody."""

import pytest

from acceptance.harness.errors import SettingsError
from acceptance.harness.stopwatch import Stopwatch

# Files as people have them: a large one, a private one, a script under two names, a link, an empty folder, an old date.
LEAVE = """
import os, pathlib
top = pathlib.Path("kept")
top.mkdir()
(top / "data set #1.bin").write_bytes(os.urandom(3 << 20))
(top / "private").write_text("mine")
(top / "private").chmod(0o600)
os.utime(top / "private", (10**9, 10**9))
(top / "run.sh").write_text("#!/bin/sh")
(top / "run.sh").chmod(0o750)
os.link(top / "run.sh", top / "blåbær.sh")
os.symlink("/usr/share", top / "share")
(top / "empty").mkdir(0o700)
"""
LIST = """
import hashlib, pathlib
for path in [pathlib.Path("."), *sorted(pathlib.Path("kept").rglob("*"))]:
    told = path.lstat()
    kept = (oct(told.st_mode), told.st_uid, told.st_gid) + (() if path.is_dir() else (told.st_nlink, told.st_mtime_ns))
    held = path.readlink() if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    print(path, *kept, held)
"""


@pytest.mark.check("restore-drill", profile="core", cls="d")
def test_everything_lost_is_restored(alice, bob, site, deployment, backups, wreck, measured):
    """After the loss of services, database, secrets and volumes, a backup brings back each login, password and file."""
    kernels, token = [user.start_server().start_kernel() for user in (alice, bob)], alice.new_token()
    [kernel.run(LEAVE) for kernel in kernels]
    before = [line for kernel in kernels for line in kernel.run(LIST).splitlines()]
    bob.stop_server()       # so one server runs during the backup, and one does not

    with Stopwatch() as lasted:
        backup = deployment.back_up(backups)
    measured("backup", lasted.seconds)
    kernels[0].reconnect()      # this client hears no ping while it waits for `make`, and a server gives up after 90 s
    kernels[0].run("open('kept/private', 'w').write('too late')")
    wreck()
    with Stopwatch() as lasted:
        deployment.restore(backup)
    measured("restore", lasted.seconds)
    deployment.deploy()

    assert alice.is_signed_in() and not alice.is_running()
    assert site.visitor(token=token).api("GET", "/hub/api/user").expect(200).json()["name"] == alice.name
    again = site.user(bob.typed, bob.password)
    again.sign_in()
    kernels = [user.start_server().start_kernel() for user in (alice, again)]
    assert [line for kernel in kernels for line in kernel.run(LIST).splitlines()] == before
    kernels[0].run("open('new.txt', 'w').write('still mine')")


@pytest.mark.check("restore-refused", profile="full", cls="c")
def test_a_bad_restore_touches_nothing(alice, stack, deployment, backups):
    """Whoever restores in a hurry, onto a running stack or from a damaged backup, reads why not, and loses nothing."""
    alice.start_server().files.put("mine.txt", "mine")
    backup = deployment.back_up(backups)
    damaged = backup / f"volume-{stack.volumes_of(alice.name)[0].name}.tar"
    damaged.write_bytes(damaged.read_bytes().replace(b"mine", b"ours"))
    before = {service.id: service.attrs["Version"] for service in stack.services() + stack.servers()}

    with pytest.raises(SettingsError) as refusal:
        deployment.restore(backup)

    said = refusal.value.complaints
    assert [line for line in said if str(damaged) in line and "is not the file that was written" in line]
    assert [line for line in said if f"The stack {stack.name} is deployed" in line]
    assert {service.id: service.attrs["Version"] for service in stack.services() + stack.servers()} == before
    assert alice.server().files.get("mine.txt") == b"mine"
