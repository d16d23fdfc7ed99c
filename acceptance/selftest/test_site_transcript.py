"""What is kept of the talk with the edge: everything that tells something, and no secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.harness.site import Transcript
from acceptance.harness.site.transcript import HIDDEN, redact, redact_header
from acceptance.selftest.loopback import Edge

SECRETS = ["p&ss/wörd x", "canary-7f3a"]


@pytest.mark.parametrize(
    "text",
    [
        "p&ss/wörd x",
        "next=p%26ss%2Fw%C3%B6rd%20x",
        "next=p%26ss%2Fw%C3%B6rd+x",
        "GET /p%26ss/w%C3%B6rd%20x",
        "…canary-7f3a…",
        "/hub/?t=canary-7f3a",
    ],
)
def test_a_hidden_value_stands_nowhere(text):
    transcript = Transcript()
    transcript.remark(text)
    for secret in SECRETS:
        transcript.hide(secret)
    assert not any(form in transcript.text() for form in ("wörd", "w%C3%B6rd", "canary"))


@pytest.mark.parametrize(
    "text",
    [
        '{"token": "abcd1234", "id": "a5"}',
        "_xsrf=abcd1234&username=ann",
        "?code=abcd1234&x=1",
        "'password': 'abcd1234'",
    ],
)
def test_a_secret_field_is_told_by_its_name(text):
    assert "abcd1234" not in redact(text, [])
    assert HIDDEN in redact(text, [])


def test_what_is_no_secret_stays():
    text = "GET /hub/home -> 200 status_code=424 encode=utf-8"
    assert redact(text, []) == text


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Cookie", "a=secret1; b=secret2", HIDDEN),
        ("Authorization", "token secret1", HIDDEN),
        ("Set-Cookie", "login=secret1; HttpOnly; Path=/hub/, other=secret2", HIDDEN),
        ("Location", "/hub/home", "/hub/home"),
    ],
)
def test_headers_that_carry_secrets_are_emptied(name, value, kept):
    assert redact_header(name, value) == kept


def test_a_login_leaves_no_secret_behind():
    with Edge() as edge:
        edge.say(
            "GET /hub/login", 200, '<input name="_xsrf" value="tok-123456">', Set_Cookie="_xsrf=tok-123456"
        )
        cookies = {
            "Set_Cookie": "one=cookie-123456; HttpOnly",
            "Set-Cookie": "two=cookie-7123456; Path=/hub/",
        }
        edge.say("POST /hub/login", 302, "two=cookie-7123456", Location="/hub/home", **cookies)
        site = edge.site()
        site.visitor().submit_login("ann", "pass-123456")
    assert "POST" in site.transcript.text() and "name='two', path='/hub/'" in site.transcript.text()
    assert "123456" not in site.transcript.text()


@given(st.lists(st.text(max_size=30), max_size=30), st.integers(1, 10))
def test_it_stays_bounded_and_tells_what_is_missing(remarks, limit):
    transcript = Transcript(limit=limit)
    for remark in remarks:
        transcript.remark(remark)
    assert transcript.dropped == max(0, len(remarks) - limit)
    assert ("earlier lines were dropped" in transcript.text()) == (transcript.dropped > 0)


def test_it_is_cleared_for_the_next_check_and_keeps_its_secrets(tmp_path):
    transcript = Transcript()
    transcript.hide("canary-7f3a")
    transcript.remark("the check before")
    transcript.clear()
    transcript.remark("canary-7f3a")
    kept = transcript.write(tmp_path / "http.txt").read_text()
    assert "before" not in kept and kept.strip().endswith(HIDDEN)


@pytest.mark.parametrize(
    ("path", "header", "version"),
    [("/hub/login", "5.3.0", "5.3.0"), ("/user/ann/api", "5.3.0", ""), ("/hub/login", None, "")],
)
def test_the_hub_says_its_version_and_nobody_for_it(path, header, version):
    transcript = Transcript()
    headers = {"X-JupyterHub-Version": header} if header else {}
    transcript.exchange("GET", f"https://edge.example{path}", "200", headers, "", answered=True)
    transcript.exchange("GET", "https://edge.example/hub/x", "200", {}, "", answered=True)
    assert transcript.hub_version == version
