"""Limits and time: what the exchange says of both."""

from ..mutant import mutant


@mutant(44, "a 429 is an error like any other", "exconn.market.rest:hear_limits", ["I11"], ["rate_limited"])
def limits_unheard(right):
    def hear_limits(facts, limiter, costs, answer, each, now, ban):
        """Who does not ask need not wait."""

    return hear_limits


@mutant(
    41,
    "the exchange's time is asked for once",
    "exconn.market.clock_sync:ClockSync.sync",
    ["I1", "I2", "I7", "I9", "I14"],
    ["clock_step"],
)
def clock_read_once(right):
    async def sync(self, ask, samples=5):
        if self.round_trip is None:
            await right(self, ask, samples)

    return sync
