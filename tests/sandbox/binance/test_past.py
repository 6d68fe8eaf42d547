"""Candles of the time before the sandbox began: as many as are asked for, that fit together, and end where it began."""

from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox import Dialect
from exconn.sandbox.engine import Minute
from exconn.sandbox.past import Past
from exconn.testing.virtual import World

from .conftest import OpenExchange

D = Decimal
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
KLINES = "/api/v3/klines?symbol=BTCUSDT&interval="


def together(parts: list[list[Any]]) -> list[Any]:
    """What several candles are as one: open, high, low, close, volume, quote, trades, bought, bought quote."""
    columns = list(zip(*parts, strict=True))
    sums = [sum(map(D, columns[index])) for index in (5, 7, 8, 9, 10)]
    return [D(columns[1][0]), max(map(D, columns[2])), min(map(D, columns[3])), D(columns[4][-1]), *sums]


INTERVALS = [("1m", MINUTE), ("5m", 5 * MINUTE), ("1h", HOUR), ("4h", 4 * HOUR), ("1d", DAY)]


@pytest.mark.parametrize(("interval", "length"), INTERVALS)
async def test_as_many_as_are_asked_for(
    open_exchange: OpenExchange, virtual_world: World, shipped: Dialect, interval: str, length: int
) -> None:
    async with open_exchange(dialect=shipped) as client:
        found = await client.get(f"{KLINES}{interval}")
        now = client.now_ms
        last = (now - now % MINUTE - 1) // length * length
        assert [each[0] for each in found] == [last - number * length for number in reversed(range(500))]
        assert [each[6] for each in found] == [each[0] + length - 1 for each in found]
        for _, opened, high, low, close, volume, _, quote, trades, bought, bought_quote, _ in found:
            assert D(low) <= min(D(opened), D(close)) <= max(D(opened), D(close)) <= D(high)
            assert D(low) * D(volume) <= D(quote) <= D(high) * D(volume)
            assert 0 <= D(bought) <= D(volume) and 0 <= D(bought_quote) <= D(quote) and trades > 0
        assert [each[1] for each in found[1:]] == [each[4] for each in found[:-1]]
        assert found[-1][4] == "65000.00000000"


LONGER = [("1h", "1m", HOUR, 60, 3), ("1d", "1h", DAY, 24, 3), ("3d", "1d", 3 * DAY, 3, 3), ("1d", "1h", DAY, 24, 50)]


@pytest.mark.parametrize(("whole", "part", "length", "count", "ago"), LONGER)
async def test_longer_ones_are_what_shorter_ones_add_up_to(
    open_exchange: OpenExchange,
    virtual_world: World,
    shipped: Dialect,
    whole: str,
    part: str,
    length: int,
    count: int,
    ago: int,
) -> None:
    async with open_exchange(dialect=shipped) as client:
        start = (client.now_ms // length - ago) * length
        (one,) = await client.get(f"{KLINES}{whole}&startTime={start}&limit=1")
        parts = await client.get(f"{KLINES}{part}&startTime={start}&limit={count}")
        assert (len(parts), one[0], parts[-1][6]) == (count, start, one[6])
        assert [*map(D, one[1:6]), *map(D, one[7:11])] == together(parts)


async def test_days_of_a_zone(open_exchange: OpenExchange, virtual_world: World, shipped: Dialect) -> None:
    async with open_exchange(dialect=shipped) as client:
        (day,) = await client.get(f"{KLINES}1d&timeZone=5:30&limit=1&endTime={client.now_ms - 3 * DAY}")
        minutes = await client.get(f"{KLINES}30m&startTime={day[0]}&limit=48")
        assert (day[0] + 5 * HOUR + 30 * MINUTE) % DAY == 0
        assert [*map(D, day[1:6]), *map(D, day[7:11])] == together(minutes)


async def test_the_past_and_the_present_are_one(
    open_exchange: OpenExchange, virtual_world: World, shipped: Dialect
) -> None:
    async with open_exchange(dialect=shipped) as client, client.stream("/ws/btcusdt@kline_1h") as socket:
        before = await client.get(f"{KLINES}1h&limit=2")
        await client.limit("bob", "SELL", "1", "90000")
        await client.limit("alice", "BUY", "1", "90000")
        after = await client.get(f"{KLINES}1h&limit=2")
        assert (after[0], after[1][:2]) == (before[0], before[1][:2])
        assert (after[1][2], after[1][4]) == ("90000.00000000", "90000.00000000")
        assert D(after[1][5]) == D(before[1][5]) + 1
        assert after[1][8] == before[1][8] + 1
        told = (await socket.next())["k"]
        assert [told[name] for name in ("t", "o", "h", "c", "v", "f", "L", "n")] == [
            *(after[1][index] for index in (0, 1, 2, 4, 5)), 1, 1, after[1][8],
        ]  # fmt: skip
        assert len(await client.get(f"{KLINES}1s")) == 1
        assert (await client.get("/api/v3/ticker/24hr?symbol=BTCUSDT"))["count"] == 1
        assert len(await client.get("/api/v3/trades?symbol=BTCUSDT")) == 1


def test_it_depends_on_the_seed_alone(shipped: Dialect) -> None:
    venue = shipped.venue

    def told(seed: int, *asked: int) -> list[Minute]:
        past = Past(venue.instruments, venue.prices, seed, 1_700_000_000_000_000_000, 23)
        for step in asked:
            list(past.parts("ETH-BTC", step))
        return list(past.parts("ETH-BTC", 60))

    assert told(1) == told(1, 1440, 1) != told(2)
    assert list(Past(venue.instruments, venue.prices, 1, 0, 0).parts("ETH-BTC", 60)) == []


async def test_every_pair_has_one_and_it_ends(
    open_exchange: OpenExchange, virtual_world: World, shipped: Dialect
) -> None:
    async with open_exchange(dialect=shipped) as client:
        for pair in ("DOGEUSDT", "LTCBTC"):
            found = await client.get(f"/api/v3/klines?symbol={pair}&interval=1d&limit=1000")
            assert len(found) == 501
            assert all(D(each[3]) > 0 for each in found)
        far = client.now_ms - 100 * DAY
        assert await client.get(f"{KLINES}15m&endTime={far}") == []  # of days that long ago only hours are made
        assert len(await client.get(f"{KLINES}30m&limit=1000")) == 1000
        months = await client.get(f"{KLINES}1M")
        assert months[-1][4] == "65000.00000000"
        assert 16 <= len(months) <= 18
