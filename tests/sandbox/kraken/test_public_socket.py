"""Public channels of websocket v2: acknowledgements, books with their checksum, trades, heartbeats."""

import asyncio
import json
import zlib
from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.checksums import Checksum

from .conftest import Open, Stream

# https://docs.kraken.com/exchange/guides/websockets/book-checksum-v2: the worked example of the page
BIDS = (
    ("45283.5", "0.10000000"),
    ("45283.4", "1.54582015"),
    ("45282.1", "0.10000000"),
    ("45281.0", "0.10000000"),
    ("45280.3", "1.54592586"),
    ("45279.0", "0.07990000"),
    ("45277.6", "0.03310103"),
    ("45277.5", "0.30000000"),
    ("45277.3", "1.54602737"),
    ("45276.6", "0.15445238"),
)
ASKS = (
    ("45285.2", "0.00100000"),
    ("45286.4", "1.54571953"),
    ("45286.6", "1.54571109"),
    ("45289.6", "1.54560911"),
    ("45290.2", "0.15890660"),
    ("45291.8", "1.54553491"),
    ("45294.7", "0.04454749"),
    ("45296.1", "0.35380000"),
    ("45297.5", "0.09945542"),
    ("45299.5", "0.18772827"),
)


def _levels(texts: tuple[tuple[str, str], ...]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(price), Decimal(size)) for price, size in texts]


def test_the_checksum_of_the_page() -> None:
    checksum = Checksum(10, "asks_bids", "stripped")
    assert checksum.of(_levels(BIDS), _levels(ASKS), str, str) == 3310070434


def test_the_other_habit_of_checksums() -> None:
    levels = [(Decimal("3366.1"), Decimal(7)), (Decimal(3366), Decimal(6))]
    asks = [(Decimal("3366.8"), Decimal(9))]
    said = zlib.crc32(b"3366.1:7:3366.8:9:3366:6")
    checksum = Checksum(25, "interleaved", "written", ":", signed=True)
    assert checksum.of(levels, asks, str, str) == said - (1 << 32 if said >= 1 << 31 else 0)


class Copy:
    """A client's book: levels by price, cut to its depth after every frame."""

    def __init__(self, depth: int) -> None:
        self.depth, self.sides = depth, {"bids": {}, "asks": {}}  # type: ignore[var-annotated]

    def apply(self, data: dict[str, Any]) -> None:
        for side, levels in self.sides.items():
            for level in data[side]:
                if level["qty"]:
                    levels[level["price"]] = level["qty"]
                else:
                    levels.pop(level["price"], None)
            for price in self.best(side)[self.depth :]:
                del levels[price]

    def best(self, side: str) -> list[Decimal]:
        return sorted(self.sides[side], reverse=side == "bids")

    @property
    def checksum(self) -> int:
        digits = "".join(
            str(number).replace(".", "").lstrip("0")
            for side in ("asks", "bids")
            for price in self.best(side)[:10]
            for number in (price, self.sides[side][price])
        )
        return zlib.crc32(digits.encode())


@pytest.mark.parametrize("depth", [10, 25])
async def test_a_book_is_followed_by_its_checksum(kraken: Open, depth: int) -> None:
    async with kraken(life_every=0.002, seed=5) as client, client.stream() as stream:
        ack = await stream.ask("subscribe", 5, channel="book", symbol=["BTC/USD"], depth=depth)
        assert {"time_in", "time_out"} < set(ack)
        assert (ack["method"], ack["success"], ack["req_id"]) == ("subscribe", True, 5)
        assert ack["result"] == {"channel": "book", "symbol": "BTC/USD", "depth": depth, "snapshot": True}
        copy, kinds = Copy(depth), []
        for _ in range(60):
            frame = await stream.next()
            (data,) = frame["data"]
            copy.apply(data)
            kinds.append(frame["type"])
            assert copy.checksum == data["checksum"]
        assert kinds == ["snapshot"] + ["update"] * 59


async def test_a_fault_of_the_checksum_is_seen(kraken: Open) -> None:
    async with kraken(life_every=0.002, seed=5) as client, client.stream() as stream:
        await stream.ask("subscribe", channel="book", symbol=["BTC/USD"])
        fault = json.dumps({"fault": "bad_checksum", "symbol": "BTC/USD"})
        url = f"http://127.0.0.1:{client.port}/_exconn/fault"
        async with client.session.post(url, data=fault, headers={"X-Exconn-Token": "t"}) as reply:
            assert reply.status == 200, await reply.text()
        copy = Copy(10)
        differences = 0
        for _ in range(30):
            (data,) = (await stream.next())["data"]
            copy.apply(data)
            differences += copy.checksum != data["checksum"]
        assert differences


ACKS = [
    ({"channel": "ticker"}, {"channel": "ticker", "symbol": "ETH/USD", "snapshot": True, "event_trigger": "trades"}),
    ({"channel": "trade", "snapshot": True}, {"channel": "trade", "symbol": "ETH/USD", "snapshot": True}),
]


@pytest.mark.parametrize(("params", "result"), ACKS)
async def test_channels_of_a_symbol(kraken: Open, params: dict[str, Any], result: dict[str, Any]) -> None:
    async with kraken(life_every=0.01, seed=1) as client, client.stream() as stream:
        assert (await stream.ask("subscribe", symbol=["ETH/USD"], **params))["result"] == result
        first, second = await stream.next(), await stream.next()
        assert [first["type"], second["type"]] == ["snapshot", "update"]
        assert all(row["symbol"] == "ETH/USD" for frame in (first, second) for row in frame["data"])


async def test_each_symbol_is_answered_by_itself(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        await stream.send("subscribe", 9, channel="book", symbol=["NO/PE", "BTC/USD"], snapshot=False)
        refused, taken = await stream.next(), await stream.next()
        assert refused["error"] == "Currency pair not supported NO/PE"
        assert (refused["symbol"], refused["success"], refused["req_id"]) == ("NO/PE", False, 9)
        assert taken["result"]["symbol"] == "BTC/USD"
        again = await stream.ask("subscribe", channel="book", symbol=["BTC/USD"])
        assert again["error"] == "Already subscribed"
        gone = await stream.ask("unsubscribe", 3, channel="book", symbol=["BTC/USD"])
        assert (gone["method"], gone["success"], gone["req_id"]) == ("unsubscribe", True, 3)
        assert (await stream.ask("unsubscribe", channel="book", symbol=["BTC/USD"]))[
            "error"
        ] == "Subscription Not Found"


async def test_instruments_pings_and_heartbeats(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        pong = await stream.ask("ping", 101)
        assert (pong["method"], pong["req_id"]) == ("pong", 101)
        assert (await stream.ask("subscribe", channel="instrument"))["success"] is True
        snapshot = (await stream.next())["data"]
        assert [asset["id"] for asset in snapshot["assets"]] == ["BTC", "USD", "ETH", "USDT", "DOGE"]
        pair = snapshot["pairs"][0]
        assert (pair["symbol"], pair["price_increment"], pair["qty_precision"]) == ("BTC/USD", Decimal("0.1"), 8)
        raw = await asyncio.wait_for(stream.socket.receive_str(), 3)
        assert json.loads(raw) == {"channel": "heartbeat"}


async def test_a_frame_that_says_nothing_known(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        unreadable = await _raw(stream, "{")
        assert (unreadable["error"], unreadable["method"], unreadable["success"]) == (
            "Malformed request",
            "error",
            False,
        )
        assert "req_id" not in unreadable
        unknown = await _raw(stream, '{"method": "sing", "req_id": 4}')
        assert (unknown["error"], unknown["method"], unknown["req_id"]) == ("Unsupported event", "sing", 4)
        ping = await _raw(stream, '{"method": "ping", "params": {}, "req_id": 5}')
        assert ping["error"] == "Unsupported field: 'params' for the given msg type: ping"
        assert (ping["method"], ping["success"], ping["req_id"]) == ("ping", False, 5)


async def _raw(stream: Stream, text: str) -> Any:
    await stream.socket.send_str(text)
    return await stream.next()


NOT_OFFERED: list[tuple[dict[str, Any], str]] = [
    ({"channel": "book", "depth": 7}, "Subscription depth not supported"),
    ({"channel": "ohlc", "interval": 2}, "Subscription ohlc interval not supported"),
    ({"channel": "book", "symbol": "BTC/USD"}, "Symbol field must be an array"),
    ({"channel": "book", "depth": "10"}, "Subscription book depth must be an integer"),
    ({"channel": "ohlc", "interval": "1"}, "Subscription ohlc interval must be an integer"),
    ({"channel": "books"}, "Subscription name invalid"),
]


@pytest.mark.parametrize(("params", "error"), NOT_OFFERED)
@pytest.mark.parametrize("method", ["subscribe", "unsubscribe"])
async def test_what_no_channel_offers(kraken: Open, method: str, params: dict[str, Any], error: str) -> None:
    async with kraken() as client, client.stream() as stream:
        refused = await stream.ask(method, 5, **{"symbol": ["BTC/USD"], **params})
        assert (refused["error"], refused["success"], refused["req_id"]) == (error, False, 5)
        assert "symbol" not in refused
