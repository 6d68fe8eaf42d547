"""Market streams, raw and combined, and the user data stream by listen key."""

from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from exconn.testing.virtual import World


async def trade_once(client: Any) -> None:
    """A level, and a trade that takes it in part."""
    await client.limit("bob", "SELL", "2", "60000")
    await client.limit("alice", "BUY", "1.5", "60000")


STREAMS: list[tuple[str, dict[str, Any]]] = [
    ("btcusdt@trade", {"e": "trade", "s": "BTCUSDT", "t": 1, "p": "60000.00000000", "q": "1.50000000", "m": False}),
    ("btcusdt@aggTrade", {"e": "aggTrade", "a": 1, "f": 1, "l": 1, "q": "1.50000000", "m": False, "M": True}),
    ("btcusdt@depth@100ms", {"e": "depthUpdate", "s": "BTCUSDT", "b": [], "a": [["60000.00000000", "0.50000000"]]}),
    ("btcusdt@depth", {"e": "depthUpdate", "a": [["60000.00000000", "0.50000000"]]}),
    ("btcusdt@depth5@100ms", {"bids": [], "asks": [["60000.00000000", "0.50000000"]]}),
    ("btcusdt@depth20", {"bids": [], "asks": [["60000.00000000", "0.50000000"]]}),
    ("btcusdt@miniTicker", {"e": "24hrMiniTicker", "c": "60000.00000000", "v": "1.50000000"}),
    ("btcusdt@ticker", {"e": "24hrTicker", "c": "60000.00000000", "A": "0.50000000", "n": 1, "Q": "1.50000000"}),
    ("btcusdt@ticker", {"p": "0.00000000", "P": "0.000", "w": "60000.00000000"}),
    ("btcusdt@ticker_4h", {"e": "4hTicker", "p": "0.00000000", "P": "0.000", "w": "60000.00000000"}),
]


@pytest.mark.parametrize(("stream", "fields"), STREAMS)
async def test_a_raw_stream(open_exchange: Any, virtual_world: World, stream: str, fields: dict[str, Any]) -> None:
    async with open_exchange() as client, client.stream(f"/ws/{stream}") as socket:
        await trade_once(client)
        frame = await socket.next()
        assert {name: frame[name] for name in fields} == fields
        if "lastUpdateId" in frame:
            assert frame["lastUpdateId"] == client.sandbox.exchange.book("BTC-USDT").sequence


async def test_the_top_of_the_book_is_told_when_it_changes(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws/btcusdt@bookTicker") as socket:
        await trade_once(client)
        await client.limit("bob", "SELL", "2", "60001")
        await client.limit("bob", "BUY", "2", "59000")
        tops = [await socket.next() for _ in range(3)]
        shown = [(top["b"], top["a"], top["A"]) for top in tops]
        assert shown == [
            ("0.00000000", "60000.00000000", "2.00000000"),
            ("0.00000000", "60000.00000000", "0.50000000"),
            ("59000.00000000", "60000.00000000", "0.50000000"),
        ]


async def test_candles(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws/btcusdt@kline_5m") as socket:
        await trade_once(client)
        frame = await socket.next()
        candle = frame["k"]
        assert (frame["e"], candle["i"], candle["x"], candle["n"]) == ("kline", "5m", False, 1)
        assert (candle["T"] - candle["t"], candle["t"] % 300_000) == (299_999, 0)
        assert (candle["o"], candle["v"], candle["V"]) == ("60000.00000000", "1.50000000", "1.50000000")


async def test_candles_of_days_east_of_utc(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws/btcusdt@kline_1d@+08:00") as socket:
        await trade_once(client)
        candle = (await socket.next())["k"]
        assert ((candle["t"] + 8 * 3_600_000) % 86_400_000, candle["T"] - candle["t"]) == (0, 86_399_999)


async def test_rolling_windows_and_the_average_price(open_exchange: Any, virtual_world: World) -> None:
    names = ["btcusdt@ticker_1h", "!ticker_4h@arr", "btcusdt@avgPrice"]
    async with open_exchange() as client, client.stream(f"/stream?streams={'/'.join(names)}") as socket:
        await trade_once(client)
        told = {frame["stream"]: frame["data"] for frame in [await socket.next() for _ in names]}
        hour, (four,), average = (told[name] for name in names)
        assert (hour["e"], four["e"], four["s"]) == ("1hTicker", "4hTicker", "BTCUSDT")
        assert (hour["C"] - hour["O"]) // 60_000 == 60
        assert (four["C"] - four["O"]) // 60_000 == 240
        assert (hour["o"], hour["v"], hour["F"], hour["L"], hour["n"]) == ("60000.00000000", "1.50000000", 1, 1, 1)
        assert set(hour) == set("eEspPohlcwvqOCFLn")
        due = {"e": "avgPrice", "s": "BTCUSDT", "i": "5m", "w": "60000.00000000", "T": hour["E"] - 1000}
        assert {key: value for key, value in average.items() if key != "E"} == due


async def test_combined_streams_are_wrapped(open_exchange: Any, virtual_world: World) -> None:
    path = "/stream?streams=btcusdt@trade/btcusdt@depth@100ms"
    async with open_exchange() as client, client.stream(path) as socket:
        await trade_once(client)
        frames = [await socket.next() for _ in range(2)]
        assert [(frame["stream"], frame["data"]["e"]) for frame in frames] == [
            ("btcusdt@trade", "trade"),
            ("btcusdt@depth@100ms", "depthUpdate"),
        ]


async def test_subscribing_live(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws") as socket:
        assert await socket.ask("SUBSCRIBE", ["btcusdt@trade", "nope@what"]) == {"result": None, "id": 1}
        assert (await socket.ask("LIST_SUBSCRIPTIONS"))["result"] == ["btcusdt@trade", "nope@what"]
        assert await socket.ask("UNSUBSCRIBE", ["nope@what"]) == {"result": None, "id": 3}
        assert await socket.ask("SUBSCRIBE", ["btcusdt@trade"], id="x-1") == {"result": None, "id": "x-1"}
        assert (await socket.ask("GET_PROPERTY", ["combined"]))["result"] is False
        assert (await socket.ask("SET_PROPERTY", ["combined", True]))["result"] is None
        assert (await socket.ask("GET_PROPERTY", ["combined"]))["result"] is True
        await trade_once(client)
        assert (await socket.next())["stream"] == "btcusdt@trade"


METHODS = "`SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`"
VARIANTS = f"expected one of {METHODS} at line 1 column 28"
ID = {"code": 2, "msg": "Invalid request: request ID must be an unsigned integer"}
NAME = {"code": 2, "msg": "Invalid request: property name must be a string"}
MANY = {"code": 2, "msg": "Invalid request: too many parameters"}
REFUSED: list[tuple[str, dict[str, Any]]] = [  # web-socket-streams.md#error-messages
    ("x", {"code": 3, "msg": "Invalid JSON: expected value at line 1 column 1"}),
    ('{"method":\n  }', {"code": 3, "msg": "Invalid JSON: expected value at line 2 column 3"}),
    ('{"id": NaN}', {"code": 3, "msg": "Invalid JSON: expected value at line 1 column 1"}),
    ('{"method": "SUBSCRIBED" }   ', {"code": 2, "msg": f"Invalid request: unknown variant `SUBSCRIBED`, {VARIANTS}"}),
    ('{"id": 1}', {"code": 2, "msg": "Invalid request: missing field `method` at line 1 column 9"}),
    ('{"method": "SUBSCRIBE", "params": [], "id": 1.5}', ID),
    ('{"method": "SUBSCRIBE", "params": [], "id": {}}', ID),
    ('{"method": "LIST_SUBSCRIPTIONS", "id": "x x"}', ID),
    ('{"method": "SUBSCRIBE", "params": [], "id": 1, "more": 1}', MANY),
    ('{"method": "SUBSCRIBE", "id": 1}', {"code": 2, "msg": "Invalid request: missing field `params`"}),
    ('{"method": "SET_PROPERTY", "params": ["combined", true, 1], "id": 1}', MANY),
    ('{"method": "GET_PROPERTY", "params": ["combined", true], "id": 1}', MANY),
    ('{"method": "SET_PROPERTY", "params": [1, true], "id": 1}', NAME),
    ('{"method": "GET_PROPERTY", "id": 1}', NAME),
    (
        '{"method": "SET_PROPERTY", "params": ["combined", "yes"], "id": 1}',
        {"code": 1, "msg": "Invalid value type: expected Boolean"},
    ),
    (
        '{"method": "SET_PROPERTY", "params": ["split", true], "id": 9}',
        {"code": 0, "msg": "Unknown property", "id": 9},
    ),
    ('{"method": "GET_PROPERTY", "params": ["split"]}', {"code": 0, "msg": "Unknown property", "id": None}),
]


@pytest.mark.parametrize(("frame", "answer"), REFUSED)
async def test_what_streams_refuse(
    open_exchange: Any, virtual_world: World, frame: str, answer: dict[str, Any]
) -> None:
    async with open_exchange() as client, client.stream("/ws") as socket:
        await socket.socket.send_str(frame)
        assert await socket.next() == answer


async def test_ids_of_frames(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws") as socket:
        for sent in (-1, 2**63 - 1, "e2a85d9f-07a5-4f94-8d5f-789dc3deb097", None):
            assert await socket.ask("SUBSCRIBE", [], id=sent) == {"result": None, "id": sent}


async def test_diffs_follow_a_snapshot_without_a_gap(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange(life_every=0.05, seed=3) as client, client.stream("/ws/btcusdt@depth@100ms") as socket:
        first = await socket.next()
        book = await client.get("/api/v3/depth?symbol=BTCUSDT&limit=5000")
        sides = {side: dict(map(tuple, book[name])) for side, name in (("b", "bids"), ("a", "asks"))}
        last, diff = book["lastUpdateId"], first
        for _ in range(30):
            assert diff["U"] <= max(last, diff["U"] - 1) + 1
            if diff["u"] > last:
                assert diff["U"] <= last + 1
                for side, levels in sides.items():
                    levels.update(map(tuple, diff[side]))
                last = diff["u"]
            diff = await socket.next()
        past = client.sandbox.book_at("BTC-USDT", last)
        for side, levels in (("b", past.bids), ("a", past.asks)):
            kept = {price: size for price, size in sides[side].items() if float(size)}
            assert kept == {f"{price:.8f}": f"{size:.8f}" for price, size in levels}


async def open_stream(client: Any, name: str = "alice") -> str:
    reply = await client.send("POST", "/api/v3/userDataStream", {"X-MBX-APIKEY": client.keys[name]})
    key: str = reply.data["listenKey"]
    return key


async def test_user_data_by_listen_key(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        key = await open_stream(client)
        assert len(key) == 64
        assert await open_stream(client) == key
        async with client.stream(f"/ws/{key}") as socket:
            made = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="mine")
            report = await socket.next()
            assert {name: report[name] for name in "ecSofqpPgCxXriltNwmzZ"} == {
                "e": "executionReport", "c": "mine", "S": "BUY", "o": "LIMIT", "f": "GTC", "q": "1.00000000",
                "p": "60000.00000000", "P": "0.00000000", "g": -1, "C": "", "x": "NEW", "X": "NEW", "r": "NONE",
                "i": made["orderId"], "l": "0.00000000", "t": -1, "N": None, "w": True, "m": False,
                "z": "0.00000000", "Z": "0.00000000",
            }  # fmt: skip
            position = await socket.next()
            usdt = {"a": "USDT", "f": "940000.00000000", "l": "60000.00000000"}
            assert (position["e"], position["B"]) == ("outboundAccountPosition", [usdt])
            await client.limit("bob", "SELL", "0.4", "60000")
            report = await socket.until(lambda frame: frame["e"] == "executionReport")
            assert {name: report[name] for name in "xXlLnNtmzZY"} == {
                "x": "TRADE", "X": "PARTIALLY_FILLED", "l": "0.40000000", "L": "60000.00000000", "n": "0.00040000",
                "N": "BTC", "t": 1, "m": True, "z": "0.40000000", "Z": "24000.00000000", "Y": "24000.00000000",
            }  # fmt: skip
            await client.call("alice", "DELETE", "/api/v3/order", symbol="BTCUSDT", orderId=made["orderId"])
            report = await socket.until(lambda frame: frame["e"] == "executionReport")
            assert (report["x"], report["X"], report["C"]) == ("CANCELED", "CANCELED", "mine")
            client.sandbox.exchange.deposit("alice", "BTC", Decimal(5), client.sandbox.now_ns())
            transfer = await socket.until(lambda frame: frame["e"] == "balanceUpdate")
            assert (transfer["a"], transfer["d"]) == ("BTC", "5.00000000")


async def test_a_listen_key_ends_after_an_hour_unless_it_is_kept(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        key = await open_stream(client)
        headers = {"X-MBX-APIKEY": client.keys["alice"]}
        async with client.stream("/ws") as socket:
            await socket.ask("SUBSCRIBE", [key])
            await socket.rest(3000)
            kept = await client.send("PUT", f"/api/v3/userDataStream?listenKey={key}", headers)
            assert (kept.status, kept.data) == (200, {})
            await socket.rest(3500)
            await client.limit("alice", "BUY", "1", "60000")
            assert (await socket.next())["e"] == "executionReport"
            expired = await socket.until(lambda frame: frame["e"] != "outboundAccountPosition")
            assert (expired["e"], expired["listenKey"]) == ("listenKeyExpired", key)
        gone = await client.send("PUT", f"/api/v3/userDataStream?listenKey={key}", headers)
        assert (gone.status, gone.data) == (400, {"code": -1125, "msg": "This listenKey does not exist."})


async def test_a_listen_key_that_is_closed_is_silent(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        key = await open_stream(client)
        headers = {"X-MBX-APIKEY": client.keys["bob"]}
        others = await client.send("DELETE", "/api/v3/userDataStream", headers, f"listenKey={key}")
        assert others.data["code"] == -1125
        async with client.stream(f"/stream?streams={key}") as socket:
            await client.limit("alice", "BUY", "1", "60000")
            assert (await socket.next())["stream"] == key
            headers = {"X-MBX-APIKEY": client.keys["alice"]}
            closed = await client.send("DELETE", "/api/v3/userDataStream", headers, f"listenKey={key}")
            assert closed.data == {}
            await socket.next()
            await client.limit("alice", "BUY", "1", "60000")
            assert (await socket.ask("LIST_SUBSCRIPTIONS"))["result"] == []


async def test_a_connection_lives_a_day(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws") as socket:
        await socket.rest(86399)
        assert (await socket.ask("LIST_SUBSCRIPTIONS"))["result"] == []
        assert (await socket.socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
