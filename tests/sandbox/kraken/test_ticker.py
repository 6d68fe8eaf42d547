"""The ticker of websocket v2, told at every trade or when the best prices change, as is asked for:
https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/ticker"""

from decimal import Decimal

import pytest

from .conftest import Client, Open

EVENTS = {"trades": [False, False, True], "bbo": [True, False, True]}
"""What is told of an order at the top, of one below it, and of a trade."""


@pytest.mark.parametrize("trigger", EVENTS)
async def test_what_a_ticker_is_told_at(kraken: Open, trigger: str) -> None:
    async with kraken() as client, client.stream() as stream:
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "1", "60000")
        ack = await stream.ask("subscribe", channel="ticker", symbol=["BTC/USD"], event_trigger=trigger)
        assert ack["result"]["event_trigger"] == trigger
        assert (await stream.next())["type"] == "snapshot"
        told = []
        for order in (("buy", "0.5", "59000"), ("buy", "0.5", "58000"), ("buy", "0.4", "60000")):
            await client.place(*order)
            await stream.send("ping")  # whose answer comes behind what was told before it
            frames = [await stream.next()]
            while frames[-1].get("method") != "pong":
                frames.append(await stream.next())
            told.append(len(frames) > 1)
        assert told == EVENTS[trigger]
        (row,) = frames[-2]["data"]
        assert (row["bid"], row["ask"], row["ask_qty"], str(row["last"])) == (
            59000,
            60000,
            Decimal("0.6"),
            "60000.0",
        )


async def test_both_triggers_are_heard_beside_each_other(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        asked = {"channel": "ticker", "symbol": ["BTC/USD"]}
        for trigger in ("trades", "bbo"):
            assert (await stream.ask("subscribe", event_trigger=trigger, **asked))["success"]
            assert (await stream.next())["type"] == "snapshot"
        assert (await stream.ask("unsubscribe", event_trigger="bbo", **asked))["success"]
        assert (await stream.ask("subscribe", **asked))["error"] == "Already subscribed"
        wrong = await stream.ask("subscribe", event_trigger="often", **asked)
        assert wrong["error"] == "EGeneral:Invalid arguments:event_trigger"
