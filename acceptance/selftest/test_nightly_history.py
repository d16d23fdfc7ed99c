"""A history that several nights write: no line is lost or torn by another, and what has changed since the last one is said."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from acceptance import journal
from acceptance.harness.errors import SettingsError
from acceptance.nightly import __main__ as command
from acceptance.nightly import history, night

RUNS = [f"20260102-03040{number}-ab12" for number in range(5)]


def ended(code=0, **outcomes):
    """A run that is over, with these outcomes by id."""
    checks = [{"id": name, "outcome": outcome} for name, outcome in outcomes.items()]
    images = {"hub": {"digest": "sha256:d", "id": "sha256:i"}, "nginx": {"digest": "", "id": "sha256:i"}}
    results = {"run": RUNS[0], "verdict": "FAIL" if code else "PASS", "engine": "26.1", "checks": checks, "images": images,
               "spawn": {"n": 5, "p50": 3.1, "p95": 4.5}}
    return night.Ended(code, datetime(2026, 1, 2, tzinfo=UTC), 540.0, "r/index.html", results)


def test_several_write_one_history_and_no_line_is_torn(tmp_path):
    path, long = tmp_path / "new" / history.FILE, "x" * 20_000
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda number: journal.add(path, {"run": number, "long": long}), range(100)))
    assert sorted(each["run"] for each in journal.entries(path, "run")) == list(range(100))


def test_a_line_that_was_not_written_whole_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(journal.os, "write", lambda file, line: 3)
    with pytest.raises(OSError, match=r"3 of \d+ bytes were written; is the disk full"):
        journal.add(tmp_path / history.FILE, {"run": "r"})


@pytest.mark.parametrize("torn", ['{"run": "r1", "fai', '{"run": "r1", "failed": ["ü'])
def test_a_line_begins_anew_after_a_torn_one(tmp_path, torn):
    """Which may be cut off in the middle of a letter; the next is whole, and the torn one is named to whoever reads them."""
    path = tmp_path / history.FILE
    path.write_bytes(torn.encode()[:-1])
    journal.add(path, {"run": "r2"})
    assert path.read_bytes().splitlines()[1:] == [b'{"run": "r2"}']
    with pytest.raises(SettingsError, match="line 1 tells of no run; take it out"):
        journal.entries(path, "run")


def test_a_line_has_what_two_nights_are_compared_by():
    entry = history.entry_of(ended(1, a="FAIL", b="PASS", c="ERROR"), "swarm", "core")
    assert entry == {"run": RUNS[0], "started": "2026-01-02T00:00:00Z", "context": "swarm", "profile": "core", "verdict": "FAIL",
                     "exit": 1, "seconds": 540.0, "failed": ["a", "c"], "images": {"hub": "sha256:d", "nginx": "sha256:i"},
                     "engine": "26.1", "spawn": {"n": 5, "p50": 3.1, "p95": 4.5}}


def test_a_night_is_compared_with_the_last_one_of_its_kind(tmp_path):
    def add(night_of, profile="core"):
        return history.added(tmp_path / history.FILE, history.entry_of(night_of, "swarm", profile), night_of)

    assert add(ended(1, a="FAIL", b="FAIL", c="PASS", d="FAIL")).endswith("the first night of this context and profile")
    add(ended(a="PASS"), profile="smoke")
    said = add(ended(1, a="PASS", b="FAIL", c="ERROR"))
    assert said == ("since 2026-01-02T00:00:00Z (FAIL): newly failing: c; newly passing: a; still failing: b;"
                    " p50 of spawning 3.1 -> 3.1 s; p95 of spawning 4.5 -> 4.5 s")
    assert len(journal.entries(tmp_path / history.FILE, "run")) == 3


@pytest.mark.parametrize(("there", "said"), [
    (lambda path: path.write_text('{"run": "r1'), "is compared with none: {path}: line 1 tells of no run; take it out"),
    (lambda path: path.mkdir(), "this night has no line in {path}: [Errno 21] Is a directory: '{path}'"),
])
def test_a_history_that_cannot_be_written_or_read_is_told_before_the_verdict(tmp_path, capsys, there, said):
    path = tmp_path / history.FILE
    there(path)
    assert command.concluded(SimpleNamespace(reports=tmp_path, profile="core"), "swarm", ended(a="PASS"), "") == 0
    compared, verdict = capsys.readouterr().out.splitlines()
    assert said.format(path=path) in compared
    assert verdict == "verdict=PASS exit=0 report=r/index.html"
    assert path.is_dir() or json.loads(path.read_text().splitlines()[1])["run"] == RUNS[0]
