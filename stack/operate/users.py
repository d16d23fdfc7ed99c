"""`make user NAME=…`: add a user to the users file, or give one a new password. An htpasswd file with bcrypt."""

import argparse
import os
import secrets
import sys
from pathlib import Path

import bcrypt

from stack.operate.settings import Refused, load
from stack.operate.verb import verb


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, from its first byte on, and put it in place whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
    new.replace(path)


def entry(name: str, password: str, rounds: int = 12) -> str:
    """One line of the users file. Raises Refused for a name or password that the file or bcrypt cannot hold."""
    if not name or any(character in name for character in ":/\n") or name.startswith("#"):
        raise Refused([f"{name!r} cannot be a user's name: it is empty, starts with #, or holds a colon, slash or newline."])
    if len(password.encode()) > 72:
        raise Refused([f"The password of {name} has {len(password.encode())} bytes; bcrypt reads 72. Choose a shorter one."])
    return f"{name}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds)).decode()}"


def with_user(text: str, name: str, password: str) -> str:
    """The users file with this user added, or replaced where the name stood before."""
    kept = [line for line in text.splitlines() if line.partition(":")[0] != name]
    return "\n".join([*kept, entry(name, password)]) + "\n"


def replace(path: Path, name: str, password: str) -> None:
    """Write the users file with this user in it. Raises Refused where it cannot be read or written."""
    try:
        write_private(path, with_user(path.read_text(), name, password).encode())
    except OSError as error:
        raise Refused([f"The users file {path} stays as it was ({error.strerror}). Make room there, and let the user who"
                       " runs this read and write it."]) from error


@verb
def main() -> int:
    """Add the user with a password made here, which is printed once and kept nowhere."""
    parser = argparse.ArgumentParser(prog="make user", description=__doc__)
    parser.add_argument("name", help="the user's name, as typed at the login page")
    name = parser.parse_args().name
    password = secrets.token_urlsafe(12)
    path = load().secrets_dir / "users"
    if not path.exists():
        raise Refused([f"There is no users file at {path}. Run `make secrets` first."])
    replace(path, name, password)
    print(f"{name} may log in with the password {password} after the next `make deploy`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
