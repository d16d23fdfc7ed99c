"""accounts.yaml is judged whole, line by line, before anything is started; no secret stands in it or in what is said."""

import re

import pytest
import yaml
from hypothesis import HealthCheck, settings
from hypothesis import given as every
from hypothesis import strategies as st

from acceptance.harness.accounts import GivenAccounts, Person, load
from acceptance.harness.errors import SettingsError
from acceptance.harness.report.redactor import Redactor

SECRETS = {"ALICE": "alice's own", "BOB": "bob's own", "TOKEN": "of an admin", "SHORT": "abc", "EMPTY": "",
           "BLANKS": "abc    ", "LINES": "of an\nadmin", "BYTES": "not utf-8: \udcff"}
KEYS = ("login", "users", "admin", "name", "password_env", "token_env", "token_file", "header", "secret_header", "secret_env")
WORDS = st.sampled_from(("form", "header", "oauth", "token", "a", *SECRETS)) | st.text() | st.integers() | st.dates() | st.none()
PARTS = st.recursive(WORDS, lambda part: st.lists(part) | st.dictionaries(st.sampled_from(KEYS), part))
ALICE = "users:\n- {name: alice, password_env: ALICE}\n"


@pytest.fixture
def given(tmp_path):
    """given(text): the accounts of a file with this text."""

    def read(text):
        (tmp_path / "accounts.yaml").write_text(text)
        return load(tmp_path / "accounts.yaml", SECRETS)

    return read


def test_a_form_is_filled_in_with_what_the_environment_and_files_hold(given, tmp_path):
    (tmp_path / "bob").write_text("bob's own\n")
    (tmp_path / "bob").chmod(0o600)
    found = given(ALICE + "- {name: Bob, password_file: bob}\nadmin: {name: root, password_env: TOKEN}\n")
    people = Person("alice", "alice's own"), Person("Bob", "bob's own")
    assert found == GivenAccounts("form", people, Person("root", "of an admin"))
    assert found.secrets == ["alice's own", "bob's own", "of an admin"]
    assert not any(secret in repr(found) for secret in found.secrets)


def test_a_proxy_tells_names_and_proves_that_it_is_the_proxy(given):
    found = given("login: header\nheader: X-Remote-User\nsecret_header: X-Secret\nsecret_env: TOKEN\nusers: [{name: 7}]\n")
    assert (found.header, found.secret_header, found.secret) == ("X-Remote-User", "X-Secret", "of an admin")
    assert found.users == (Person("7"),)


@pytest.mark.parametrize(("text", "users", "token"), [
    ("login: token\nusers:\n- {name: alice, token_env: ALICE}\n", (Person("alice", "alice's own"),), ""),
    ("login: token\ntoken_env: TOKEN\n", (), "of an admin"),
])
def test_tokens_are_the_users_own_or_make_users(given, text, users, token):
    assert (given(text).users, given(text).token) == (users, token)


@pytest.mark.parametrize(("text", "complaint"), [
    ("", "1: the file has keys and values: login, users, admin"),
    ("- x\n", "1: the file has keys and values"),
    ("users: [\n- x", "2: not YAML: "),
    ("users:\n- {name: a\x01}\n", "2: not YAML: "),
    ("a: &x 1\nb: *x\n", "2: *x stands for something elsewhere"),
    (f"{ALICE}{ALICE}", "3: users stands here twice (before that in line 1)"),
    (f"{ALICE}? [a]\n: b\n", "3: a key is a word"),
    ("- [1\n- 2", "2: not YAML: "),
    ('users:\n- name: "\\U00110000"\n', "2: not YAML: an escape that stands for no character"),
    ('users:\n- name: "\\UFFFFFFFF"\n', "2: not YAML: an escape"),
    (f'{ALICE}"\\uD800": x\n', "3: not YAML: an escape"),
    ("[" * 500 + "]" * 500, "1: lists and mappings stand too deep"),
    ("login: form\n", "1: users: at least one is needed"),
    ("users:\n", "1: users: at least one is needed"),
    ("users: alice\n", "1: users: at least one is needed"),
    ("users:\n- alice\n", "2: a user has keys and values: name, password_env, password_file"),
    ("users: [1]\n", "1: a user has keys and values"),
    ("users: 2026-01-01\n", "1: users: at least one is needed"),
    ("users:\n- password_env: ALICE\n", "2: name: is missing"),
    ("users:\n- name: [a]\n  password_env: ALICE\n", "2: name: is one word"),
    ("users:\n- name: a\n  password_env: [ALICE]\n", "3: password_env: is one word"),
    ("users:\n- name: a\n", "2: password: is missing; say either password_env or password_file"),
    ("users:\n- name: a\n  password_env: ALICE\n  password_file: x\n", "2: password: is told twice"),
    ("users:\n- name: a\n  password_env: NOBODY\n", "3: password_env: NOBODY: no such variable in the environment"),
    ("users:\n- name: a\n  password_env: EMPTY\n", "3: password_env: EMPTY: no such variable"),
    ("users:\n- name: a\n  password_env: SHORT\n", "3: password_env: SHORT: leads to 3 characters"),
    ("users:\n- name: a\n  password_env: BLANKS\n", "3: password_env: BLANKS: leads to 3 characters"),
    ("users:\n- name: a\n  password_env: BYTES\n", "3: password_env: BYTES: leads to bytes that are no text (UTF-8)"),
    ('users:\n- name: a\n  password_file: "a\\0"\n', "3: password_file: a\0: cannot be read: embedded null byte"),
    ("users:\n- name: a\n  password_file: nowhere\n", "3: password_file: nowhere: cannot be read: No such file"),
    (f"{ALICE}- {{name: ALICE, password_env: BOB}}\n", "3: name: ALICE stands here twice (before that in line 2)"),
    (f"users: [{', '.join(['{name: a, password_env: BOB}'] * 2)}]\n", "1: name: a stands here twice (before that in line 1)"),
    (f"{ALICE}admin: {{name: root}}\n", "3: password: is missing"),
    (f"{ALICE}token_env: TOKEN\n", "3: token_env: unknown here; the file has login, users, admin"),
    (f"login: kerberos\n{ALICE}", "1: login: kerberos: unknown; choose one of form, header, oauth, token"),
    (f"login: [form]\n{ALICE}", "1: login: is one word"),
    (f"{ALICE}login: {{oauth: x}}\n", "3: login: is one word"),
    (f"login: 2026-01-01\n{ALICE}", "1: login: 2026-01-01: unknown"),
    (f"login: oauth\n{ALICE}token_env: TOKEN\n", "4: token_env: unknown here; the file has login, users, admin"),
    ("login: header\nusers: [{name: a}]\n", "1: header: is missing"),
    ("login: header\nheader: Remote User\nusers: [{name: a}]\n", "2: header: Remote User: no name of a header"),
    ("login: header\nheader: X\nsecret_header: 'Y:'\nsecret_env: TOKEN\nusers: [{name: a}]\n", "3: secret_header: Y:: no name"),
    ("login: token\ntoken_env: LINES\n", "2: token_env: LINES: leads to what no header can carry"),
    ("login: header\nheader: X\nsecret_env: TOKEN\nusers: [{name: a}]\n", "3: secret_header: is missing"),
    ("login: header\nheader: X\nsecret_header: Y\nusers: [{name: a}]\n", "3: secret: is missing"),
    ("login: token\n", "1: users: at least one is needed"),
    ("login: token\ntoken_env: TOKEN\nusers: [{name: a, token_env: BOB}]\n", "2: token: it makes users for each run"),
])
def test_each_mistake_is_told_with_its_line(given, text, complaint):
    with pytest.raises(SettingsError) as refused:
        given(text)
    (told,) = refused.value.complaints
    assert told.startswith(f"accounts.yaml:{complaint}")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@every(parts=st.dictionaries(st.sampled_from(KEYS), PARTS))
def test_whatever_stands_in_it_is_taken_or_refused_in_words(given, parts):
    try:
        found = given(yaml.safe_dump(parts))
    except SettingsError as refused:
        assert all(re.match(r"accounts.yaml:\d+: ", complaint) for complaint in refused.complaints)
    else:
        assert all(Redactor().add(secret) is None for secret in found.secrets)


@pytest.mark.parametrize(("key", "where"), [("password", "users:\n- name: a\n  password_env: ALICE\n  "), ("token", ALICE)])
def test_a_secret_in_the_file_is_refused_and_not_repeated(given, key, where):
    with pytest.raises(SettingsError) as refused:
        given(f"{where}{key}: hunter2hunter2\n")
    (told,) = refused.value.complaints
    assert f"{key}: a secret does not stand in this file" in told
    assert "hunter2" not in told


def test_a_secret_that_others_may_read_is_refused(given, tmp_path):
    (tmp_path / "a").write_text("secret of a")
    (tmp_path / "a").chmod(0o640)
    with pytest.raises(SettingsError, match=r"accounts.yaml:2: password_file: a: others than its owner .* \(640\): `chmod 600`"):
        given("users:\n- {name: a, password_file: a}\n")


def test_all_mistakes_come_together(given):
    with pytest.raises(SettingsError) as refused:
        given("logn: form\nusers:\n- {name: a, password: x}\n- {nam: b}\n")
    lines = [complaint.split(":")[1] for complaint in refused.value.complaints]
    assert lines == ["1", "3", "3", "4", "4", "4"]
