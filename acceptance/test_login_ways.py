"""Each way to log in, against the real thing that it is for; and in none of them does a header make anybody."""

from urllib.parse import urlsplit

import pytest

from acceptance.harness.site import Impostor

PAGES = ["/hub/home", "/hub/login", "/hub/header_login", "/hub/oauth_login", "/hub/oauth_callback"]
CLAIMS = ("Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Auth-Request-User", "X-Edge-User")
REFUSED = 403


def claiming(name, **more):
    """The headers by which proxies tell who somebody is, and a guess at what ours adds."""
    return {**dict.fromkeys(CLAIMS, name), "Authorization": "Edge guessed", **more}


def gained_by_headers(site, insider, name):
    """What it brings to claim to be somebody, outside and in a notebook."""
    return Impostor(site.visitor()).gains(PAGES, name, claiming(name)) + insider.gains(PAGES, claiming(name))


def may_administer(person):
    """Whether the admin page opens."""
    return person.get("/hub/admin").expect(200, REFUSED).status != REFUSED


@pytest.mark.check("login-spoof", profile="core", cls="c")
def test_nobody_becomes_another_by_a_header(site, insider, bob):
    """A header that claims to be somebody is just text, from outside and from inside a notebook."""
    assert gained_by_headers(site, insider, bob.name) == []


@pytest.mark.check("login-ldap", profile="full", cls="d")
def test_people_of_a_directory_log_in(change, overlays, directory, admit, site, insider):
    """Who is in the institution's directory, and in the course, logs in with the password they have there; nobody else."""
    student, boss, outsider = [admit(one) for one in (*directory.students[:2], directory.outsider)]
    change(OVERLAYS=overlays("stack/ldap.yml"), ADMIN_USERS=boss.typed, **directory.settings)
    student.sign_in()
    boss.sign_in()
    tries = {"a wrong password": (student.typed, "wrong-" + student.password), "none": (student.typed, ""),
             "blanks": (student.typed, "    "), "a pattern for a name": (student.typed[:-1] + "*", student.password),
             "nobody of the course": (outsider.typed, outsider.password)}
    answers = {what: site.visitor().submit_login(*given).status for what, given in tries.items()}

    assert {what: status for what, status in answers.items() if status != REFUSED} == {}
    assert [may_administer(person) for person in (student, boss)] == [False, True]
    assert gained_by_headers(site, insider, boss.name) == []


@pytest.mark.check("ldap-search", profile="full", cls="d")
def test_people_of_a_directory_are_looked_up(change, overlays, directory, admit, site):
    """Where no template tells a user's entry, as in Active Directory, it is looked up; the account for that logs in nowhere."""
    student = admit(directory.students[2])
    change(OVERLAYS=overlays("stack/ldap.yml", "stack/ldap-search.yml"), **directory.searched)
    student.sign_in()
    others = [(student.typed, "wrong-" + student.password)]
    others += [(one.name, one.password) for one in (directory.outsider, directory.technical)]

    assert [site.visitor().submit_login(*given).status for given in others] == [REFUSED] * len(others)


@pytest.mark.check("ldap-tls", profile="full", cls="d")
def test_passwords_go_to_the_right_directory_only(change, overlays, directory, site):
    """Whoever answers in the directory's place with another certificate gets nobody's password."""
    change(OVERLAYS=overlays("stack/ldap.yml"), **{**directory.settings, "LDAP_CA": str(site.ca)})
    student = directory.students[0]
    answer = site.visitor().submit_login(student.name, student.password)

    assert (answer.status, "cannot be asked just now" in answer.words) == (503, True)


@pytest.mark.check("login-oauth", profile="full", cls="d")
def test_people_of_a_provider_log_in(change, overlays, provider, oauth_client, accounts, site, insider):
    """Who signs in at the institution's provider, and is in the course, comes back logged in; nobody else."""
    groups = {"student": ["course"], "boss": [], "stranger": ["another course"]}
    names = {who: provider.enter(accounts.take().name, groups=theirs) for who, theirs in groups.items()}
    change(OVERLAYS=overlays("stack/oauth.yml"), ADMIN_USERS=names["boss"], ALLOWED_GROUPS="course", **oauth_client)
    visitors = {who: site.visitor() for who in names}
    pages = {who: one.get("/hub/oauth_login?next=%2Fhub%2Ftoken").expect(302).location for who, one in visitors.items()}
    returns = {who: provider.sign_in(page, names[who]) for who, page in pages.items()}
    thief = site.visitor().get(returns["student"])
    arrived = {who: visitor.get(returns[who], follow=True) for who, visitor in visitors.items()}

    assert {who: answer.status for who, answer in arrived.items()} == {"student": 200, "boss": 200, "stranger": REFUSED}
    assert urlsplit(arrived["student"].url).path == "/hub/token"
    assert [visitor.is_signed_in() for visitor in visitors.values()] == [True, True, False]
    assert [may_administer(visitors[who]) for who in ("student", "boss")] == [False, True]
    assert thief.status == 400
    assert gained_by_headers(site, insider, names["boss"]) == []


@pytest.mark.check("login-header", profile="full", cls="d")
def test_people_are_who_the_proxy_in_front_says(change, overlays, front_door, arrive, site, insider):
    """Who signs in at the institution's own proxy is signed in here; nobody else can say who they are."""
    accounts = dict(zip(("student", "boss", "stranger"), front_door.people, strict=True))
    names = {who: account.name for who, account in accounts.items()}
    chosen = {"ADMIN_USERS": names["boss"], "ALLOWED_USERS": names["student"]}
    change(OVERLAYS=overlays("stack/header.yml"), **chosen, **front_door.settings)
    people = {who: arrive(account) for who, account in accounts.items()}
    arrived = {who: person.get("/hub/home", follow=True).status for who, person in people.items()}
    liar = arrive(accounts["student"])
    liar.get("/hub/header_login", headers=claiming(names["boss"])).expect(302)
    kernel = people["student"].start_server().start_kernel()
    from_the_proxy = claiming(names["student"], **{"X-Forwarded-For": front_door.counterpart.address})

    assert arrived == {"student": 200, "boss": 200, "stranger": REFUSED}
    assert kernel.run("import os; print(os.environ['JUPYTERHUB_USER'])") == f"{names['student']}\n"
    assert [may_administer(one) for one in (people["student"], people["boss"], liar)] == [False, True, False]
    assert gained_by_headers(site, insider, names["student"]) == []
    assert Impostor(site.visitor()).gains(PAGES, names["student"], from_the_proxy) == []
    assert insider.gains(PAGES, claiming(names["student"], Authorization=f"Edge {front_door.edge_secret}"))
