"""The exchange's clock: right, until a fault sets it wrong.

Rules:
- `now_ns` is what the exchange says and stamps; `true_ns` never is wrong, and measures what clients cannot see: rate
  limits, how old a state is.
- Rates are parts per million: at +50 the clock gains 50 microseconds a second.
- Who waits for a time of this clock is told when it is set, as then the wait is another.
"""

from __future__ import annotations

from collections.abc import Callable


class ExchangeClock:
    """Reads a right clock, with an error of its own."""

    __slots__ = ("_offset_ns", "_ppm", "_since_ns", "_waiting", "true_ns")

    def __init__(self, true_ns: Callable[[], int]) -> None:
        self.true_ns = true_ns
        self._offset_ns = self._since_ns = 0
        self._ppm = 0.0
        self._waiting: list[Callable[[], None]] = []

    def now_ns(self) -> int:
        """What this clock says: nanoseconds since 1970."""
        return self.true_ns() + self.error_ns()

    def error_ns(self) -> int:
        """How far this clock is ahead."""
        return self._offset_ns + (round((self.true_ns() - self._since_ns) * self._ppm * 1e-6) if self._ppm else 0)

    def step(self, seconds: float) -> None:
        """Set the clock forward (or back, if negative) by `seconds`."""
        self._offset_ns += round(seconds * 1e9)
        self._tell()

    def drift(self, ppm: float) -> None:
        """Run at this rate from now on; what was gained or lost until now stays."""
        self._offset_ns = self.error_ns()
        self._since_ns = self.true_ns()
        self._ppm = ppm
        self._tell()

    def tell(self, waiting: Callable[[], None]) -> None:
        """Call this whenever the clock is set, from now on."""
        self._waiting.append(waiting)

    def _tell(self) -> None:
        for waiting in self._waiting:
            waiting()
