"""The spreads of a pair as they were: the last 200 or so, with `since` those from then on.
https://docs.kraken.com/exchange/api-reference/spot-rest/market-data/get-recent-spreads"""

from decimal import Decimal
from typing import Any

from exconn.sandbox.engine import Kind, NewOrder, Side

from .conftest import Client, Open


async def _spreads(client: Client, **asked: Any) -> list[list[Any]]:
    reply = (await client.public("Spread", pair="XBTUSD", **asked))["result"]
    rows: list[list[Any]] = reply["XXBTZUSD"]
    assert reply["last"] == rows[-1][0] if rows else True
    return rows


async def test_spreads_are_told_as_they_were(kraken: Open) -> None:
    async with kraken() as client:
        assert await _spreads(client) == []
        await client.place("buy", "0.1", "50000")
        assert await _spreads(client) == []  # which takes two sides
        await client.place("sell", "0.1", "60000")
        await client.place("buy", "0.1", "49000")  # and is not the depth
        await client.place("buy", "0.1", "51000")
        rows = await _spreads(client)
        assert [row[1:] for row in rows] == [["50000.0", "60000.0"], ["51000.0", "60000.0"]]
        assert await _spreads(client, since=rows[0][0]) == rows
        assert await _spreads(client, since=rows[-1][0] + 100) == []


async def test_the_latest_are_kept(kraken: Open) -> None:
    async with kraken() as client:
        await client.place("sell", "0.1", "60000")
        exchange, now = client.sandbox.exchange, client.sandbox.now_ns()
        for step in range(210):
            price = Decimal(50000 + step)
            exchange.place("bob", NewOrder("BTC-USD", Side.BUY, Kind.LIMIT, Decimal("0.001"), price), now + step)
        rows = await _spreads(client)
        assert (len(rows), rows[0][1], rows[-1][1]) == (200, "50010.0", "50209.0")
