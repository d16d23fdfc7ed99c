"""The overlay with PostgreSQL: a service as careful as the reference's, that only the hub meets, by a password nobody is told."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).parents[2]
OVERLAY = yaml.safe_load((ROOT / "stack" / "postgres.yml").read_text())
REFERENCE = yaml.safe_load((ROOT / "stack" / "docker-compose.yml").read_text())
SERVICE = OVERLAY["services"]["postgres"]


@pytest.fixture
def shm(monkeypatch):
    """What the hub's settings write in memory, by path; the secret is a stand-in with what a password file must escape."""
    written = {}
    monkeypatch.setattr(Path, "read_text", lambda path: "pass:wo\\rd\n")
    monkeypatch.setattr(Path, "write_text", lambda path, text: written.update({str(path): text}))
    monkeypatch.setattr(Path, "touch", lambda path, mode: written.update(mode=mode))
    monkeypatch.setattr(Path, "unlink", lambda path, missing_ok: None)
    return written


def load():
    """The settings that the overlay mounts."""
    return PyFileConfigLoader("postgres.py", path=str(ROOT / "hub" / "conf.d")).load_config()


@pytest.fixture
def refusing(monkeypatch):
    """refusing(3): psycopg, which only the hub's image has, does not get through so many times."""

    def stand_in(times):
        left = [OSError("could not translate host name \"postgres\"\n to address")] * times

        def connect(url, connect_timeout):
            if left:
                raise left.pop()
            return SimpleNamespace(close=lambda: None)

        monkeypatch.setitem(sys.modules, "psycopg", SimpleNamespace(connect=connect, OperationalError=OSError))

    return stand_in


def test_it_is_watched_limited_and_may_do_no_more_than_it_must():
    assert {"test", "interval", "timeout", "retries"} <= SERVICE["healthcheck"].keys()
    assert SERVICE["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert (SERVICE["cap_drop"], SERVICE["read_only"], "cap_add" in SERVICE) == (["ALL"], True, False)
    assert SERVICE["logging"] == REFERENCE["services"]["hub"]["logging"]
    assert SERVICE["deploy"]["update_config"]["order"] == "stop-first"      # two on one volume would destroy it


def test_only_the_hub_is_on_its_network_and_nothing_is_published():
    assert OVERLAY["networks"] == {"database": {"internal": True}}
    assert [each["networks"] for each in OVERLAY["services"].values()] == [["database"], ["database"]]
    assert OVERLAY["services"].keys() == {"postgres", "hub"}
    assert "ports" not in SERVICE and "environment" not in SERVICE


def test_nobody_comes_in_by_trust():
    lines = (ROOT / "stack" / "postgres" / "pg_hba.conf").read_text().splitlines()
    assert {line.split()[-1] for line in lines if line and not line.startswith("#")} == {"peer", "scram-sha-256"}


def test_the_password_stands_in_a_private_file_and_not_in_the_address(shm, refusing):
    refusing(0)
    url = load().JupyterHub.db_url
    assert url == "postgresql://jupyterhub@postgres/jupyterhub?passfile=/dev/shm/pgpass"
    assert shm == {"mode": 0o600, "/dev/shm/pgpass": "*:*:*:*:pass\\:wo\\\\rd\n"}


def test_a_database_that_is_not_there_yet_is_waited_for_in_words(shm, refusing, capsys):
    refusing(1)
    load()
    assert capsys.readouterr().out.splitlines() == [
        'Waiting for the database: could not translate host name "postgres" to address', "The database answers."]


def test_one_that_never_comes_ends_the_wait_in_words(shm, refusing, monkeypatch):
    refusing(9)
    monkeypatch.setattr("time.monotonic", iter(range(0, 900, 100)).__next__)
    with pytest.raises(SystemExit, match=r'No database for 60 s: could not translate.*`make status`'):
        load()
