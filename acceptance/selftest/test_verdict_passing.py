"""Each run in which all went well leaves a small bundle, taken while its stack stood: without secrets, and never large."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.report.bundle import cut, requests_of, tail

pytest_plugins = "pytester"

SECRET = "pa&ss-word-1"
ASKED = {"method": "GET", "path": "/user/alice/api?x=1", "status": 200, "seconds": 0.1}
STACK = f"""
@pytest.fixture(scope='session')
def stack(run):
    run.secrets.add({SECRET!r})
    run.facts.versions['engine'] = '20.10'
    line = '2026-11-24T10:00:00Z ' + {json.dumps(ASKED)!r}
    stands = [True]
    def logs(folder, since):
        assert since == run.started
        (folder / 'log-nginx.txt').write_text(f'{{line}}\\n{SECRET}\\nstands: {{stands}}\\n')
    run.collectors.append(logs)
    yield stands
    stands.clear()
"""


@pytest.mark.parametrize("removal", [True, False], ids=["before the removal", "before the end of a run without it"])
def test_a_passing_run_is_remembered_as_it_was_while_its_stack_stood(tree, removal):
    tree.fixture(STACK)
    tree.check("login-ok", uses="stack")
    if removal:
        tree.check("removal", "stack.clear()", cls="d", uses="stack")
    judged = tree.judge()
    assert judged.code == 0
    assert "stands: [True]" in judged.text("passing/log-nginx.txt")
    assert "1    0.100    0.100    0.100  200 GET /user/*/api" in judged.text("passing/requests.txt")
    assert json.loads(judged.text("passing/facts.json"))["versions"] == {"engine": "20.10"}
    assert "UTC  PASS  login-ok" in judged.text("passing/checks.txt")
    assert SECRET not in "".join(path.read_text() for path in (judged.folder / "passing").iterdir())


@pytest.mark.parametrize("body", ["assert 0", "raise EngineError('away')"])
def test_a_run_in_which_something_went_wrong_has_evidence_and_no_bundle(tree, body):
    tree.fixture(STACK)
    tree.check("edge-hub", body, uses="stack")
    tree.check("login-ok", uses="stack")
    judged = tree.judge()
    assert (judged.folder / "evidence").exists()
    assert not (judged.folder / "passing").exists()


def test_a_run_without_a_stack_has_nothing_to_remember(tree):
    tree.check("login-ok")
    assert not (tree.judge().folder / "passing").exists()


def test_a_bundle_that_cannot_be_written_is_told(tree):
    tree.fixture(STACK + "\n@pytest.fixture\ndef full(stack, run):\n    run.folder.mkdir(parents=True)\n"
                 "    (run.folder / 'passing').write_text('')\n")
    tree.check("login-ok", uses="full")
    judged = tree.judge()
    assert (judged.code, "passing/ could not be kept" in "\n".join(judged.lines)) == (3, True)


def test_requests_of_many_people_are_counted_together():
    asked = [{**ASKED, "path": f"/user/{name}/api/kernels/0b1f0000-1111-2222-3333-444455556666/channels/x/y", "seconds": took}
             for name, took in (("alice", 1), ("bob", 3))]
    told = requests_of([*(f"2026Z {json.dumps(each)}" for each in asked), "no json", "{", "Z {\"path\": 1}"]).splitlines()
    assert told[1:] == ["     2    1.000    2.000    3.000  200 GET /user/*/api/kernels/*"]


def test_only_the_largest_texts_are_cut(tmp_path):
    (tmp_path / "tasks.txt").write_text("short\n")
    (tmp_path / "log-hub.txt").write_text("".join(f"line {number}\n" for number in range(10_000)))
    (tmp_path / "screen.png").write_bytes(b"\x89PNG" * 1000)
    cut(tmp_path, 2000)
    assert (tmp_path / "tasks.txt").read_text() == "short\n"
    kept = (tmp_path / "log-hub.txt").read_text().splitlines()
    assert (kept[-1], kept[1].startswith("line 9")) == ("line 9999", True)
    assert "bytes before this are left out" in kept[0]
    assert sum(path.stat().st_size for path in tmp_path.glob("*.txt")) <= 2000


@given(st.binary(max_size=500), st.integers(min_value=60, max_value=300))
def test_a_tail_has_room(data, room):
    kept = tail(data, room)
    assert len(kept) <= room
    assert data.endswith(kept.partition(b"\n")[2])
