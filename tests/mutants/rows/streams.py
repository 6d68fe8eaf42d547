"""Streams: what is done about all that one does not tell, and how its connections are kept."""

import asyncio

from msgspec.structs import replace

from ..mutant import mutant

_NEVER = 1e9
_CONNECTION = "exconn.market.connection:"


@mutant(
    20, "what a stream missed is never read again", "exconn.market.reconcile:Reconciler.fills", ["I2"], ["drop_frame"]
)
def fills_not_read_again(right):
    async def fills(self):
        """The stream will have told them."""

    return fills


@mutant(
    21,
    "nothing is polled while the stream is fresh",
    "exconn.market.polling:StatusPolling._interval",
    ["I1", "I2", "I4", "I7", "I9"],
    ["drop_frame"],
)
def fresh_stream_is_believed(right):
    return lambda self: _NEVER if self._stream_is_fresh() else right(self)


@mutant(31, "a ping of our own is a sign of life", f"{_CONNECTION}Connection._ping", ["I14"], ["stall"])
def own_ping_is_life(right):
    async def ping(self):
        await right(self)
        self._last_frame = self._wire.time.steady()

    return ping


@mutant(
    33, "a stream whose login was taken away is over", "exconn.market.websocket:Stream.run", ["I14"], ["expire_login"]
)
def expired_login_stays(right):
    async def run(self):
        serving = self._serve

        async def serve(each, context):
            lived, why = await serving(each, context)
            if self.socket.login is not None and "4001" in why:
                await asyncio.Event().wait()
            return lived, why

        self._serve = serve
        await right(self)

    return run


@mutant(
    34,
    "a connection that is lost is made again at once",
    "exconn.market.websocket:Stream.run",
    ["I11"],
    ["refuse_subscribe", "garbage_frame"],
)
def no_backoff(right):
    async def run(self):
        self._backoff = replace(self._backoff, greatest=0.0)
        self._budget_delay = lambda lived: 0.0
        await right(self)

    return run
