"""When a connection is pinged, and when it counts as dead.

Rules: a socket without pings of its own is probed with a protocol ping at half its silence, so that a quiet market is
no alarm; where pings are known to be answered, two and a half of them without any frame are enough. Times are steady
seconds.
"""

from msgspec import Struct

from exconn.codec import Ping

_PINGS_WITHOUT_AN_ANSWER = 2.5


class Pulse(Struct, frozen=True):
    """`longest`: the silence that the socket is allowed, in seconds."""

    ping: Ping | None
    longest: float

    def silence(self, answers_pings: bool) -> float:
        """Seconds without a frame after which the socket is dead."""
        interval = None if self.ping is None else self.ping.every or self.ping.after_silence
        if interval is None or not answers_pings:
            return self.longest
        return min(self.longest, _PINGS_WITHOUT_AN_ANSWER * interval)

    def ping_due(self, last_frame: float, last_ping: float) -> float:
        """When the next ping is to be sent."""
        if self.ping is not None and self.ping.every is not None:
            return last_ping + self.ping.every
        after = None if self.ping is None else self.ping.after_silence
        return max(last_frame, last_ping) + (self.longest / 2 if after is None else after)
