"""System packages: which are missing, and how they come on Debian and Ubuntu without starting any service.

Needs nothing but the standard library, so that a machine without the project's environment can run it:
`python3 -m acceptance.sandbox.packages [NAME…] [--for acceptance|sandbox]`.
"""

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from acceptance.harness.errors import SettingsError
from acceptance.sandbox.command import is_on_path

# What tells that a package is there: a command, a file, or a module of this Python.
SIGNS = {
    "mmdebstrap": "mmdebstrap",
    "debian-archive-keyring": "/usr/share/keyrings/debian-archive-keyring.gpg",
    "iproute2": "ip",
    "nftables": "nft",
    "util-linux": "unshare",
    "docker-cli": "docker",
    "python3-venv": "import ensurepip",
    "chromium": "chromium",
    "chromium-driver": "chromedriver",
}
SANDBOX = ("mmdebstrap", "debian-archive-keyring", "iproute2", "nftables", "util-linux", "docker-cli")
# What only a sandbox needs comes with the first sandbox: whoever brings an engine is not asked for it.
PURPOSES = {"sandbox": SANDBOX, "acceptance": ("docker-cli", "python3-venv", "chromium", "chromium-driver")}
# Where a distribution has no package of the first name, the second holds it.
ELSEWHERE = {"docker-cli": "docker.io"}
POLICY, SET_ASIDE = Path("/usr/sbin/policy-rc.d"), Path("/usr/sbin/policy-rc.d.set-aside-by-nbi")
DENY = "#!/bin/sh\n# nbi-jupyter-service is installing packages: no service of theirs starts\nexit 101\n"


def ensure(names, say=print) -> None:
    """Install those of the packages `names` that are missing, and say what came.

    Raises SettingsError with the line that installs them where that is not for us to do, or where it failed.
    """
    missing = missing_of(names)
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SettingsError(
            f"This machine lacks {', '.join(missing)}, and only root on Debian or Ubuntu can have them "
            f"installed by us: run `{line_that_installs(missing)}`"
        )
    say(f"installing {', '.join(missing)}")
    came = install(missing)
    say(f"installed {', '.join(came)}; nothing of theirs was started")


def missing_of(names) -> list[str]:
    """Those of the packages `names` whose sign is not on this machine."""
    return [name for name in names if not is_there(SIGNS.get(name, name))]


def is_there(sign: str) -> bool:
    """Is the command, file or module `sign` on this machine?"""
    if sign.startswith("import "):
        return importlib.util.find_spec(sign.split()[1]) is not None
    return Path(sign).exists() if sign.startswith("/") else is_on_path(sign)


def line_that_installs(names) -> str:
    """What a person types, as root, to have the packages `names`."""
    return f"apt-get update && apt-get install --no-install-recommends {' '.join(names)}"


def install(names) -> list[str]:
    """Install the packages `names`; returns all that came, as `name version`. Raises SettingsError."""
    with services_denied(POLICY, SET_ASIDE):
        _apt("update", "-qq")
        wanted = [name if _has_candidate(name) else ELSEWHERE.get(name, name) for name in names]
        came = came_in(_apt("install", "--yes", "--no-install-recommends", *wanted))
    _keep_from_starting_at_boot([entry.split()[0] for entry in came])
    return came


def came_in(output: str) -> list[str]:
    """What apt's `output` says was set up, as `name version`."""
    return [
        f"{name} {version}"
        for name, version in re.findall(r"^Setting up (\S+?)(?::\w+)? \((.+?)\)", output, re.MULTILINE)
    ]


@contextmanager
def services_denied(policy: Path, set_aside: Path):
    """No package starts a service meanwhile. The machine's own policy comes back, a killed run's too."""
    if policy.exists() and policy.read_text() == DENY:
        policy.unlink()
    if not set_aside.exists() and policy.exists():
        os.replace(policy, set_aside)
    policy.write_text(DENY)
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()
        if set_aside.exists():
            os.replace(set_aside, policy)


def _keep_from_starting_at_boot(names: list[str]) -> None:
    files = subprocess.run(["dpkg", "-L", *names], capture_output=True, text=True, check=False).stdout.split()
    units = [
        Path(file).name for file in files if re.search(r"/systemd/system/[^/@]+\.(service|socket)$", file)
    ]
    if units and shutil.which("systemctl"):
        subprocess.run(["systemctl", "disable", *units], capture_output=True, check=False)


def _has_candidate(name: str) -> bool:
    shown = subprocess.run(["apt-cache", "policy", name], capture_output=True, text=True, check=False).stdout
    return "Candidate: " in shown and "Candidate: (none)" not in shown


def _apt(*arguments: str) -> str:
    done = subprocess.run(
        ["apt-get", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"},
    )
    if done.returncode != 0:
        words = " / ".join(done.stderr.strip().splitlines()[-3:])
        raise SettingsError(
            f"`apt-get {' '.join(arguments)}` ended {done.returncode}: {words}. Look at this machine's "
            "package sources and network, and run that line yourself"
        )
    return done.stdout


def main(arguments: list[str] | None = None) -> int:
    """The command line; 0, or 4 with the complaint on stderr."""
    parser = argparse.ArgumentParser(prog="python3 -m acceptance.sandbox.packages", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a Debian package; none: see --for")
    parser.add_argument(
        "--for", dest="purpose", choices=sorted(PURPOSES), default="acceptance", help="all it needs"
    )
    options = parser.parse_args(arguments)
    try:
        ensure(options.names or PURPOSES[options.purpose])
    except SettingsError as complaint:
        print(complaint, file=sys.stderr)
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
