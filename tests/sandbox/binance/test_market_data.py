"""Public market data: rules with all filters, the book, trades, candles, tickers, and what is asked for beyond spot."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from exconn.testing.virtual import World

INFO = "/api/v3/exchangeInfo"


async def traded(client: Any) -> None:
    """Two trades of one taker at two prices, and levels on both sides."""
    await client.limit("bob", "SELL", "1", "60000")
    await client.limit("bob", "SELL", "2", "60001.5")
    await client.limit("alice", "BUY", "1.5", "60001.5")
    await client.limit("alice", "BUY", "3", "59000")


async def test_time_and_rules(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        assert await client.get("/api/v3/ping") == {}
        assert await client.get("/api/v3/time") == {"serverTime": client.now_ms}
        info = await client.get(INFO)
        names = [each["symbol"] for each in info["symbols"]]
        assert {"BTCUSDT", "ETHUSDT", "ETHBTC", "BNBUSDT", "DOGEUSDT"} <= set(names)
        (pair,) = (await client.get(f"{INFO}?symbol=BTCUSDT"))["symbols"]
        filters = {each["filterType"]: each for each in pair["filters"]}
        assert filters["PRICE_FILTER"] == {
            "filterType": "PRICE_FILTER",
            "minPrice": "0.01000000",
            "maxPrice": "1000000.00000000",
            "tickSize": "0.01000000",
        }
        assert filters["LOT_SIZE"]["stepSize"] == "0.00001000"
        assert (filters["NOTIONAL"]["minNotional"], filters["NOTIONAL"]["applyMinToMarket"]) == ("5.00000000", True)
        assert (pair["status"], pair["baseAsset"], pair["quoteAsset"]) == ("TRADING", "BTC", "USDT")
        some = await client.get(f"{INFO}?symbols=%5B%22ETHBTC%22,%22BTCUSDT%22%5D")
        assert [each["symbol"] for each in some["symbols"]] == ["BTCUSDT", "ETHBTC"]
        assert (await client.get(f"{INFO}?permissions=SPOT"))["symbols"] == info["symbols"]
        assert (await client.get(f"{INFO}?symbol=NOPE"))["code"] == -1121
        assert (await client.get(f"{INFO}?symbols=%5B%22NOPE%22%5D"))["code"] == -1121
        assert (await client.get(f"{INFO}?symbols=x"))["code"] == -1100


FILTERS: list[tuple[str, Any]] = [
    # rest-api.md#exchange-information: what is asked, and how many of the pairs are told, or the code of the error
    ("permissions=SPOT", 7),
    ("permissions=MARGIN", 0),
    ("permissions=TRD_GRP_004", 0),
    ("permissions=%5B%22MARGIN%22%2C%22SPOT%22%5D", 7),
    ("permissions=[%22MARGIN%22,%22LEVERAGED%22]", 0),
    ("permissions=SPOT&symbolStatus=TRADING", 7),
    ("permissions=MARGIN&symbolStatus=TRADING", 0),
    ("symbolStatus=BREAK", 0),
    ("permissions=spot", -1130),
    ("permissions=%7B%7D", -1130),
    ("symbolStatus=OPEN", -1122),
    ("showPermissionSets=maybe", -1130),
    ("symbol=BTCUSDT&permissions=SPOT", -1128),
    ("symbols=[%22BTCUSDT%22]&permissions=SPOT", -1128),
    ("symbol=BTCUSDT&symbolStatus=TRADING", -1128),
    ("symbols=[%22BTCUSDT%22]&symbolStatus=TRADING", -1128),
    ("symbol=BTCUSDT&symbols=[%22BTCUSDT%22]", -1128),
]


@pytest.mark.parametrize(("query", "answer"), FILTERS)
async def test_rules_of_some_pairs(open_exchange: Any, virtual_world: World, query: str, answer: int) -> None:
    async with open_exchange() as client:
        info = await client.get(f"{INFO}?{query}")
        assert info.get("code", len(info.get("symbols", ()))) == answer


async def test_sets_of_permissions_may_be_left_out(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws-api/v3") as socket:
        for query, sets in (
            ("", [["SPOT"]]),
            ("?showPermissionSets=true", [["SPOT"]]),
            ("?showPermissionSets=false", []),
        ):
            assert [pair["permissionSets"] for pair in (await client.get(f"{INFO}{query}"))["symbols"]] == [sets] * 7
        asked = await socket.ask("exchangeInfo", {"permissions": ["SPOT", "MARGIN"], "showPermissionSets": False})
        assert [(pair["permissions"], pair["permissionSets"]) for pair in asked["result"]["symbols"]] == [([], [])] * 7
        both = await socket.ask("exchangeInfo", {"permissions": ["SPOT"], "symbols": ["BTCUSDT"]})
        assert both["error"] == {"code": -1128, "msg": "Combination of optional parameters invalid."}


async def test_the_book_and_what_was_traded(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await traded(client)
        book = await client.get("/api/v3/depth?symbol=BTCUSDT&limit=5")
        assert (book["bids"], book["asks"]) == ([["59000.00000000", "3.00000000"]], [["60001.50000000", "1.50000000"]])
        assert book["lastUpdateId"] == client.sandbox.exchange.book("BTC-USDT").sequence
        trades = await client.get("/api/v3/trades?symbol=BTCUSDT&limit=2")
        assert [(each["id"], each["qty"], each["isBuyerMaker"]) for each in trades] == [
            (1, "1.00000000", False),
            (2, "0.50000000", False),
        ]
        assert await client.get("/api/v3/historicalTrades?symbol=BTCUSDT&fromId=2&limit=1") == trades[1:]
        together = await client.get("/api/v3/aggTrades?symbol=BTCUSDT")
        assert [(each["a"], each["p"], each["q"], each["f"], each["l"]) for each in together] == [
            (1, "60000.00000000", "1.00000000", 1, 1),
            (2, "60001.50000000", "0.50000000", 2, 2),
        ]
        (candle,) = await client.get("/api/v3/klines?symbol=BTCUSDT&interval=1m")
        assert candle[0] == 1700000000000 - 1700000000000 % 60000
        assert candle[1:6] == ["60000.00000000", "60001.50000000", "60000.00000000", "60001.50000000", "1.50000000"]
        assert candle[6:] == [candle[0] + 59999, "90000.75000000", 2, "1.50000000", "90000.75000000", "0"]
        average = await client.get("/api/v3/avgPrice?symbol=BTCUSDT")
        assert average == {"mins": 5, "price": "60000.50000000", "closeTime": client.now_ms}


async def test_tickers(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await traded(client)
        day = await client.get("/api/v3/ticker/24hr?symbol=BTCUSDT")
        shown = [day[name] for name in ("priceChange", "priceChangePercent", "weightedAvgPrice", "lastQty", "count")]
        assert shown == ["1.50000000", "0.002", "60000.50000000", "0.50000000", 2]
        for path in ("24hr?", "tradingDay?", "?", "?windowSize=7d&"):
            asked = await client.get(f"/api/v3/ticker/{path}symbol=BTCUSDT".replace("/?", "?"))
            assert (asked["priceChangePercent"], asked["weightedAvgPrice"]) == ("0.002", "60000.50000000")
        quiet = await client.get("/api/v3/ticker/24hr?symbol=ETHUSDT")
        assert (quiet["priceChangePercent"], quiet["weightedAvgPrice"]) == ("0.000", "0.00000000")
        assert (day["firstId"], day["lastId"], day["bidPrice"], day["askQty"]) == (1, 2, "59000.00000000", "1.50000000")
        price = {"symbol": "BTCUSDT", "price": "60001.50000000"}
        assert await client.get("/api/v3/ticker/price?symbol=BTCUSDT") == price
        assert price in await client.get("/api/v3/ticker/price")
        assert await client.get("/api/v3/ticker/price?symbols=[%22BTCUSDT%22]") == [price]
        assert set(await client.get("/api/v3/ticker/24hr?symbol=BTCUSDT&type=MINI")) == {
            "symbol", "openPrice", "highPrice", "lowPrice", "lastPrice", "volume", "quoteVolume", "openTime",
            "closeTime", "firstId", "lastId", "count",
        }  # fmt: skip
        top = await client.get("/api/v3/ticker/bookTicker?symbol=BTCUSDT")
        assert top["askPrice"] == "60001.50000000"
        assert (await client.get("/api/v3/ticker?symbol=BTCUSDT&windowSize=1d"))["lastPrice"] == "60001.50000000"
        assert (await client.get("/api/v3/ticker/tradingDay"))["code"] == -1102
        assert (await client.get("/api/v3/ticker/24hr?symbol=X"))["code"] == -1121


DAY_MS = 86_400_000


async def days(client: Any, *prices: str) -> None:
    """A trade a day at each of these prices, the last one now."""
    for price in prices[:-1]:
        await take(client, price)
        await asyncio.sleep(86400)
    await take(client, prices[-1])


async def take(client: Any, price: str) -> None:
    await client.limit("bob", "SELL", "1", price)
    await client.limit("alice", "BUY", "1", price)


SPANS = [
    ("1d", "60003", 2, "60002"),
    ("2d", "60002", 3, "60001"),
    ("3d", "60001", 4, "60000"),
    ("7d", "60000", 5, None),
]


@pytest.mark.parametrize(("size", "first", "trades", "before"), SPANS)
@pytest.mark.virtual(timeout=400_000)
async def test_windows_of_days(
    open_exchange: Any, virtual_world: World, size: str, first: str, trades: int, before: str | None
) -> None:
    async with open_exchange() as client:
        await days(client, "60000", "60001", "60002", "60003", "60004")
        told = await client.get(f"/api/v3/ticker?symbol=BTCUSDT&windowSize={size}")
        start = client.now_ms - int(size[0]) * DAY_MS
        assert (told["openTime"], told["closeTime"]) == (start - start % 60_000, client.now_ms)
        assert (told["openPrice"], told["highPrice"]) == (f"{first}.00000000", "60004.00000000")
        assert (told["count"], told["firstId"], told["lastId"]) == (trades, 6 - trades, 5)
        assert told["volume"] == f"{trades}.00000000"
        if size == "1d":
            day = await client.get("/api/v3/ticker/24hr?symbol=BTCUSDT")
            assert (day["prevClosePrice"], day["count"]) == (f"{before}.00000000", trades)


CANDLES = [
    # what is asked, and the days (the first is 0) of the candles
    ("", [0, 1, 2, 3, 4]),
    ("&limit=2", [3, 4]),
    ("&startTime={1}", [1, 2, 3, 4]),
    ("&startTime={1}&limit=2", [1, 2]),
    ("&endTime={3}", [0, 1, 2, 3]),
    ("&endTime={3}&limit=2", [2, 3]),
    ("&startTime={1}&endTime={2}", [1, 2]),
]


@pytest.mark.parametrize(("asked", "numbers"), CANDLES)
@pytest.mark.virtual(timeout=400_000)
async def test_candles_of_days(open_exchange: Any, virtual_world: World, asked: str, numbers: list[int]) -> None:
    async with open_exchange() as client:
        first = client.now_ms - client.now_ms % DAY_MS
        await days(client, "60000", "60001", "60002", "60003", "60004")
        query = asked.format(*(first + number * DAY_MS for number in range(5)))
        found = await client.get(f"/api/v3/klines?symbol=BTCUSDT&interval=1d{query}")
        assert [(each[0], each[4]) for each in found] == [
            (first + number * DAY_MS, f"{60000 + number}.00000000") for number in numbers
        ]
        (month,) = await client.get("/api/v3/klines?symbol=BTCUSDT&interval=1M")
        assert (month[1], month[4], month[8]) == ("60000.00000000", "60004.00000000", 5)


WEIGHTS = [
    ("depth?symbol=BTCUSDT", 5),
    ("depth?symbol=BTCUSDT&limit=101", 25),
    ("depth?symbol=BTCUSDT&limit=5000", 250),
    ("ticker/24hr?symbol=BTCUSDT", 2),
    ("ticker/24hr", 80),
    ("ticker/price", 4),
    ("exchangeInfo", 20),
]


@pytest.mark.parametrize(("target", "weight"), WEIGHTS)
async def test_what_requests_weigh(open_exchange: Any, virtual_world: World, target: str, weight: int) -> None:
    async with open_exchange() as client:
        reply = await client.send("GET", f"/api/v3/{target}")
        assert reply.headers["X-MBX-USED-WEIGHT-1M"] == reply.headers["X-MBX-USED-WEIGHT"] == str(weight)


REFUSED = [
    ("/api/v3/depth", 400, -1102),
    ("/api/v3/depth?symbol=NOPE", 400, -1121),
    ("/api/v3/depth?symbol=BTCUSDT&limit=x", 400, -1130),
    ("/api/v3/klines?symbol=BTCUSDT&interval=7m", 400, -1120),
    ("/api/v3/trades?symbol=BTCUSDT&limit=1001", 400, -1130),
    ("/api/v3/time?x=1", 400, -1104),
    ("/api/v3/ticker?symbol=BTCUSDT&windowSize=60m", 400, -1130),
    ("/api/v3/ticker?symbol=BTCUSDT&windowSize=8d", 400, -1130),
    ("/api/v3/ticker/24hr?type=LARGE", 400, -1139),
    ("/api/v3/ticker/tradingDay?symbol=BTCUSDT&timeZone=15", 400, -1130),
    ("/api/v3/klines?symbol=BTCUSDT&interval=1d&timeZone=-12:01", 400, -1130),
    ("/api/v3/ticker/price?symbolStatus=CLOSED", 400, -1122),
    ("/api/v3/ticker/price?symbol=BTCUSDT&symbolStatus=HALT", 400, -1220),
    ("/api/v3/ticker/price?symbols=%5B%22BTCUSDT%22,%22BTCUSDT%22%5D", 400, -1151),
    ("/api/v3/nothing", 404, -1020),
]


@pytest.mark.parametrize(("target", "status", "code"), REFUSED)
async def test_what_is_refused(open_exchange: Any, virtual_world: World, target: str, status: int, code: int) -> None:
    async with open_exchange() as client:
        reply = await client.send("GET", target)
        assert (reply.status, reply.data["code"]) == (status, code)


EMPTY: list[tuple[str, str, Any]] = [
    ("GET", "/sapi/v1/capital/config/getall?timestamp=1&signature=2", []),
    ("GET", "/sapi/v1/margin/allPairs", []),
    ("POST", "/sapi/v1/whatever/it/is", {}),
    ("GET", "/fapi/v2/ticker/price", []),
    ("POST", "/sapi/v1/asset/get-funding-asset", []),
    ("GET", "/fapi/v1/ping", {}),
]


@pytest.mark.parametrize(("method", "target", "answer"), EMPTY)
async def test_beyond_spot(open_exchange: Any, virtual_world: World, method: str, target: str, answer: Any) -> None:
    async with open_exchange() as client:
        reply = await client.send(method, target, body="a=b" if method == "POST" else "")
        assert (reply.status, reply.data) == (200, answer)
        assert (await client.get("/fapi/v1/exchangeInfo"))["symbols"] == []


async def test_no_pair_has_a_reference_price(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws-api/v3") as socket:
        none = {"symbol": "BTCUSDT", "referencePrice": None, "timestamp": client.now_ms}
        assert await client.get("/api/v3/referencePrice?symbol=BTCUSDT") == none
        asked = (await socket.ask("referencePrice", {"symbol": "BTCUSDT"}))["result"]
        assert asked == {**none, "timestamp": client.now_ms}
        assert (await client.get("/api/v3/referencePrice"))["code"] == -1102


HOUR, DAY = 3_600_000, 86_400_000


async def test_statistics_of_a_window_begin_with_a_minute(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await traded(client)
        await asyncio.sleep(2 * 3600)
        begun = client.now_ms
        await client.limit("alice", "BUY", "1", "60001.5")
        hour = await client.get("/api/v3/ticker?symbol=BTCUSDT&windowSize=1h")
        assert (hour["openTime"], hour["closeTime"]) == ((begun - HOUR) // 60_000 * 60_000, begun)
        assert (hour["openPrice"], hour["volume"], hour["count"]) == ("60001.50000000", "1.00000000", 1)
        assert hour["firstId"] == hour["lastId"]
        day = await client.get("/api/v3/ticker?symbol=BTCUSDT")
        assert (day["openPrice"], day["count"]) == ("60000.00000000", 3)
        assert day["openTime"] == (begun - DAY) // 60_000 * 60_000
        await asyncio.sleep(3600)
        await asyncio.sleep(60)
        quiet = await client.get("/api/v3/ticker?symbol=BTCUSDT&windowSize=59m&type=MINI")
        assert (quiet["openPrice"], quiet["volume"], quiet["count"]) == ("0.00000000", "0.00000000", 0)


async def test_the_trading_day_is_of_a_zone(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await traded(client)
        for zone, hours in (("", 0), ("&timeZone=8", 8), ("&timeZone=-1:30", -1.5), ("&timeZone=05:45", 5.75)):
            day = await client.get(f"/api/v3/ticker/tradingDay?symbol=BTCUSDT{zone}")
            assert (day["openTime"] + int(hours * HOUR)) % DAY == 0
            assert day["closeTime"] == day["openTime"] + DAY - 1
            assert day["openTime"] <= client.now_ms <= day["closeTime"]
            (candle,) = await client.get(f"/api/v3/klines?symbol=BTCUSDT&interval=1d{zone}")
            assert (candle[0], candle[6]) == (day["openTime"], day["closeTime"])


async def test_candles_of_the_calendar_and_of_seconds(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await traded(client)
        await asyncio.sleep(1)
        await traded(client)
        ((week, *_, week_end),) = [row[:7] for row in await client.get("/api/v3/klines?symbol=BTCUSDT&interval=1w")]
        assert datetime.fromtimestamp(week / 1000, UTC) == datetime(2023, 11, 13, tzinfo=UTC)  # a Monday
        assert week_end == week + 7 * DAY - 1
        ((month, *_, month_end),) = [row[:7] for row in await client.get("/api/v3/klines?symbol=BTCUSDT&interval=1M")]
        assert datetime.fromtimestamp(month / 1000, UTC) == datetime(2023, 11, 1, tzinfo=UTC)
        assert datetime.fromtimestamp((month_end + 1) / 1000, UTC) == datetime(2023, 12, 1, tzinfo=UTC)
        seconds = await client.get("/api/v3/klines?symbol=BTCUSDT&interval=1s")
        assert [row[6] - row[0] for row in seconds] == [999, 999]
        assert seconds[1][0] == seconds[0][0] + 1000


async def test_what_has_a_status(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        halt = json.dumps({"kind": "set_status", "symbol": "BTCUSDT", "status": "halted"})
        assert (await client.send("POST", "/_exconn/command", {"X-Exconn-Token": "token"}, halt)).status == 200
        for path in ("ticker/price", "ticker/bookTicker", "ticker/24hr"):
            halted = await client.get(f"/api/v3/{path}?symbolStatus=HALT")
            assert [row["symbol"] for row in halted] == ["BTCUSDT"]
        assert len(await client.get("/api/v3/ticker/price?symbolStatus=TRADING")) == 6
        rules = await client.get("/api/v3/exchangeInfo?symbolStatus=HALT")
        assert [row["symbol"] for row in rules["symbols"]] == ["BTCUSDT"]
        assert (await client.get("/api/v3/depth?symbol=BTCUSDT&symbolStatus=TRADING"))["code"] == -1220
        assert (await client.get("/api/v3/depth?symbol=BTCUSDT&symbolStatus=HALT"))["bids"] == []


async def test_moments_in_the_unit_that_is_asked_for(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await traded(client)
        for word in ("MICROSECOND", "microsecond"):
            reply = await client.send("GET", "/api/v3/time", {"X-MBX-TIME-UNIT": word})
            assert reply.data["serverTime"] // 1000 == client.now_ms
        (candle,) = (
            await client.send("GET", "/api/v3/klines?symbol=BTCUSDT&interval=1m", {"X-MBX-TIME-UNIT": "MICROSECOND"})
        ).data
        assert candle[6] - candle[0] == 59_999_999
        usual = await client.send("GET", "/api/v3/time", {"X-MBX-TIME-UNIT": "MILLISECOND"})
        assert usual.data == {"serverTime": client.now_ms}
        bad = await client.send("GET", "/api/v3/time", {"X-MBX-TIME-UNIT": "SECOND"})
        text = "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."
        assert (bad.status, bad.data) == (400, {"code": -1194, "msg": text})


async def test_each_stream_has_the_unit_of_its_address(open_exchange: Any, virtual_world: World) -> None:
    async with (
        open_exchange() as client,
        client.stream("/ws/btcusdt@trade?timeUnit=MICROSECOND") as micro,
        client.stream("/ws/btcusdt@trade") as milli,
        client.stream("/ws-api/v3?timeUnit=microsecond") as api,
    ):
        assert (await api.ask("time"))["result"]["serverTime"] // 1000 == client.now_ms
        await api.ask("userDataStream.subscribe.signature", client.params("alice"))
        await traded(client)
        fine, usual = await micro.next(), await milli.next()
        assert (fine["t"], fine["T"] // 1000) == (usual["t"], usual["T"])
        assert (await api.next())["event"]["E"] // 1000 == usual["T"]
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with client.stream("/ws/btcusdt@trade?timeUnit=NANOSECOND"):
                pass
        assert refused.value.status == 400
