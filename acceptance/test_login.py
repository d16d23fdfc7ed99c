"""Who gets in, and how."""

from urllib.parse import quote, urlsplit

import pytest

from acceptance.harness.site import Approvals, Refused

LOGIN_FAILED = 403


@pytest.mark.check("login-ok", profile="smoke", cls="c", needs=("pages",))
def test_a_user_signs_in_and_arrives(carol):
    """Whoever has an account signs in and lands on the page that was asked for."""
    landing = carol.sign_in(next="/hub/token")

    assert landing.expect(200).url.endswith("/hub/token")
    assert carol.is_signed_in()


@pytest.mark.check("login-refused", profile="smoke", cls="r")
def test_strangers_are_refused_alike(site, carol):
    """A wrong password, an unknown name and an empty form open nothing, and do not tell which of them it was."""
    tries = site.way_in.wrong_tries(site, carol)

    assert [answer.status for _, answer in tries] in [[refusal] * len(tries) for refusal in site.way_in.refusals]
    assert len({answer.words for _, answer in tries}) == 1
    assert not any(visitor.is_signed_in() for visitor, _ in tries)


@pytest.mark.check("login-xsrf", profile="core", cls="r", needs=("form",))
def test_a_login_form_needs_its_token(site, carol):
    """No other site can sign somebody in behind their back: a form without its own token is refused."""
    visitor, other = site.visitor(), site.visitor()
    foreign = other.get("/hub/login").expect(200).fields["_xsrf"]

    assert visitor.submit_login(carol.typed, carol.password, token="").status == LOGIN_FAILED
    assert visitor.submit_login(carol.typed, carol.password, token=foreign[:-4] + "AAAA").status == LOGIN_FAILED
    assert not visitor.is_signed_in()
    assert visitor.submit_login(carol.typed, carol.password).status == 302


@pytest.mark.check("login-cookies", profile="core", cls="c", needs=("pages",))
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


@pytest.mark.check("login-next", profile="core", cls="r", needs=("form",))
def test_a_login_leads_to_no_other_site(site, carol):
    """A link to the login page cannot lead on to a copy of the service that asks for the password again."""
    elsewhere = ["https://elsewhere.example/hub/", "//elsewhere.example/", "/\\elsewhere.example/", "https:elsewhere.example",
                 "///elsewhere.example/", "http://elsewhere.example@" + site.url.removeprefix("https://"), "javascript:alert(1)"]
    logins = [site.user(carol.typed, carol.password).submit_login(carol.typed, carol.password, next=link) for link in elsewhere]
    carol.sign_in()
    visits = [carol.get("/hub/login?next=" + quote(link, safe="")) for link in elsewhere]

    assert [answer.status for answer in logins + visits] == [302] * 2 * len(elsewhere)
    assert [answer.leads_to for answer in logins + visits if not answer.leads_to.startswith(site.url + "/")] == []


@pytest.mark.check("login-logout", profile="core", cls="c", needs=("login-page",))
def test_a_logout_closes_the_door_and_stops_nothing(site, alice):
    """Whoever signs out on a shared computer leaves no way in there, to hub or server; and what runs goes on."""
    server = alice.start_server()
    assert server.status()["started"]

    alice.sign_out()

    assert not alice.is_signed_in()
    assert urlsplit(server.page().url).path == "/hub/login"
    with pytest.raises(Refused) as refused:
        server.status()
    assert refused.value.status == LOGIN_FAILED
    again = site.user(alice.typed, alice.password)
    again.sign_in()
    assert again.is_running()


@pytest.mark.check("login-token", profile="core", cls="c")
def test_a_token_may_what_it_says_until_it_is_taken_back(site, alice):
    """A script gets a token for its purpose only; taken back, it opens nothing any more."""
    token = alice.new_token(scopes=["read:users:name!user"])
    script, me = site.visitor(token=token), f"/hub/api/users/{alice.escaped_name}"

    assert script.api("GET", me).expect(200).json()["name"] == alice.name
    assert script.api("POST", f"{me}/server", {}).status in (403, 404)
    assert script.api("GET", f"{me}/tokens").status in (403, 404)
    alice.revoke(token)
    assert script.api("GET", me).status == 403


@pytest.mark.check("login-admin", profile="core", cls="c", needs=("pages",))
def test_only_admins_administer(alice, bob, admin):
    """A user sees and changes nothing of others; an admin does, and need not ask the operator."""
    of_sign_up = ["/hub/authorize", f"/hub/change-password/{bob.escaped_name}"]     # other ways in have no such pages
    asked = ["/hub/api/users", f"/hub/api/users/{bob.escaped_name}", "/hub/api/proxy"]

    assert alice.get("/hub/admin").status == 403
    assert {alice.get(page).status for page in of_sign_up} <= {403, 404}
    assert {alice.api("GET", path).status for path in asked} <= {403, 404}
    assert alice.api("POST", f"/hub/api/users/{bob.escaped_name}/server", {}).status in (403, 404)
    assert alice.api("PATCH", f"/hub/api/users/{alice.escaped_name}", {"admin": True}).status in (403, 404)
    assert admin.get("/hub/admin").status == 200
    assert [admin.api("GET", path).status for path in asked] == [200] * 3


@pytest.mark.check("login-sign-up", profile="core", cls="c")
def test_who_signs_up_waits_for_an_admin(site, newcomer, admin):
    """A newcomer gets in without the operator, and not before an admin has said so."""
    told = newcomer.submit_sign_up(newcomer.typed, newcomer.password).expect(200).words
    early = site.visitor().submit_login(newcomer.typed, newcomer.password)
    wrong = site.visitor().submit_login(newcomer.typed, "wrong-" + newcomer.password)
    nobody = site.visitor().submit_login("nobody-of-that-name", newcomer.password)

    assert "An admin has to approve you" in told
    assert (early.status, "no admin has approved you yet" in early.words) == (LOGIN_FAILED, True)
    assert (wrong.status, wrong.words) == (LOGIN_FAILED, nobody.words)
    assert admin.get(f"/hub/authorize/{newcomer.escaped_name}?decision=approve").status == 405      # as any link would do it
    Approvals(admin).approve(newcomer.name)
    newcomer.sign_in()
    assert newcomer.start_server().status()["started"]


@pytest.mark.check("login-sign-up-names", profile="core", cls="c")
def test_nobody_signs_up_as_somebody_else(site, newcomer, admin, carol):
    """The names of admins, of those whom the operator lets in, and of who was first are not to be had by signing up."""
    newcomer.submit_sign_up(newcomer.typed, newcomer.password).expect(200)
    others = [site.user(name, "x" + newcomer.password) for name in (admin.typed, "ADMIN", carol.typed, newcomer.typed)]

    answers = [other.submit_sign_up(other.typed, other.password) for other in others]

    assert [(answer.status, "This name is taken" in answer.words) for answer in answers] == [(400, True)] * len(others)
    assert [other.submit_login(other.typed, other.password).status for other in others] == [LOGIN_FAILED] * len(others)
    assert [Approvals(admin).state_of(name) for name in (admin.name, carol.name, newcomer.name)] == ["", "", "waits"]
