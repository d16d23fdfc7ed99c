"""The logbook against an engine made of paper: whatever starts is followed to its end, and what could not be read is told."""

from datetime import UTC, datetime
from queue import Queue
from types import SimpleNamespace

import docker
import pytest

from acceptance.harness.cluster.logbook import SERVICE, Logbook
from acceptance.harness.errors import EngineError, StackError
from acceptance.harness.wait import wait_until

STAMP = "2026-11-24T12:00:00.123456789Z"
ERROR = f"{STAMP} [E 2026-11-24 12:00:00.123 JupyterHub app:1] boom\n"


class Stream:
    """What the SDK gives for a log or for events: waits for the next, and ends when it is closed."""

    def __init__(self, *pieces, ends=True):
        self._pieces = Queue()
        for piece in (*pieces, *([None] if ends else [])):
            self._pieces.put(piece)

    def put(self, piece):
        """One more."""
        self._pieces.put(piece)

    def __iter__(self):
        while (piece := self._pieces.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def close(self):
        """No more."""
        self._pieces.put(None)


class Paper:
    """An engine with containers (ident -> service, log), whose events are put by the test."""

    def __init__(self, **containers):
        self.events, self.asked = Stream(ends=False), []
        self.logs = {ident: log for ident, (_, log) in containers.items()}
        listed = [SimpleNamespace(id=ident, status="running", labels={SERVICE: service})
                  for ident, (service, _) in containers.items()]
        self.running: set[str] = set()
        api = SimpleNamespace(logs=self._log, containers=lambda all, filters: self._state(filters["id"]))
        self.client = SimpleNamespace(events=lambda **_: self.events, api=api,
                                      containers=SimpleNamespace(list=lambda **_: listed))

    def _log(self, ident, **how):
        self.asked.append((ident, how["stdout"]))
        if isinstance(self.logs[ident], Exception):
            raise self.logs[ident]
        return self.logs[ident]

    def _state(self, ident):
        return [{"State": "running" if ident in self.running else "exited"}]

    def tell(self, ident, service, action):
        """An event of a container."""
        told = {"Action": action, "timeNano": datetime.now(UTC).timestamp() * 1e9}
        self.events.put({**told, "Actor": {"ID": ident, "Attributes": {SERVICE: service}}})


@pytest.fixture
def logbook():
    """Makes a logbook of an engine, which has begun to follow."""
    made = []

    def follow(engine):
        made.append(Logbook(engine, SimpleNamespace(name="s")))
        made[-1].start()
        return made[-1]

    yield follow
    for each in made:
        each.stop()


def heard(book, count):
    """The first lines of the records, as soon as there are so many."""
    wait_until(f"{count} records", lambda: len(book.records()) >= count, deadline=5, every=0.01)
    return [record.lines[0] for record in book.records()]


def test_what_runs_is_read_from_its_first_line(logbook):
    engine = Paper(a=("s_hub", Stream(ERROR.encode())))
    assert heard(logbook(engine), 1) == ["[E 2026-11-24 12:00:00.123 JupyterHub app:1] boom"]


def test_lines_that_come_in_pieces_are_whole(logbook):
    pieces = [ERROR[:30].encode(), ERROR[30:].encode() + ERROR[:9].encode(), ERROR[9:-1].encode()]
    assert len(set(heard(logbook(Paper(a=("s_hub", Stream(*pieces)))), 2))) == 1


def test_what_starts_later_is_followed_and_its_absence_known(logbook):
    engine = Paper(a=("s_hub", Stream(ends=False)))
    book = logbook(engine)
    engine.logs["b"] = Stream(ERROR.encode())
    for ident, action in (("a", "kill"), ("a", "die"), ("b", "start"), ("b", "health_status: healthy")):
        engine.tell(ident, "s_hub", action)
    assert len(heard(book, 1)) == 1
    wait_until("the absence", lambda: [spell.kind for spell in book.spells()] == ["hub away"] * 2, deadline=5, every=0.01)


def test_only_hub_proxy_and_nginx_are_read_and_of_nginx_its_errors(logbook):
    engine = Paper(a=("s_hub", Stream()), b=("s_proxy", Stream()), c=("s_nginx", Stream()), d=("s_postgres", Stream()))
    logbook(engine)
    assert engine.asked == [("a", True), ("b", True), ("c", False)]


def test_a_container_is_followed_once(logbook):
    engine = Paper(a=("s_hub", Stream(ERROR.encode(), ends=False)))
    book = logbook(engine)
    engine.tell("a", "s_hub", "start")
    engine.logs["b"] = Stream(ERROR.encode())
    engine.tell("b", "s_hub", "start")
    assert (len(heard(book, 2)), engine.asked) == (2, [("a", True), ("b", True)])


@pytest.mark.parametrize("broken", [Stream(docker.errors.APIError("gone")), docker.errors.NotFound("no such container")])
def test_a_log_that_could_not_be_read_is_no_clean_log(logbook, broken):
    engine = Paper()
    book = logbook(engine)
    engine.logs["a"] = broken
    engine.tell("a", "s_hub", "start")

    assert "not whole" in unread(book)


def unread(book):
    """What the logbook says of its gaps, as soon as it knows of one."""

    def said():
        try:
            book.records()
        except EngineError as error:
            return str(error)
        return ""

    return wait_until("a gap", said, deadline=5, every=0.01)


def test_a_log_that_ends_before_its_container_is_no_whole_log(logbook, monkeypatch):
    monkeypatch.setattr("acceptance.harness.cluster.logbook.ENDED_WITHIN", 0.05)
    engine = Paper(a=("s_hub", Stream(ERROR.encode())))
    engine.running.add("a")
    assert "waited" in unread(logbook(engine))


def test_events_that_break_off_are_told(logbook):
    engine = Paper()
    book = logbook(engine)
    engine.events.put(None)
    assert "events broke off" in unread(book)


def test_a_voice_that_says_nothing_is_missed(logbook, monkeypatch):
    monkeypatch.setattr("acceptance.harness.cluster.logbook.HEARD_WITHIN", 0.1)
    with pytest.raises(StackError, match="hub.* to log abc"):
        logbook(Paper()).wait_for("abc", {"hub"})


def test_checks_follow_one_another(logbook):
    book = logbook(Paper())
    book.note_check("login-ok")
    book.note_check("spawn-fails")
    first, second = book.spells()
    assert (first.kind, second.kind, first.ended >= second.began) == ("login-ok", "spawn-fails", True)
