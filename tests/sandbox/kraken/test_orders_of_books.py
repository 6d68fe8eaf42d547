"""Books order by order: the channel level3 with its checksum, Level3, and what PreTrade and PostTrade publish."""

import zlib
from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.checksums import Checksum

from .conftest import Client, Open, Stream


class Copy:
    """A client's orders of a book, as the guide keeps them: queues by price, cut to the depth after every frame."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.sides: dict[str, dict[Decimal, dict[str, Decimal]]] = {"bids": {}, "asks": {}}
        self.kinds: set[str] = set()

    def apply(self, data: dict[str, Any]) -> None:
        for side, levels in self.sides.items():
            for order in data[side]:
                kind, queue = order.get("event", "add"), levels.setdefault(order["limit_price"], {})
                self.kinds.add(kind)
                assert (order["order_id"] in queue) is (kind != "add")
                if kind == "delete":
                    del queue[order["order_id"]]
                else:
                    queue[order["order_id"]] = order["order_qty"]
            for price in [price for price, queue in levels.items() if not queue]:
                del levels[price]
            for price in self.prices(side)[self.depth :]:
                del levels[price]

    def prices(self, side: str) -> list[Decimal]:
        return sorted(self.sides[side], reverse=side == "bids")

    @property
    def checksum(self) -> int:
        digits = "".join(
            str(number).replace(".", "").lstrip("0")
            for side in ("asks", "bids")
            for price in self.prices(side)[:10]
            for size in self.sides[side][price].values()
            for number in (price, size)
        )
        return zlib.crc32(digits.encode())


async def _token(client: Client) -> str:
    return str((await client.private("GetWebSocketsToken"))["result"]["token"])


def test_orders_of_a_level_count_one_by_one() -> None:
    checksum = Checksum(1, "asks_bids", "stripped")
    asks = [(Decimal("0.5"), Decimal("2.10")), (Decimal("0.5"), Decimal("3"))]
    assert checksum.of_orders([], asks, str, str) == zlib.crc32(b"5210" + b"53")


@pytest.mark.parametrize("depth", [10, 100])
async def test_orders_are_followed_by_their_checksum(kraken: Open, depth: int) -> None:
    async with kraken(life_every=0.002, seed=5) as client, client.stream() as stream:
        asked = {"channel": "level3", "symbol": ["BTC/USD"], "depth": depth, "token": await _token(client)}
        ack = await stream.ask("subscribe", 9, **asked)
        assert (ack["req_id"], ack["result"]) == (9, {"channel": "level3", "symbol": "BTC/USD", "snapshot": True})
        copy, kinds = Copy(depth), []
        for _ in range(150):
            frame = await stream.next()
            (data,) = frame["data"]
            copy.apply(data)
            kinds.append(frame["type"])
            assert copy.checksum == data["checksum"]
        assert kinds == ["snapshot"] + ["update"] * 149
        assert copy.kinds == {"add", "modify", "delete"}


async def _change(stream: Stream) -> list[tuple[str, str, Decimal]]:
    (data,) = (await stream.next())["data"]
    return [(each["event"], each["order_id"], each["order_qty"]) for each in data["bids"]]


async def test_what_becomes_of_an_order(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        await stream.ask("subscribe", channel="level3", symbol=["BTC/USD"], token=await _token(client))
        assert (await stream.next())["data"][0]["bids"] == []
        first, second = [(await client.place("buy", "1", "50000"))["result"]["txid"][0] for _ in range(2)]
        told = await _change(stream)
        if len(told) == 1:
            told += await _change(stream)
        assert told == [("add", first, 1), ("add", second, 1)]
        await client.private("AmendOrder", txid=second, order_qty="0.7")
        assert await _change(stream) == [("modify", second, Decimal("0.7"))]
        await client.private("AmendOrder", txid=first, order_qty="2")  # more of it stands behind the other
        assert await _change(stream) == [("delete", first, 1), ("add", first, 2)]
        await client.private("CancelOrder", txid=second)
        assert await _change(stream) == [("delete", second, Decimal("0.7"))]
        gone = await stream.ask("unsubscribe", channel="level3", symbol=["BTC/USD"], token=await _token(client))
        assert gone["result"] == {"channel": "level3", "symbol": "BTC/USD"}


async def test_an_amended_order_keeps_the_time_of_that_when_it_fills(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        (order,) = (await client.place("buy", "1", "50000"))["result"]["txid"]
        await stream.ask("subscribe", channel="level3", symbol=["BTC/USD"], token=await _token(client))
        ((placed,),) = [data["bids"] for data in (await stream.next())["data"]]
        await client.private("AmendOrder", txid=order, limit_price="50001")
        ((_, amended),) = [data["bids"] for data in (await stream.next())["data"]]
        assert amended["timestamp"] > placed["timestamp"]
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.4", "50001")
        ((filled,),) = [data["bids"] for data in (await stream.next())["data"]]
        assert filled == {**amended, "event": "modify", "order_qty": Decimal("0.6")}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"depth": 25}, "Subscription depth not supported"),
    ({"symbol": ["NO/PE"]}, "Currency pair not supported NO/PE"),
    ({"token": None}, "Token(s) not found"),
    ({"token": "wrong"}, "ESession:Invalid session"),
]


@pytest.mark.parametrize(("params", "error"), REFUSED)
async def test_who_may_not_hear_of_orders(kraken: Open, params: dict[str, Any], error: str) -> None:
    async with kraken() as client, client.stream() as stream:
        asked = {"channel": "level3", "symbol": ["BTC/USD"], "token": await _token(client), **params}
        refused = await stream.ask("subscribe", **{name: value for name, value in asked.items() if value is not None})
        assert (refused["error"], refused["success"]) == (error, False)


async def test_level3_over_rest(kraken: Open) -> None:
    async with kraken() as client:
        iceberg = {"ordertype": "iceberg", "displayvol": "0.2", "pair": "XBTUSD", "type": "sell", "volume": "1"}
        (hidden,) = (await client.private("AddOrder", price="70000", **iceberg))["result"]["txid"]
        (plain,) = (await client.place("sell", "0.5", "70000"))["result"]["txid"]
        book = (await client.private("Level3", pair="XBTUSD", depth="10"))["result"]
        assert (book["pair"], book["bids"]) == ("BTC/USD", [])
        assert [(each["order_id"], each["price"], each["qty"]) for each in book["asks"]] == [
            (hidden, "70000.0", "0.20000000"),
            (plain, "70000.0", "0.50000000"),
        ]
        assert all(each["timestamp"] > 10**18 for each in book["asks"])
        assert (await client.private("Level3", pair="XBTUSD", depth="7"))["error"] == [
            "EGeneral:Invalid arguments:depth"
        ]


async def test_what_is_published_before_and_after_trades(kraken: Open) -> None:
    async with kraken() as client:
        await client.place("sell", "0.3", "70000")
        await client.place("sell", "0.2", "70000")
        before = (await client.public("PreTrade", symbol="BTC/USD"))["result"]
        (ask,) = before.pop("asks")
        assert {name: ask[name] for name in ("side", "price", "qty", "count")} == {
            "side": "SELL",
            "price": "70000.0",
            "qty": "0.50000000",
            "count": 2,
        }
        assert ask["submission_ts"] < ask["publication_ts"]
        assert before == {
            "symbol": "BTC/USD",
            "description": "Bitcoin / US Dollar",
            "base_asset": "XBT",
            "base_notation": "UNIT",
            "base_dti_code": "V15WLZJMF",
            "base_dti_short_name": "BTC,XBT",
            "quote_asset": "USD",
            "quote_notation": "MONE",
            "quote_dti_code": "",
            "quote_dti_short_name": "",
            "venue": "PGSL",
            "system": "CLOB",
            "bids": [],
        }
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("buy", "0.4", "70000")
        fields = {"pair": "ETHUSD", "type": "sell", "volume": "1", "ordertype": "limit", "price": "3000"}
        await client.private("AddOrder", **fields)
        await bob.private("AddOrder", **{**fields, "type": "buy"})
        after = (await client.public("PostTrade"))["result"]
        told = [(each["symbol"], each["price"], each["quantity"]) for each in after["trades"]]
        assert told == [
            ("BTC/USD", "70000.0", "0.30000000"),
            ("BTC/USD", "70000.0", "0.10000000"),
            ("ETH/USD", "3000.00", "1.00000000"),
        ]
        assert (after["count"], after["last_ts"]) == (3, after["trades"][-1]["trade_ts"])
        first = after["trades"][0]["trade_ts"]
        later = (await client.public("PostTrade", from_ts=first, count=1, symbol="ETH/USD"))["result"]
        assert [each["symbol"] for each in later["trades"]] == ["ETH/USD"]
        polled = (await client.public("PostTrade", from_ts=after["last_ts"]))["result"]
        assert (polled["trades"], polled["count"]) == ([], 0)
        until = (await client.public("PostTrade", to_ts=first))["result"]
        assert {each["symbol"] for each in until["trades"]} == {"BTC/USD"}
        assert (await client.public("PreTrade", symbol="NO/PE"))["error"] == ["EQuery:Unknown asset pair"]
