"""One start of a server: asked for, followed by the hub's progress, ended by ready or by the reason."""

import re
import time
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

from acceptance.harness.errors import StackError
from acceptance.harness.site.answer import SHOWN, Answer, Refused
from acceptance.harness.site.progress import Event, events_in
from acceptance.harness.site.visitor import Visitor

QUIET = 30.0  # seconds; the hub's event stream says something every 8
SOURCE = re.compile(r"""new EventSource\(["']([^"']+)["']""")  # in JupyterHub's spawn_pending.html
FORM, ON_ITS_WAY, FAILED = 200, 302, 500  # what the spawn page answers


class SpawnFailed(StackError):
    """The hub said that the server did not start: `reason` in its own words, `events` that it told before."""

    def __init__(self, what: str, reason: str, events: list[Event]) -> None:
        super().__init__(f"{what} did not start; the hub says: {reason}; before that it told: {_told(events[:-1])}")
        self.reason, self.events = reason, events


class Spawn:
    """The start of one server. `page` is where a person asks for it, `api` where a script does."""

    def __init__(self, visitor: Visitor, what: str, page: str, api: str) -> None:
        self._visitor, self._what, self._page, self._api = visitor, what, page, api

    def by_page(self) -> None:
        """Asks by opening the spawn page, which the hub holds for at most 1 s.

        A form of options is sent as it stands. Raises SpawnFailed when it failed within that second, Refused
        when the hub would not try.
        """
        answer = self._visitor.get(self._page)
        if answer.status == FORM:
            self.by_form(answer.fields)
            return
        if answer.location.startswith("/hub/login"):
            answer.expect(FORM)
        self._judge(answer, ON_ITS_WAY)

    def by_form(self, fields: dict[str, str]) -> None:
        """Asks by the form of options on the spawn page, filled in so. Raises like `by_page`."""
        token = quote(self._visitor.wire.cookie("_xsrf", self._page), safe="")
        self._judge(self._visitor.post(f"{self._page}?_xsrf={token}", fields), ON_ITS_WAY)

    def by_api(self, options: dict[str, Any]) -> None:
        """Asks by the hub's API, which holds the request for at most 10 s. Raises like `by_page`."""
        self._judge(self._visitor.api("POST", self._api, {"user_options": options}), 201, 202)

    def events(self, deadline: float, path: str = "") -> Iterator[Event]:
        """The hub's progress as it comes, from `path` or where the API has it. Raises Refused (400) when nothing is starting."""
        with self._visitor.stream(path or f"{self._api}/progress", within=QUIET) as answer:
            yield from events_in(_until(deadline, answer.iter_lines(chunk_size=1), self._what))

    def events_on(self, page: Answer, deadline: float) -> Iterator[Event]:
        """What this pending page shows, as it comes, from where its own script takes it.

        Raises StackError when the page asks for nothing: it would stay as it is for ever.
        """
        named = SOURCE.search(page.text)
        if not named:
            raise StackError(f"{page.url} asks for no progress, so it leads nowhere; it says: {page.words[:SHOWN]}")
        return self.events(deadline, unescape(named[1]))

    def wait(self, deadline: float) -> list[Event]:
        """Follows the progress to its end. Raises SpawnFailed, or StackError after `deadline` seconds."""
        events: list[Event] = []
        try:
            events.extend(self.events(deadline))
        except Refused:
            raise
        except StackError as error:  # from whatever waits for all of it, too (endings.at_most)
            raise StackError(f"{error}; of {self._what} the hub had told: {_told(events)}") from error
        if not events or not (events[-1].ready or events[-1].failed):
            raise StackError(f"the hub's progress of {self._what} broke off; it told: {_told(events)}")
        if events[-1].failed:
            raise SpawnFailed(self._what, events[-1].message, events)
        return events

    def _judge(self, answer: Answer, *fine: int) -> None:
        """Raises what went wrong. The page of a sudden failure may hide the reason; the progress has it."""
        if answer.status != FAILED:
            answer.expect(*fine)
            return
        last = list(self.events(QUIET))[-1:]
        raise SpawnFailed(self._what, last[0].message if last else answer.words, last)


def _told(events: Iterable[Event]) -> str:
    return " / ".join(event.message for event in events) or "nothing"


def _until(deadline: float, lines: Iterable[bytes], what: str) -> Iterator[bytes]:
    """The lines, for at most `deadline` seconds."""
    end = time.monotonic() + deadline
    for line in lines:
        yield line
        if time.monotonic() > end:
            raise StackError(f"waited {deadline:.0f} s for {what}")
