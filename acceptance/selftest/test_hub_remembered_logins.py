"""A server believes the hub as long as it answers, and its own memory only while it does not."""

import asyncio

import aiohttp
import pytest
import remembered_logins
from remembered_logins import RememberedLogins
from tornado.web import HTTPError


class Hub:
    """HubAuth's question, answered in turn with these; exceptions are raised as HubAuth raises them."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    async def __call__(self, url, api_token, cache_key, use_cache):
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, type):
            try:
                raise answer
            except answer:
                raise HTTPError(500, "Failed to connect to Hub API")  # noqa: B904 - as HubAuth does
        if isinstance(answer, HTTPError):
            raise answer
        await asyncio.sleep(answer.get("slow", 0) if answer else 0)
        return answer


def ask(logins, times=1, key="token:1", use_cache=True):
    """The answer to the last of so many questions."""

    async def all_of_them():
        return [await logins("http://hub/api/user", "t", key, use_cache) for _ in range(times)][-1]

    return asyncio.run(all_of_them())


ANN = {"name": "ann"}
AWAY = [aiohttp.ClientError, OSError, TimeoutError]


@pytest.mark.parametrize("away", [*AWAY, HTTPError(502)])
def test_whom_the_hub_knew_is_known_while_it_is_away(away):
    assert ask(RememberedLogins(Hub(ANN, away)), 2) == ANN


@pytest.mark.parametrize("away", [*AWAY, HTTPError(502)])
def test_a_stranger_stays_one(away):
    with pytest.raises(HTTPError):
        ask(RememberedLogins(Hub(away)))


def test_a_hub_that_answers_is_believed():
    assert ask(RememberedLogins(Hub(ANN, None)), 2) is None
    with pytest.raises(HTTPError):
        ask(RememberedLogins(Hub(ANN, HTTPError(500, "I may need a new token"))), 2)


def test_a_login_that_has_ended_is_forgotten_for_good():
    with pytest.raises(HTTPError):
        ask(RememberedLogins(Hub(ANN, None, OSError)), 3)


def test_one_login_is_not_another():
    logins = RememberedLogins(Hub(ANN, OSError))
    ask(logins)
    with pytest.raises(HTTPError):
        ask(logins, key="token:2")


def test_a_hub_that_is_away_is_not_asked_for_a_while():
    hub = Hub(ANN, OSError)
    assert ask(RememberedLogins(hub), 20) == ANN
    assert hub.asked == 2


def test_and_then_again(monkeypatch):
    monkeypatch.setattr(remembered_logins, "ASK_AGAIN", 0)
    hub = Hub(ANN, OSError, {"name": "ann", "groups": ["new"]})
    assert ask(RememberedLogins(hub), 3) == {"name": "ann", "groups": ["new"]}


def test_nobody_waits_long_for_it(monkeypatch):
    monkeypatch.setattr(remembered_logins, "ANSWER_WITHIN", 0.01)
    assert ask(RememberedLogins(Hub(ANN, {"name": "late", "slow": 5})), 2) == ANN


def test_memory_ends(monkeypatch):
    monkeypatch.setattr(remembered_logins, "REMEMBERED", 0)
    with pytest.raises(HTTPError):
        ask(RememberedLogins(Hub(ANN, OSError)), 2)


def test_who_wants_the_hubs_own_word_gets_it():
    with pytest.raises(HTTPError):
        ask(RememberedLogins(Hub(ANN, OSError)), 2, use_cache=False)


def test_it_stands_before_the_question_that_jupyterhub_asks():
    """Source: jupyterhub.services.auth.HubAuth.user_for_token."""
    from jupyterhub.services.auth import HubAuth

    names = HubAuth._check_hub_authorization.__code__.co_varnames
    assert names[:5] == ("self", "url", "api_token", "cache_key", "use_cache")
