"""What counts as an error in a log, and what explains one: on logs as they were met, and on histories nobody thought of."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.cluster.explained import EXPLAINED
from acceptance.harness.cluster.log_judge import Explained, Spell, unexplained
from acceptance.harness.cluster.log_records import BAD, HEADS, Line, records_in

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TRACEBACK = ["    Traceback (most recent call last):",
             '      File "x.py", line 1, in f', "        f()", "    KeyError: 'x'", "    (more)"]
# A first line of each program at each level, with {} for the message.
FORMS = {
    "hub": "[{level} 2026-11-24 12:00:00.123 JupyterHub app:1] {said}",
    "culler": "[{level} 261124 12:00:00 __init__:1] {said}",
    "proxy": "2026-11-24T12:00:00.123Z [ConfigProxy] \x1b[32m{level}\x1b[39m: {said}",
    "nginx": "2026/11/24 12:00:00 [{level}] 30#30: *1 {said}",
}
LEVELS = {"hub": "DIWEC", "culler": "DIWEC", "proxy": ("info", "warn", "error"),
          "nginx": ("notice", "warn", "error", "crit", "alert", "emerg")}
WORDS = st.text("abcdefghij ", min_size=1, max_size=12).map(str.strip).filter(bool)


def at(second):
    """A moment of the run."""
    return NOON + timedelta(seconds=second)


def lines(*texts, container="c1", service="hub", second=0):
    """Lines of one container, a second each."""
    return [Line(service, container, at(second + number), text) for number, text in enumerate(texts)]


def news(found, spells=(), known=()):
    """The first lines of what is unexplained."""
    return [record.lines[0] for record in unexplained(records_in(found), spells, known)]


@st.composite
def entries(draw):
    """(voice, level, lines) of one entry in a log: a first line, sometimes a traceback after it."""
    voice = draw(st.sampled_from(sorted(FORMS)))
    level = draw(st.sampled_from(LEVELS[voice]))
    tail = TRACEBACK if voice in ("hub", "culler") and draw(st.booleans()) else []
    return voice, level, [FORMS[voice].format(level=level, said=draw(WORDS)), *tail]


def is_bad(entry):
    """Said apart from the judge: an error by its level, or anything with a traceback."""
    return entry[1] in BAD or len(entry[2]) > 1


HISTORIES = st.lists(entries(), max_size=12)


def told(history):
    """A history as the lines of one container."""
    return lines(*(text for _, _, texts in history for text in texts))


@given(HISTORIES)
def test_every_error_is_news_and_nothing_else_is(history):
    assert news(told(history)) == [texts[0] for voice, level, texts in history if is_bad((voice, level, texts))]


@given(HISTORIES)
def test_a_sound_history_has_no_news(history):
    sound = [entry for entry in history if not is_bad(entry)]
    assert news(told(sound)) == []


@given(HISTORIES, st.integers(0, 12), st.sampled_from(sorted(FORMS)))
def test_one_error_is_found_wherever_it_stands(history, place, voice):
    sound = [entry for entry in history if not is_bad(entry)]
    error = (voice, "E" if voice in ("hub", "culler") else "error",
             [FORMS[voice].format(level="E" if voice in ("hub", "culler") else "error", said="the one")])
    sound.insert(place, error)
    assert news(told(sound)) == [error[2][0]]


@given(HISTORIES, HISTORIES, st.data())
def test_two_containers_are_read_apart(one, other, data):
    """However the engine hands over their lines: a traceback is never taken for another container's."""
    first, second = told(one), [Line("proxy", "c2", line.at, line.text) for line in told(other)]
    mixed = []
    while first or second:
        source = first if not second or (first and data.draw(st.booleans())) else second
        mixed.append(source.pop(0))
    assert sorted(news(mixed)) == sorted(news(told(one)) + news(told(other)))


@given(HISTORIES)
def test_what_explains_nothing_hides_nothing(history):
    nothing = Explained("hub", r"\Zx", "never", "never")
    assert news(told(history), (), [nothing]) == news(told(history))


@given(HISTORIES)
def test_what_is_known_hides_its_own_voice_only(history):
    known = Explained("hub", ".", "the hub may say anything", "x")
    left = unexplained(records_in(told(history)), (), [known])
    assert [record for record in left if record.voice == "hub" and not record.ending] == []
    assert len(left) == len([e for e in history if is_bad(e) and (e[0] != "hub" or len(e[2]) > 1)])


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 50))
def test_what_is_known_for_a_while_is_news_before_and_after(second, began, lasts):
    known = Explained("hub", "gone", "while it is away", "x", during=("away",))
    spell = Spell("away", at(began), at(began + lasts))
    error = lines(FORMS["hub"].format(level="E", said="gone"), second=second)
    assert bool(news(error, [spell], [known])) == (not began <= second <= began + lasts)
    assert news(error, [Spell("other", at(-99), at(99))], [known]) != []


def test_a_traceback_is_explained_by_its_exception_only():
    record = lines(FORMS["hub"].format(level="E", said="boom"), *TRACEBACK)
    assert news(record, (), [Explained("hub", "boom", "…", "x")]) != []
    assert news(record, (), [Explained("hub", "boom", "…", "x", ending="ValueError")]) != []
    assert news(record, (), [Explained("hub", "boom", "…", "x", ending="KeyError: 'x'")]) == []


def test_a_traceback_that_no_logger_announced_is_news():
    assert len(news(lines(FORMS["hub"].format(level="I", said="200 GET /"), *TRACEBACK))) == 1
    assert len(news(lines(*TRACEBACK))) == 1


@pytest.mark.parametrize("text", ["Error: listen EADDRINUSE: address already in use :::8000", "nginx: [emerg] host not found",
                                  "SyntaxError: Unexpected token", "fatal: no secrets", "node:events:497 is no error"])
def test_an_end_that_no_logger_had_a_part_in_is_news(text):
    started = lines("12:00:00.123 [ConfigProxy] info: Proxying http://*:8000", text)
    assert news(started) == ([text] if "is no error" not in text else [])


@pytest.mark.parametrize("known", EXPLAINED, ids=lambda known: f"{known.voice}-{known.says[:40]}")
def test_what_is_explained_was_met_and_is_news_without_its_reason(known):
    (record,) = records_in(lines(*known.seen.split("\n")))
    assert (record.voice, record.is_bad, bool(known.why)) == (known.voice, True, True)
    spells = [Spell(kind, at(-1), at(9)) for kind in known.during]
    assert unexplained([record], spells, [known]) == []
    assert unexplained([record], spells, [each for each in EXPLAINED if each != known]) == [record]
    assert not known.during or unexplained([record], [], EXPLAINED) == [record]


@pytest.mark.parametrize("check", ["notebook-dies", "restore-drill", "upgrade"])
@pytest.mark.parametrize("met", ["Error: getaddrinfo EAI_AGAIN nbi-a", "connect ECONNREFUSED 10.97.0.5:8888", "read ECONNRESET"])
def test_a_lost_notebook_is_met_in_each_form_that_the_proxy_has(met, check):
    """configurable-http-proxy 5.3, handleProxyError: the message alone of a failed connection, and any other error whole."""
    (record,) = records_in(lines(FORMS["proxy"].format(level="error", said=f"503 GET /user/ann/api {met}")))
    assert unexplained([record], [Spell(check, at(-1), at(9))], EXPLAINED) == []
    assert unexplained([record], [], EXPLAINED) == [record]


@pytest.mark.parametrize(("said", "is_news"), [
    ("503 GET /favicon.ico Error: getaddrinfo ENOTFOUND hub", False),
    ("503 GET /hub/api connect ECONNREFUSED 10.0.1.5:8081", False),
    ("Failed to get custom error page: Error: getaddrinfo ENOTFOUND hub", False),
    ("Failed to get custom error page: Error: connect ECONNREFUSED 10.0.1.5:8081", False),
    ("503 GET /user/ann/api connect ECONNREFUSED 10.97.0.5:8888", True),
    ("503 GET /favicon.ico Error: getaddrinfo ENOTFOUND hub2", True),
])
def test_a_hub_that_is_away_excuses_what_leads_to_it_and_no_server(said, is_news):
    (record,) = records_in(lines(FORMS["proxy"].format(level="error", said=said)))
    assert unexplained([record], [Spell("hub away", at(-1), at(9))], EXPLAINED) == ([record] if is_news else [])


def test_a_refused_wish_is_no_news_with_the_traceback_of_nothing():
    """JupyterHub 5.5, pages.py: exc_info=True where no exception is under way."""
    said = "Error starting server ann: HTTP 500: error (The swarm says 'rejected')"
    (record,) = records_in(lines(FORMS["hub"].format(level="E", said=said), "    Traceback (most recent call last):",
                                 "    NoneType: None", "    "))
    assert unexplained([record], [Spell("spawn-fails", at(-1), at(9))], EXPLAINED) == []


def test_each_form_of_a_first_line_is_known():
    assert FORMS.keys() == HEADS.keys()
