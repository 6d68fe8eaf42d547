"""A client's own clock in the virtual world: the world's time, set wrong, stepped, or running fast.

Only the wall time can be wrong; the monotonic time is always the world's. Rates are parts per million: at +50 the clock
gains 50 microseconds a second.
"""

from exconn.testing.virtual.loop import VirtualLoop

__all__ = ["VirtualClock"]


class VirtualClock:
    """Reads virtual time; right until `step` or `drift` is called."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._offset_ns = 0
        self._ppm = 0.0
        self._drifting_since = 0.0

    def wall_ns(self) -> int:
        """What this clock says: nanoseconds since 1970."""
        return self._loop.wall_ns() + self.error_ns()

    def monotonic(self) -> float:
        """Virtual seconds since the world began; never stepped."""
        return self._loop.time()

    def error_ns(self) -> int:
        """How far this clock is ahead of the world's."""
        return self._offset_ns + round((self._loop.time() - self._drifting_since) * self._ppm * 1e3)

    def step(self, seconds: float) -> None:
        """Set the clock forward (or back, if negative) by `seconds`."""
        self._offset_ns += round(seconds * 1e9)

    def drift(self, ppm: float) -> None:
        """Run at this rate from now on; what was gained or lost until now stays."""
        self._offset_ns = self.error_ns()
        self._drifting_since = self._loop.time()
        self._ppm = ppm
