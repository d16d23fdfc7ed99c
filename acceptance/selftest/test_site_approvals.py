"""The page of approvals is read and pressed as an admin does it."""

import pytest

from acceptance.harness.errors import StackError
from acceptance.harness.site import Approvals
from acceptance.selftest.loopback import Edge

ROW = '<tr><td>{name}</td><td><strong>waits</strong></td><td><input name="_xsrf" value="token"></td></tr>'
PAGE = f"<table>{ROW.format(name='å b')}{ROW.format(name='bob')}</table>"


@pytest.fixture
def edge():
    with Edge() as edge:
        edge.say("GET /hub/authorize", 200, PAGE)
        yield edge


def test_a_name_is_approved_by_its_own_form(edge):
    edge.say("POST /hub/authorize/%C3%A5%20b", 302, Location="/hub/authorize")

    Approvals(edge.site().visitor()).approve("å b")

    assert edge.heard[-1].body == "_xsrf=token&decision=approve"


def test_the_state_stands_beside_the_name(edge):
    approvals = Approvals(edge.site().visitor())

    assert (approvals.state_of("bob"), approvals.state_of("carol")) == ("waits", "")


def test_who_is_not_there_cannot_be_approved(edge):
    with pytest.raises(StackError, match="'carol' stands not on /hub/authorize, which says: å b"):
        Approvals(edge.site().visitor()).approve("carol")


def test_the_sign_up_form_is_sent_with_its_token(edge):
    edge.say("GET /hub/signup", 200, '<form><input name="_xsrf" value="token"></form>')
    edge.say("POST /hub/signup", 200, "<p>done</p>")

    edge.site().visitor().submit_sign_up("bob", "pass word")

    assert edge.heard[-1].body == "_xsrf=token&username=bob&password=pass+word&again=pass+word"


@pytest.mark.parametrize(
    ("location", "read"),
    [("/hub/", "{url}/hub/"), ("", ""), ("//x.example/", "http://x.example/"), ("/\\x.example", "http://x.example")],
)
def test_a_redirect_leads_where_a_browser_goes(edge, location, read):
    edge.say("GET /x", 302, Location=location)

    assert edge.site().visitor().get("/x").leads_to == read.format(url=edge.url)
