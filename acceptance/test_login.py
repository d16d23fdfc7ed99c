"""Who gets in, and how."""

import pytest

LOGIN_FAILED = 403


@pytest.mark.check("login-ok", profile="smoke", cls="c")
def test_a_user_signs_in_and_arrives(carol):
    """Whoever has an account signs in and lands on the page that was asked for."""
    landing = carol.sign_in(next="/hub/token")

    assert landing.expect(200).url.endswith("/hub/token")
    assert carol.is_signed_in()


@pytest.mark.check("login-refused", profile="smoke", cls="r")
def test_strangers_are_refused_alike(site, carol):
    """A wrong password, an unknown name and an empty form open nothing, and do not tell which of them it was."""
    tries = [(carol.typed, "wrong-" + carol.password), ("nobody-of-that-name", carol.password), (carol.typed, ""), ("", "")]
    visitors = [site.visitor() for _ in tries]
    answers = [visitor.submit_login(name, password) for visitor, (name, password) in zip(visitors, tries, strict=True)]

    assert [answer.status for answer in answers] == [LOGIN_FAILED] * len(tries)
    assert len({answer.words for answer in answers}) == 1
    assert not any(visitor.is_signed_in() for visitor in visitors)


@pytest.mark.check("login-xsrf", profile="core", cls="r")
def test_a_login_form_needs_its_token(site, carol):
    """No other site can sign somebody in behind their back: a form without its own token is refused."""
    visitor, other = site.visitor(), site.visitor()
    foreign = other.get("/hub/login").expect(200).fields["_xsrf"]

    assert visitor.submit_login(carol.typed, carol.password, token="").status == LOGIN_FAILED
    assert visitor.submit_login(carol.typed, carol.password, token=foreign[:-4] + "AAAA").status == LOGIN_FAILED
    assert not visitor.is_signed_in()
    assert visitor.submit_login(carol.typed, carol.password).status == 302


@pytest.mark.check("login-cookies", profile="core", cls="c")
def test_cookies_are_safe(alice, bob):
    """A login cannot be stolen: cookies travel over https only, no script reads them, no other user's server gets them."""
    alice.start_server().open()
    cookies = alice.wire.cookies()
    logins = [cookie for cookie in cookies if cookie.name != "_xsrf"]       # which pages' own scripts must read
    theirs = [cookie for cookie in logins if cookie.name.startswith("jupyterhub-user-")]

    assert {"jupyterhub-session-id", "jupyterhub-hub-login"} <= {cookie.name for cookie in logins}
    assert [cookie.name for cookie in cookies if not cookie.secure] == []
    assert [cookie.name for cookie in logins if not cookie.http_only] == []
    assert [cookie.path for cookie in theirs] == [alice.server().path]
    assert alice.wire.cookie("jupyterhub-hub-login", bob.server().path) == ""
