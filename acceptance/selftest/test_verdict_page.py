"""index.html for people: what stands on it and what is left out, that it stands alone, and that it quotes nothing unescaped."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from acceptance.harness.diagnosis.diagnosis import Diagnosis
from acceptance.harness.report.check import Check
from acceptance.harness.report.outcome import Outcome
from acceptance.harness.report.page import page_of
from acceptance.harness.report.run import Run
from acceptance.harness.report.verdict import verdict_of
from acceptance.harness.settings import fallback
from acceptance.harness.stopwatch import Span

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVIL = "<script>alert('1')</script>"


def at(second):
    return NOON + timedelta(seconds=second)


class Page(HTMLParser):
    """What a browser makes of a page: the addresses in it, the ids, its headings, and its words."""

    def __init__(self, text):
        super().__init__()
        self.found, self.headings, self.text, self._open = [], [], text, []
        self.titles = {}  # class of a bar -> the words of each
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found += [(tag, name, value) for name, value in attrs]
        self._open.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append([int(tag[1]), ""])

    def handle_data(self, data):
        if self._open[-1:] and self._open[-1][0] == "title" and self._open[-2][0] in ("rect", "circle"):
            self.titles.setdefault(self._open[-2][1].get("class"), []).append(data)
        if any(re.fullmatch("h[1-6]", tag) for tag, _ in self._open):
            self.headings[-1][1] += data

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def titles_of(self, most):
        """The words of the headings down to a level."""
        return [" ".join(text.split()) for level, text in self.headings if level <= most]

    def values(self, *names):
        return {value for _, name, value in self.found if name in names}


@pytest.fixture
def run(tmp_path):
    """A run of three checks: one was broken while the hub was away, and one not judged."""
    settings = replace(fallback({"reports": str(tmp_path)}, Path(__file__).parents[2]), run="r")
    made = Run(settings, say=lambda *_: None, started=NOON)
    made.took(Span("deploy", NOON, 30))
    for number, (name, outcome) in enumerate([("login-ok", "PASS"), ("hub-killed", "FAIL"), ("restore-drill", "ERROR")]):
        result = made.result_of(Check(name, "smoke", "d", (), f"{name} is kept.", f"acceptance/test_it.py::test_{number}"))
        result.began, result.seconds = at(40 + 20 * number), 15
        result.add("call", Outcome(outcome), f"{name} said {EVIL}" if outcome != "PASS" else "")
    made.results["hub-killed"].evidence = "evidence/hub-killed"
    made.evidence("hub-killed").text("tasks.txt", "complete")
    made.services += [Span("hub", at(30), 35), Span("hub", at(72.5), 30), Span("nginx", at(30), 72)]
    made.servers += [Span(f"ann{EVIL}", at(41), 20)]
    made.spawns += [Span("ann", at(41), 2.5), Span("bob", at(62), 4.0)]
    return made


def page(run):
    return Page(page_of(run, verdict_of(run)))


def section(found, title):
    """The source of the section with this title."""
    return re.search(rf"<section>\n<h2>{title}</h2>.*?</section>", found.text, re.DOTALL)[0]


def test_what_is_read_first_stands_first(run):
    run.diagnosis = Diagnosis("The hub has no memory.", "sure", ["evidence/hub-killed/tasks.txt", "reason"])
    found = page(run)
    assert found.titles_of(2) == [
        "FAIL 1 of 3 promises was broken.", "Diagnosis", "What was judged", "What was not kept, or not judged", "Promises",
        "How long servers took to start", "The run in time", "Where the time went", "Left behind"]
    told = section(found, "Diagnosis")
    assert ("The hub has no memory." in told, "<strong>sure</strong>" in told) == (True, True)
    assert 'href="evidence/hub-killed/tasks.txt"' in told


def test_headings_skip_no_level(run):
    levels = [level for level, _ in page(run).headings]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_a_broken_promise_is_named_with_its_reason_and_evidence(run):
    told = section(page(run), "What was not kept, or not judged")
    assert re.findall(r'id="([^"]+)"', told) == ["hub-killed", "restore-drill"]
    assert ("hub-killed said" in told, 'href="evidence/hub-killed/tasks.txt"' in told) == (True, True)


def test_each_check_has_a_bar_that_tells_its_outcome_and_time(run):
    bars = page(run).titles
    assert [bars[kind] for kind in ("PASS", "FAIL", "ERROR")] == [
        ["login-ok: PASS, 15.0 s from 12:00:40 UTC"], ["hub-killed: FAIL, 15.0 s from 12:01:00 UTC"],
        ["restore-drill: ERROR, 15.0 s from 12:01:20 UTC"]]
    assert (len(bars["service"]), len(bars["server"]), len(bars["phase"])) == (3, 1, 1)
    assert bars["away"] == ["no hub: 7.5 s from 12:01:05 UTC"]


def test_which_check_ran_while_the_hub_was_away_is_also_said_in_words(run):
    row = re.search(r"<tr><td>hub</td>.*?</tr>", page(run).text)[0]
    assert re.findall(r">([^<>]+)<", row) == ["hub", "12:01:05", "hub-killed", "7.5 s"]


def test_each_start_of_a_server_is_a_dot_and_how_many_there_are_is_said(run):
    found = page(run)
    assert found.titles[None] == ["ann: 2.5 s", "bob: 4.0 s"]
    told = section(found, "How long servers took to start")
    assert ("2 servers were started" in told, "95 % within 4.0 s" in told, "half within 2.5 s" in told) == (True, True, True)


def test_nothing_is_fetched_and_nothing_is_run(run):
    run.facts.target = "https://hub.example.org"
    (run.folder / "screenshots").mkdir()
    (run.folder / "screenshots" / "last.png").write_bytes(b"\x89PNG")
    found = page(run)
    assert {value for value in found.values("src") if not value.startswith("data:image/")} == set()
    elsewhere = found.values("href", "xlink:href", "action", "srcset", "data", "poster")
    assert {value for value in elsewhere if re.match(r"\w+:|//", value)} == set()
    assert not {tag for tag, _, _ in found.found} & {"script", "link", "iframe", "object", "embed"}
    assert not re.search(r"<script|@import|url\(", found.text)
    assert {name for _, name, _ in found.found if name.startswith("on")} == set()


def test_what_is_quoted_is_escaped(run):
    run.results["hub-killed"].check = replace(run.results["hub-killed"].check, sentence=EVIL)
    run.leftovers += [EVIL]
    run.took(Span(EVIL, NOON, 1))
    text = page(run).text
    assert (text.count("<script"), text.count("&lt;script&gt;") >= 6) == (0, True)


@pytest.mark.parametrize(("sentence", "drawn"), [
    ("`make deploy` and `make remove` may be typed.", "<code>make deploy</code> and <code>make remove</code> may be typed."),
    ("`<b>` is no mark of ours.", "<code>&lt;b&gt;</code> is no mark of ours."),
    ("A ` alone stays.", "A ` alone stays."),
    ("`a` and ` alone.", "<code>a</code> and ` alone."),
])
def test_what_a_sentence_quotes_is_set_as_code(run, sentence, drawn):
    run.results["hub-killed"].check = replace(run.results["hub-killed"].check, sentence=sentence)
    assert drawn in page(run).text


def test_a_cause_that_nobody_knows_is_not_passed_over(run):
    assert "No known cause" in section(page(run), "Diagnosis")


def test_a_proof_of_many_deployments_leaves_out_what_it_does_not_have(tmp_path):
    settings = replace(fallback({"reports": str(tmp_path)}, Path(__file__).parents[2]), run="r")
    run = Run(settings, say=lambda *_: None, started=NOON, proved="5 of 5 faults were killed.", pages=["matrix.html"])
    run.took(Span("faults", NOON, 3725))
    found = page(run)
    assert found.titles_of(6) == ["PASS 5 of 5 faults were killed.", "What was judged", "Where the time went", "Left behind"]
    assert ("62 min 5 s" in found.text, "<svg" in found.text, "matrix.html" in found.values("href")) == (True, False, True)


def test_a_run_that_judged_nothing_is_told_all_the_same(tmp_path):
    settings = replace(fallback({"reports": str(tmp_path)}, Path(__file__).parents[2]), run="r")
    found = page(Run(settings, say=lambda *_: None, started=NOON, refused=["USERS=none"]))
    assert ("USERS=none" in found.text, "<svg" in found.text) == (True, False)
