"""Who stands in the users file gets in with their own password, and nobody else."""

import asyncio

import bcrypt
import pytest
from tornado import web
from users_file import UsersFileAuthenticator, UsersFileError, read_users_file


def line(name, password, prefix=b"2b"):
    return f"{name}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(4, prefix)).decode()}\n"


@pytest.fixture
def users(tmp_path):
    path = tmp_path / "users"
    text = f"# a comment\n\n{line('Alice', 'her own')}{line('Jürgen:Ø', 'sein')}{line('empty', '')}"
    path.write_text(text, encoding="utf-8")
    return path


def log_in(path, name, password):
    """The name that gets in, or None."""
    authenticator = UsersFileAuthenticator(path=str(path))
    answer = asyncio.run(authenticator.get_authenticated_user(None, {"username": name, "password": password}))
    return answer and answer["name"]


def test_a_user_gets_in_with_their_own_password(users):
    assert log_in(users, "alice", "her own") == "alice"
    assert log_in(users, "ALICE", "her own") == "alice"
    assert log_in(users, "jürgen:ø", "sein") == "jürgen:ø"


@pytest.mark.parametrize("password", ["", "wrong", "her own ", "Her own", "her own\0"])
def test_a_wrong_password_is_refused(users, password):
    assert log_in(users, "alice", password) is None


@pytest.mark.parametrize("name", ["bob", "", "# a comment", "a/b"])
def test_a_stranger_is_refused_with_anybodys_password(users, name):
    assert log_in(users, name, "her own") is None


def test_nobody_gets_in_where_nobody_is_listed(tmp_path):
    (tmp_path / "users").write_text("# nobody yet\n")

    assert log_in(tmp_path / "users", "alice", "") is None


def test_a_password_that_bcrypt_cannot_take_is_refused_in_words(users):
    with pytest.raises(web.HTTPError, match="at most 72 bytes here; this one has 80"):
        log_in(users, "alice", "ø" * 40)


def test_htpasswds_own_hashes_are_read(tmp_path):
    (tmp_path / "users").write_text(line("bob", "pw").replace("$2b$", "$2y$"))

    assert log_in(tmp_path / "users", "bob", "pw") == "bob"


def test_a_changed_file_counts_at_once(users):
    authenticator = UsersFileAuthenticator(path=str(users))
    users.write_text(line("carol", "new"))

    assert asyncio.run(authenticator.authenticate(None, {"username": "carol", "password": "new"})) == "carol"


def test_a_missing_file_stops_the_hub_with_its_name(tmp_path):
    with pytest.raises(UsersFileError, match=f"{tmp_path}/users cannot be read"):
        UsersFileAuthenticator(path=str(tmp_path / "users"))


@pytest.mark.parametrize(
    "bad", ["alice", "alice:secret", "alice:$1$abc", f"alice:$2b${'x' * 40}", ":" + "x" * 60]
)
def test_a_bad_line_is_told_by_its_number_and_not_by_its_content(tmp_path, bad):
    (tmp_path / "users").write_text(f"# one\n{bad}\n")

    with pytest.raises(UsersFileError, match="line 2") as told:
        read_users_file(tmp_path / "users")
    assert "secret" not in str(told.value)
