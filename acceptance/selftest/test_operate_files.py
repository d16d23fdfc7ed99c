"""Settings, secrets and users: what the operator's commands read and write on disk."""

import stat

import bcrypt
import pytest

from stack.operate import secrets, users
from stack.operate import settings as operate


@pytest.fixture
def given(tmp_path):
    """The settings of stack.env with a folder of their own for secrets."""
    values = operate.read(operate.TREE / "stack" / "stack.env")
    return operate.Settings({**values, "SECRETS_DIR": str(tmp_path / "secrets")})


def test_the_environment_wins_over_stack_env(monkeypatch):
    assert operate.load()["HTTPS_PORT"] == "443"
    monkeypatch.setenv("HTTPS_PORT", "8443")
    assert operate.load()["HTTPS_PORT"] == "8443"


def test_the_notebooks_network_follows_the_stacks_name_unless_it_is_set(monkeypatch):
    monkeypatch.setenv("STACK_NAME", "lab")
    assert operate.load()["NOTEBOOK_NETWORK"] == "lab_notebooks"
    monkeypatch.setenv("NOTEBOOK_NETWORK", "shared")
    assert operate.load()["NOTEBOOK_NETWORK"] == "shared"


def test_every_line_that_is_no_setting_is_refused_by_its_number(tmp_path):
    (tmp_path / "stack.env").write_text("# why\nHTTP_PORT=80\n\nHTTPS-PORT=443\nexport A=1\n")
    with pytest.raises(operate.Refused) as refusal:
        operate.read(tmp_path / "stack.env")
    assert [each.partition(" is not")[0] for each in refusal.value.complaints] == ["stack.env line 4", "stack.env line 5"]


def test_a_value_may_hold_anything_after_the_first_equals_sign(tmp_path):
    (tmp_path / "stack.env").write_text("A= b=c # d \n")
    assert operate.read(tmp_path / "stack.env") == {"A": "b=c # d"}


def test_an_empty_setting_leaves_the_default_to_the_stack_file(given):
    assert "HUB_IMAGE" not in given.exported()
    assert given.exported()["HTTP_PORT"] == "80"


def test_secrets_are_made_once_and_nobody_else_can_read_them(given):
    made = secrets.ensure(given, "192.0.2.7")
    assert set(made) == {"cookie_secret", "crypt_key", "proxy_token", "metrics_token", "users", "first_login",
                         "tls_ca", "tls_cert", "tls_key"}
    before = {name: (given.secrets_dir / name).read_bytes() for name in made}
    assert {stat.S_IMODE((given.secrets_dir / name).stat().st_mode) for name in made} == {0o600}
    assert stat.S_IMODE(given.secrets_dir.stat().st_mode) == 0o700
    assert secrets.ensure(given, "192.0.2.7") == []
    assert {name: (given.secrets_dir / name).read_bytes() for name in made} == before


def test_a_secret_is_private_from_its_first_byte_on(tmp_path, monkeypatch):
    modes = []
    real = users.os.fdopen
    monkeypatch.setattr(users.os, "fdopen", lambda fd, how: modes.append(users.os.fstat(fd).st_mode) or real(fd, how))
    users.write_private(tmp_path / "key", b"secret")
    assert ([stat.S_IMODE(mode) for mode in modes], (tmp_path / "key").read_bytes()) == ([0o600], b"secret")


def test_the_first_login_is_one_of_the_users(given):
    secrets.ensure(given, "192.0.2.7")
    name, _, password = (given.secrets_dir / "first_login").read_text().strip().partition(":")
    user, _, hashed = (given.secrets_dir / "users").read_text().strip().partition(":")
    assert user == name
    assert bcrypt.checkpw(password.encode(), hashed.encode())


def test_a_certificate_of_the_operators_own_is_not_made_again(given):
    mine = operate.Settings({**given.values, "TLS_CERT": "/etc/ssl/mine.pem", "TLS_KEY": "/etc/ssl/mine.key"})
    assert not {"tls_ca", "tls_cert", "tls_key"} & set(secrets.ensure(mine, "192.0.2.7"))


def test_a_folder_that_cannot_be_written_is_refused_in_words(given, tmp_path):
    (tmp_path / "secrets").write_text("a file where the folder should be")
    with pytest.raises(operate.Refused, match=r"cannot be kept in .*secrets \(.*\)\..*SECRETS_DIR="):
        secrets.ensure(given, "192.0.2.7")


def test_a_user_is_added_or_given_a_new_password_and_others_stay():
    text = users.with_user("# ours\nbob:$2b$12$old\n", "alice", "first")
    again = users.with_user(text, "alice", "second")
    assert [line.partition(":")[0] for line in again.splitlines()] == ["# ours", "bob", "alice"]
    assert bcrypt.checkpw(b"second", again.splitlines()[-1].partition(":")[2].encode())


@pytest.mark.parametrize("name", ["", "a:b", "a/b", "a\nb", "#a"])
def test_a_name_that_the_file_cannot_hold_is_refused(name):
    with pytest.raises(operate.Refused, match="cannot be a user's name"):
        users.entry(name, "password")


def test_a_password_that_bcrypt_would_cut_is_refused_with_its_length():
    users.entry("alice", "x" * 72, rounds=4)
    with pytest.raises(operate.Refused, match="has 73 bytes; bcrypt reads 72"):
        users.entry("alice", "x" * 71 + "é", rounds=4)
