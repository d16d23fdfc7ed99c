"""accounts.yaml: who may use a service that runs, and how they come in. No secret stands in the file itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from acceptance.harness.errors import SettingsError
from acceptance.harness.lined import Lined, read

# What the secret of a person is called, by the way that people come in; at an institution's proxy they have none.
LOGINS = {"form": "password", "header": "", "oauth": "password", "token": "token"}
COMMON = ("login", "users", "admin")
OF_LOGIN = {
    "form": (),
    "header": ("header", "secret_header", "secret_env", "secret_file"),
    "oauth": (),
    "token": ("token_env", "token_file"),
}
IN_THE_FILE = ("password", "token", "secret")
CARRIED = ("token", "secret")  # what travels in a header
HEADER = re.compile(r"[A-Za-z0-9-]+")
SHORTEST = 6  # characters; a shorter secret cannot be kept out of a report


@dataclass(frozen=True)
class Person:
    """A name as it is typed, and the password or token that goes with it."""

    name: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class GivenAccounts:
    """The accounts of a service. `token` makes users for a run, where none are given."""

    login: str
    users: tuple[Person, ...]
    admin: Person | None = None
    token: str = field(default="", repr=False)
    header: str = ""
    secret_header: str = ""
    secret: str = field(default="", repr=False)

    @property
    def secrets(self) -> list[str]:
        """All that nobody may read in a report."""
        people = [*self.users, *([self.admin] if self.admin else [])]
        return [each for each in (*(person.secret for person in people), self.token, self.secret) if each]


def load(path: Path, environment: Mapping[str, str]) -> GivenAccounts:
    """The accounts of a file. Raises SettingsError with every complaint, each as `NAME:LINE: …`."""
    reader = _Reader(path, environment)
    accounts = reader.accounts(read(path))
    if reader.complaints:
        raise SettingsError(reader.complaints)
    return accounts


class _Reader:
    """Reads one part at a time and gathers the complaints."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path, self.environment, self.complaints = path, environment, []

    def refuse(self, line: int, why: str) -> None:
        self.complaints.append(f"{self.path.name}:{line}: {why}")

    def accounts(self, top: Lined) -> GivenAccounts:
        login = self.login(top)
        known = OF_LOGIN.get(login, tuple(key for keys in OF_LOGIN.values() for key in keys))
        given = self.mapping(top, (*COMMON, *known), "the file")
        if not isinstance(top.value, dict):
            return GivenAccounts(login, ())
        word = LOGINS.get(login, "password")
        users = self.users(given, word, top.line, needed=login != "token" or not {"token_env", "token_file"} & given.keys())
        return GivenAccounts(
            login, users, self.person(given["admin"], word, "admin") if "admin" in given else None,
            token=self.token(given, top.line, bool(users)) if login == "token" else "",
            **(self.proxy(given, top.line) if login == "header" else {}),
        )

    def login(self, top: Lined) -> str:
        if not isinstance(top.value, dict) or "login" not in top.value:
            return "form"
        login = self.text(top.value, "login")
        if isinstance(top.value["login"].value, str) and login not in LOGINS:
            self.refuse(top.value["login"].line, f"login: {login}: unknown; choose one of {', '.join(LOGINS)}")
        return login

    def mapping(self, given: Lined, known: Iterable[str], what: str) -> dict[str, Lined]:
        """The known keys of a mapping; all else is told."""
        if not isinstance(given.value, dict):
            self.refuse(given.line, f"{what} has keys and values: {', '.join(known)}")
            return {}
        for key, entry in given.value.items():
            if key in IN_THE_FILE:
                self.refuse(entry.line, f"{key}: a secret does not stand in this file: name a variable of the environment by "
                                        f"{key}_env, or a file by {key}_file")
            elif key not in known:
                self.refuse(entry.line, f"{key}: unknown here; {what} has {', '.join(known)}")
        return {key: entry for key, entry in given.value.items() if key in known}

    def users(self, given: dict[str, Lined], word: str, line: int, *, needed: bool) -> tuple[Person, ...]:
        entries = given["users"] if "users" in given else Lined([], line)
        if not isinstance(entries.value, list) or ("users" in given or needed) and not entries.value:
            self.refuse(entries.line, "users: at least one is needed, as `- name: …`")
            return ()
        people = [(each.line, self.person(each, word, "a user")) for each in entries.value]
        first: dict[str, int] = {}
        for at, person in people:
            # JupyterHub lower-cases names.
            if person.name and person.name.lower() in first:
                self.refuse(at, f"name: {person.name} stands here twice (before that in line {first[person.name.lower()]})")
            first.setdefault(person.name.lower(), at)
        return tuple(person for _, person in people)

    def person(self, given: Lined, word: str, what: str) -> Person:
        known = ("name", *((f"{word}_env", f"{word}_file") if word else ()))
        entry = self.mapping(given, known, what)
        name = self.text(entry, "name")
        if isinstance(given.value, dict) and not name:
            self.refuse(given.line, f"name: is missing; {what} has {', '.join(known)}")
        return Person(name, self.secret(entry, word, given.line) if word and isinstance(given.value, dict) else "")

    def token(self, given: dict[str, Lined], line: int, has_users: bool) -> str:
        """What makes the users of a run, where none are given."""
        keys = [given[key].line for key in ("token_env", "token_file") if key in given]
        if keys and has_users:
            self.refuse(keys[0], "token: it makes users for each run, and there are users already: leave one of them out")
        return self.secret(given, "token", line) if keys else ""

    def proxy(self, given: dict[str, Lined], line: int) -> dict[str, str]:
        """What the institution's proxy sends with each request."""
        header, secret_header = self.text(given, "header"), self.text(given, "secret_header")
        if not header:
            self.refuse(line, "header: is missing: in which does the proxy tell who it is? (X-Remote-User)")
        for key in ("header", "secret_header"):
            if (said := self.text(given, key)) and not HEADER.fullmatch(said):
                self.refuse(given[key].line, f"{key}: {said}: no name of a header: letters, digits and dashes make one")
        has_secret = {"secret_env", "secret_file"} & given.keys()
        if has_secret and not secret_header:
            self.refuse(given[min(has_secret)].line, "secret_header: is missing: in which header does the secret travel?")
        secret = self.secret(given, "secret", given["secret_header"].line) if secret_header else ""
        return {"header": header, "secret_header": secret_header, "secret": secret}

    def text(self, given: dict[str, Lined], key: str) -> str:
        if key in given and not isinstance(given[key].value, str):
            self.refuse(given[key].line, f"{key}: is one word")
            return "?"
        return given[key].value.strip() if key in given else ""

    def secret(self, given: dict[str, Lined], word: str, line: int) -> str:
        """The value that `word`_env or `word`_file leads to; '' where that is told to be wrong."""
        ways = [key for key in (f"{word}_env", f"{word}_file") if key in given]
        if len(ways) != 1:
            self.refuse(line, f"{word}: {'is told twice' if ways else 'is missing'}; say either {word}_env or {word}_file")
            return ""
        key, at = ways[0], given[ways[0]].line
        named = self.text(given, key)
        if not isinstance(given[key].value, str):
            return ""
        value, why = self.of_variable(named) if key.endswith("_env") else self.of_file(named)
        if why := why or _unfit(value) or (word in CARRIED and _uncarried(value)):
            self.refuse(at, f"{key}: {named}: {why}")
        return "" if why else value

    def of_variable(self, name: str) -> tuple[str, str]:
        value = self.environment.get(name, "")
        return value, "" if value else "no such variable in the environment, or it is empty: export it"

    def of_file(self, name: str) -> tuple[str, str]:
        """The content of a file beside the accounts, or why it is not taken."""
        path = self.path.absolute().parent / name
        try:
            if path.stat().st_mode & 0o077:
                return "", f"others than its owner may read or write it ({path.stat().st_mode & 0o777:o}): `chmod 600` it"
            return path.read_text(encoding="utf-8").strip(), ""
        except (OSError, ValueError) as error:  # ValueError: no text, or a NUL in the name
            return "", f"cannot be read: {getattr(error, 'strerror', None) or error}"


def _uncarried(secret: str) -> str:
    """Why no header can carry it; empty where one can."""
    return "" if re.fullmatch(r"[ -~]+", secret.strip()) else (
        "leads to what no header can carry: one line of plain characters (ASCII) is")


def _unfit(secret: str) -> str:
    """Why a secret could not be kept out of a report; empty where it can be."""
    if secret != secret.encode(errors="ignore").decode():
        return "leads to bytes that are no text (UTF-8), which could not be kept out of a report"
    length = len(secret.strip())  # tools drop blanks around it
    return "" if length >= SHORTEST else (
        f"leads to {length} characters, which could not be kept out of a report: at least {SHORTEST} are needed")
