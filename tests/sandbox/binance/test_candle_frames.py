"""Candles on a stream: each is told until it is closed, and once as closed, whatever has begun since.

web-socket-streams.md: `x` says whether a kline is closed.
"""

from typing import Any

from exconn.testing.virtual import World

MINUTE = 60_000


async def trade_at(client: Any, socket: Any, moment_ms: int, price: str) -> None:
    """A trade of 0.1 at a moment to come; what is told until then is kept."""
    await socket.rest((moment_ms - client.now_ms) / 1000)
    await client.limit("bob", "SELL", "0.1", price)
    await client.limit("alice", "BUY", "0.1", price)


def told(socket: Any, minute: int) -> list[tuple[int, int, bool, str]]:
    """The candles that were told: which minute, how many trades, whether it is closed, its last price."""
    candles = [frame["k"] for frame in socket.events]
    return [((each["t"] - minute) // MINUTE, each["n"], each["x"], each["c"]) for each in candles]


async def test_what_was_traded_last_is_told_when_the_next_candle_has_begun(
    open_exchange: Any, virtual_world: World
) -> None:
    async with open_exchange() as client, client.stream("/ws/btcusdt@kline_1m") as socket:
        minute = client.now_ms - client.now_ms % MINUTE + MINUTE
        await trade_at(client, socket, minute + 10_000, "60000")
        await trade_at(client, socket, minute + 59_700, "60001")
        await trade_at(client, socket, minute + 60_300, "60002")
        await socket.rest(3)
        assert told(socket, minute) == [
            (0, 1, False, "60000.00000000"),
            (0, 2, True, "60001.00000000"),
            (1, 1, False, "60002.00000000"),
        ]


async def test_a_candle_is_closed_once(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws/btcusdt@kline_1m") as socket:
        minute = client.now_ms - client.now_ms % MINUTE + MINUTE
        await trade_at(client, socket, minute + 10_000, "60000")
        await socket.rest(60)
        for price in range(50000, 50005):
            await client.limit("alice", "BUY", "0.1", str(price))
            await socket.rest(2)
        await trade_at(client, socket, minute + 200_000, "60001")
        await socket.rest(3)
        assert told(socket, minute) == [
            (0, 1, False, "60000.00000000"),
            (0, 1, True, "60000.00000000"),
            (3, 1, False, "60001.00000000"),
        ]


async def test_candles_of_a_second_are_all_told(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws/btcusdt@kline_1s") as socket:
        start = client.now_ms - client.now_ms % 1000 + 5000
        for number in range(6):
            await trade_at(client, socket, start + 700 * number, str(60000 + number))
        await socket.rest(5)
        last = {candle["t"]: (candle["n"], candle["c"][:5], candle["x"]) for candle in (e["k"] for e in socket.events)}
        assert last == {
            start: (2, "60001", True),
            start + 1000: (1, "60002", True),
            start + 2000: (2, "60004", True),
            start + 3000: (1, "60005", False),
        }


async def test_nothing_is_told_of_what_was_closed_before(
    open_exchange: Any, virtual_world: World, shipped: Any
) -> None:
    """Not of the made past either."""
    async with open_exchange(dialect=shipped) as client, client.stream("/ws/btcusdt@kline_1m") as socket:
        minute = client.now_ms - client.now_ms % MINUTE + MINUTE
        await trade_at(client, socket, minute + 10_000, "60000")
        await socket.rest(3)
        assert told(socket, minute) == [(0, 1, False, "60000.00000000")]
