"""An operator's command ends in words and an exit code, also where its engine goes away in the middle."""

import subprocess
import sys

import pytest
from docker.errors import APIError
from requests import ConnectionError as Gone

from acceptance.selftest.operate_engine import Docker
from stack.operate import deploy, engine, images, logs, open, remove, secrets, status, users
from stack.operate.settings import Refused
from stack.operate.verb import verb

COMMANDS = [logs, open, remove, secrets, status]


def refuse(*_):
    """What load() and connect() do with bad input."""
    raise Refused(["HTTP_PORT=x is not a whole number.", "HUB_IMAGE=nope:1 is nowhere."])


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    """Commands without arguments, at an engine that nobody has."""
    monkeypatch.setattr(sys, "argv", ["command"])
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.1:2376")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.__name__)
def test_what_is_refused_is_said_line_by_line_and_ends_4(command, monkeypatch, capsys):
    monkeypatch.setattr(command, "load", refuse)
    assert command.main() == 4
    assert capsys.readouterr().err == "HTTP_PORT=x is not a whole number.\nHUB_IMAGE=nope:1 is nowhere.\n"


@pytest.mark.parametrize("error", [Gone(OSError(104, "Connection reset by peer")), APIError("no leader")])
def test_an_engine_that_goes_away_is_said_in_a_sentence_and_ends_14(error, capsys):
    @verb
    def command():
        raise error

    assert command() == 14
    said = capsys.readouterr().err
    assert said.startswith("The engine at tcp://192.0.2.1:2376 went away or refused (")
    assert said.count("\n") == 1


def interrupted(*_):
    """What Ctrl-C is."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("command", [*COMMANDS, deploy, images], ids=lambda each: each.__name__)
def test_ctrl_c_is_no_traceback(command, monkeypatch, capsys):
    monkeypatch.setattr(command, "load", interrupted)
    monkeypatch.setattr(engine, "connect", Docker)
    assert command.main() == 2
    assert "`make remove`" in capsys.readouterr().err


@pytest.mark.parametrize("command", [deploy, images], ids=lambda each: each.__name__)
def test_the_two_that_others_wait_for_end_in_a_last_line(command, monkeypatch, capsys):
    monkeypatch.setattr(command, "load", refuse)
    monkeypatch.setattr(engine, "connect", Docker)
    assert command.main() == 4
    assert capsys.readouterr().err.splitlines()[-1] == f"{command.__name__.rpartition('.')[2]}=REFUSED exit=4"


def test_a_mistake_of_our_own_keeps_its_traceback():
    with pytest.raises(KeyError):
        verb(lambda: {}["HTTP_PORT"])()


@pytest.mark.parametrize("command", [status, open], ids=lambda each: each.__name__)
def test_where_nothing_is_deployed_the_way_to_it_is_said(command, monkeypatch, capsys):
    monkeypatch.setattr(engine, "manager", Docker)
    assert command.main() == 1
    assert "`make deploy` starts it" in "".join(capsys.readouterr())


@pytest.mark.parametrize(("published", "url"), [(18443, "https://127.0.0.9:18443/"), (443, "https://127.0.0.9/")])
def test_open_tells_the_port_that_was_deployed_whatever_the_settings_are_now(published, url, monkeypatch, capsys):
    there = Docker()
    there.add_service("nbi-jupyter-service_nginx", published)
    monkeypatch.setattr(engine, "manager", lambda: there)
    monkeypatch.setenv("HTTPS_PORT", "9443")
    assert open.main() == 0
    assert capsys.readouterr().out.splitlines()[0] == url


def test_a_user_without_a_users_file_is_told_what_makes_one(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["make user", "alice"])
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    assert users.main() == 4
    assert capsys.readouterr().err == f"There is no users file at {tmp_path}/users. Run `make secrets` first.\n"


def test_a_new_users_password_is_said_once_and_kept_as_a_hash_only(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["make user", "alice"])
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    users.write_private(tmp_path / "users", b"# ours\n")
    assert users.main() == 0
    password = capsys.readouterr().out.split()[7]
    assert password not in (tmp_path / "users").read_text()
    assert (tmp_path / "users").read_text().startswith("# ours\nalice:$2b$")


def test_a_pipe_gets_the_last_word_last():
    says = ("import sys\nfrom stack.operate.verb import verb\n"
            "verb(lambda: [print('it is up'), print('deploy=OK exit=0', file=sys.stderr)])()")
    said = subprocess.run([sys.executable, "-c", says], env={}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert said.stdout.splitlines() == ["it is up", "deploy=OK exit=0"]


def test_a_reader_who_has_read_enough_gets_no_traceback():
    says = ("import sys\nfrom stack.operate.verb import verb\n"
            "sys.exit(verb(lambda: [print('x' * 1000) for _ in range(10_000)])())")
    with subprocess.Popen([sys.executable, "-c", says], env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as command:
        command.stdout.readline()
        command.stdout.close()
        assert (command.stderr.read(), command.wait()) == (b"", 2)
