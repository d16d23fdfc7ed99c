"""A websocket's wait ends when it says, whatever the other side does to keep the line alive."""

from threading import Event

import websocket

from acceptance.harness.site.channel import Channel
from acceptance.harness.site.transcript import Transcript
from acceptance.harness.stopwatch import Stopwatch

EVERY = 0.05  # seconds between two pings


class Pinging:
    """A socket whose other side pings again and again, sooner than any wait ends, and says nothing."""

    def settimeout(self, seconds):
        self.timeout = seconds

    def recv_data(self, control_frame=False):
        pings = 0
        while True:
            Event().wait(min(EVERY, self.timeout))
            if self.timeout < EVERY or pings > 100:
                raise websocket.WebSocketTimeoutException
            if control_frame:
                return websocket.ABNF.OPCODE_PING, b""
            pings += 1  # as the library does: the pong goes out, and the same wait begins anew


def test_pings_do_not_prolong_a_wait():
    with Stopwatch() as watch:
        assert Channel("wss://edge/", Pinging(), Transcript()).receive(0.2) is None
    assert watch.seconds < 2
