"""What hub, proxy and nginx say during a whole run, also in containers that are long gone."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock, Thread

import docker
import requests

from acceptance.harness.cluster.absences import EARLIER, ENDS, HEALTHY, Turn, away, serving
from acceptance.harness.cluster.engine import Engine
from acceptance.harness.cluster.log_judge import Spell
from acceptance.harness.cluster.log_records import Line, Record, records_in
from acceptance.harness.cluster.service import is_ended
from acceptance.harness.cluster.stack import NAMESPACE, Stack
from acceptance.harness.errors import EngineError, StackError
from acceptance.harness.stopwatch import Span
from acceptance.harness.wait import wait_until

SERVICE = "com.docker.swarm.service.name"
SERVICES = ("hub", "proxy", "nginx")  # as the stack file and its overlays call them
STAMPED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?\d*Z ?(.*)", re.DOTALL)
EVENTS = [*ENDS, "start", "health_status"]
ENDED_WITHIN = 10  # seconds from a log's end to the engine's word that the container has ended
HEARD_WITHIN = 20  # seconds from a request to its line


class Logbook:
    """Follows each container of the stack from its first line to its last, by connections of its own."""

    def __init__(self, engine: Engine, stack: Stack):
        self._engine, self._stack, self._lock = engine, stack, Lock()
        self._lines: list[Line] = []
        self._followed: set[str] = set()
        self._turns: list[Turn] = []
        self._unread: list[str] = []
        self._open: list = []
        self._stopped = False
        self._checks: list[tuple[str, datetime]] = []

    def start(self) -> None:
        """Follow what runs, and whatever starts from now on."""
        chosen = {"label": f"{NAMESPACE}={self._stack.name}"}
        events = self._engine.client.events(decode=True, filters={**chosen, "type": "container", "event": EVENTS})
        self._begin("events", lambda: self._hear(events), events)
        for container in self._engine.client.containers.list(all=True, ignore_removed=True, filters=chosen):
            service = container.labels.get(SERVICE, "")
            if container.status == "running":
                self._turns.append(Turn(self._short(service), container.id, HEALTHY, datetime.now(UTC)))
            self._follow(container.id, service)

    def stop(self) -> None:
        """Follow no longer."""
        self._stopped = True
        for stream in self._open:
            with suppress(OSError, AttributeError):  # the SDK closes the socket of a stream that may have ended meanwhile
                stream.close()

    def note_check(self, check_id: str) -> None:
        """A check begins, and the one before it is over."""
        self._checks.append((check_id, datetime.now(UTC)))

    def records(self) -> list[Record]:
        """What was said so far. Raises EngineError if some of it could not be read."""
        if self._unread:
            raise EngineError(f"the logs of the run are not whole: {'; '.join(self._unread)}")
        return self.heard()

    def heard(self) -> list[Record]:
        """What was said so far, as far as it could be read."""
        with self._lock:
            lines = list(self._lines)
        return records_in(lines)

    def wait_for(self, text: str, voices: set[str]) -> None:
        """Return when each of these has said a line with this text. Raises StackError if one has not in time."""
        wait_until(
            f"{sorted(voices)} to log {text}",
            lambda: voices <= {record.voice for record in self.records() if text in " ".join(record.lines)},
            deadline=HEARD_WITHIN,
            every=0.5,
        )

    def spells(self) -> list[Spell]:
        """The checks of the run, and the times in which one of AWAY was."""
        now = datetime.now(UTC)
        ends = [*(began for _, began in self._checks[1:]), now]
        checks = [Spell(name, began, end + EARLIER) for (name, began), end in zip(self._checks, ends, strict=False)]
        return checks + away(self._turns, now)

    def serving(self) -> list[Span]:
        """When each container of the stack served, as far as this engine told, from when the logbook was opened."""
        return serving(list(self._turns), datetime.now(UTC))

    def _hear(self, events) -> None:
        for event in events:
            told = event["Actor"]["Attributes"]
            service = told.get(SERVICE, "")
            at = datetime.fromtimestamp(event["timeNano"] / 1e9, UTC)
            self._turns.append(Turn(self._short(service), event["Actor"]["ID"], event["Action"], at))
            if event["Action"] == "start":
                self._follow(event["Actor"]["ID"], service)
        if not self._stopped:
            raise EngineError("the engine's events broke off")

    def _follow(self, ident: str, service: str) -> None:
        short = self._short(service)
        with self._lock:
            if short not in SERVICES or ident in self._followed:
                return
            self._followed.add(ident)
        # nginx writes a line a request to stdout, which is no log of errors.
        log = self._engine.client.api.logs(ident, stream=True, follow=True, timestamps=True, stdout=short != "nginx", stderr=True)
        self._begin(f"{short} {ident[:12]}", lambda: self._take(short, ident, log), log)

    def _take(self, service: str, ident: str, log) -> None:
        rest = ""
        for piece in log:
            *whole, rest = (rest + piece.decode(errors="replace")).split("\n")
            for text in whole:
                self._note(service, ident, text)
        if rest:
            self._note(service, ident, rest)
        if not self._stopped:  # the SDK takes a lost connection for the end of the log
            wait_until(f"the end of {ident[:12]}, whose log ended", lambda: is_ended(self._engine, ident), deadline=ENDED_WITHIN)

    def _note(self, service: str, ident: str, text: str) -> None:
        told = STAMPED.match(text)
        at = datetime.fromisoformat(f"{told[1]}{told[2] or ''}+00:00") if told else datetime.now(UTC)
        with self._lock:
            self._lines.append(Line(service, ident, at, told[3] if told else text))

    def _short(self, service: str) -> str:
        return service.removeprefix(f"{self._stack.name}_")

    def _begin(self, what: str, work: Callable[[], None], stream) -> None:
        def go() -> None:
            try:
                work()
            except (docker.errors.DockerException, requests.RequestException, EngineError, StackError, OSError) as error:
                self._unread.append(f"{what}: {type(error).__name__}: {error}")

        self._open.append(stream)
        Thread(target=go, name=f"log {what}", daemon=True).start()
