"""Who signs up waits for an admin, takes nobody's name, and is told apart from nobody by a stranger."""

import asyncio
from types import SimpleNamespace

import bcrypt
import pytest
import sign_up
import users_file
from jupyterhub import orm
from nativeauthenticator.orm import UserInfo
from sign_up import SignUpAuthenticator
from sqlalchemy.pool import StaticPool
from tornado import web

GOOD = "correct horse"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """The authenticator on an empty database; `lena` stands in the users file, `root` is an admin."""
    monkeypatch.setattr(sign_up.bcrypt, "gensalt", lambda real=bcrypt.gensalt: real(4))
    monkeypatch.setattr(users_file, "_NOBODYS_HASH", bcrypt.hashpw(b"nobody", bcrypt.gensalt()))
    (tmp_path / "users").write_bytes(b"lena:" + bcrypt.hashpw(b"from the file", bcrypt.gensalt()) + b"\n")
    db = orm.new_session_factory("sqlite:///:memory:", poolclass=StaticPool)()
    made = SignUpAuthenticator(db=db, path=str(tmp_path / "users"), admin_users={"root"})
    made.minimum_password_length, made.check_common_password = 10, True
    return made


def signs_up(hub, name, password=GOOD, again=None):
    """The account that it makes."""
    return asyncio.run(hub.sign_up(name, password, password if again is None else again))


def approved(hub, name):
    """An account that an admin has approved."""
    account = signs_up(hub, name)
    account.is_authorized = True
    hub.db.commit()
    return account


def logs_in(hub, name, password=GOOD):
    """The name that gets in, or None."""
    answer = asyncio.run(hub.get_authenticated_user(None, {"username": name, "password": password}))
    return answer and answer["name"]


def test_who_signed_up_waits_and_is_told_so(hub):
    signs_up(hub, "Ann")

    with pytest.raises(web.HTTPError, match="no admin has approved you yet") as told:
        logs_in(hub, "ann")
    assert told.value.status_code == 403


def test_who_was_approved_gets_in(hub):
    approved(hub, "ann")

    assert logs_in(hub, "ANN") == "ann"


def test_a_stranger_learns_nothing(hub):
    signs_up(hub, "waits")
    approved(hub, "ann")

    assert {logs_in(hub, name, "wrong") for name in ("waits", "ann", "lena", "root", "nobody")} == {None}


def test_every_refusal_takes_one_hash(hub, monkeypatch):
    signs_up(hub, "waits")
    asked = []
    monkeypatch.setattr(users_file.bcrypt, "checkpw", lambda *given: asked.append(given) and False)

    for name in ("waits", "lena", "nobody"):
        logs_in(hub, name, "wrong")

    assert len(asked) == 3


def test_the_users_file_needs_no_approval(hub):
    assert logs_in(hub, "lena", "from the file") == "lena"


def test_the_users_file_wins_over_an_account(hub):
    password_hash = bcrypt.hashpw(GOOD.encode(), bcrypt.gensalt())
    hub.db.add(UserInfo(username="lena", password=password_hash, is_authorized=True))
    hub.db.commit()

    assert logs_in(hub, "lena", GOOD) is None
    assert logs_in(hub, "lena", "from the file") == "lena"


@pytest.mark.parametrize("name", ["root", "ROOT", "lena", " ann ", "ann", "former"])
def test_a_name_that_somebody_has_is_taken(hub, name):
    hub.db.add(orm.User(name="former"))     # whose files may still be there
    approved(hub, "ann")
    before = len(UserInfo.all_users(hub.db))

    with pytest.raises(web.HTTPError, match="taken|1 to 128"):
        signs_up(hub, name)
    assert len(UserInfo.all_users(hub.db)) == before


def test_of_two_who_sign_up_at_once_the_second_is_told(hub):
    async def both():
        tries = [hub.sign_up("ann", GOOD, GOOD), hub.sign_up("ann", "x" + GOOD, "x" + GOOD)]
        return await asyncio.gather(*tries, return_exceptions=True)

    assert sorted(type(each).__name__ for each in asyncio.run(both())) == ["HTTPError", "UserInfo"]
    assert len(UserInfo.all_users(hub.db)) == 1


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 129, "zero\u200bwidth", "new\nline"])
def test_a_name_that_no_page_can_show_is_refused(hub, name):
    with pytest.raises(web.HTTPError, match="1 to 128 characters"):
        signs_up(hub, name)


def test_the_names_that_people_have_are_not(hub):
    assert [signs_up(hub, name).username for name in ("Jürgen Ødegård", "a, b")] == ["jürgen ødegård", "a, b"]


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        (GOOD, "other", "differ"),
        ("short", None, "10 characters or more"),
        ("ø" * 37, None, "72 bytes at most"),
        ("1234567890", None, "among those that are tried first"),
    ],
)
def test_a_bad_password_is_refused_in_words(hub, password, again, told):
    with pytest.raises(web.HTTPError, match=told):
        signs_up(hub, "ann", password, again)


def test_a_withdrawn_approval_ends_a_login(hub):
    account = approved(hub, "ann")
    ann, lena = SimpleNamespace(name="ann"), SimpleNamespace(name="lena")
    assert asyncio.run(hub.refresh_user(ann)) and asyncio.run(hub.refresh_user(lena))

    account.is_authorized = False
    hub.db.commit()

    assert not asyncio.run(hub.refresh_user(ann))


def test_a_deleted_user_has_no_account_left(hub):
    approved(hub, "ann")

    hub.delete_user(SimpleNamespace(name="ann"))

    assert logs_in(hub, "ann") is None
    assert UserInfo.all_users(hub.db) == []


def test_an_operator_can_lock_a_name_for_a_while(hub):
    approved(hub, "ann")
    hub.allowed_failed_logins, hub.seconds_before_next_try = 2, 60

    assert [logs_in(hub, "ann", "wrong"), logs_in(hub, "ann", "wrong"), logs_in(hub, "ann")] == [None] * 3
    hub.seconds_before_next_try = -1
    assert logs_in(hub, "ann") == "ann"


def test_names_that_nobody_has_fill_no_memory(hub):
    logs_in(hub, "nobody", "wrong")

    assert hub.login_attempts == {}


def test_no_page_of_upstreams_is_left(hub):
    assert {handler.__module__ for _, handler in hub.get_handlers(None)} == {"sign_up_pages"}
