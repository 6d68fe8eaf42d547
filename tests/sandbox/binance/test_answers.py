"""Each answer has the fields of Binance's documents, of their types: rest-api.md, web-socket-streams.md and
user-data-stream.md of https://github.com/binance/binance-spot-api-docs."""

from typing import Any

import pytest

from ..documented import departures
from .conftest import Client, OpenExchange

LEVELS = [["decimal", "decimal"]]
TRADE = {
    "id": "integer",
    "price": "decimal",
    "qty": "decimal",
    "quoteQty": "decimal",
    "time": "integer",
    "isBuyerMaker": "flag",
    "isBestMatch": "flag",
}
MINI = {
    "symbol": "text",
    **dict.fromkeys(("openPrice", "highPrice", "lowPrice", "lastPrice", "volume", "quoteVolume"), "decimal"),
    **dict.fromkeys(("openTime", "closeTime", "firstId", "lastId", "count"), "integer"),
}
CHANGES = dict.fromkeys(("priceChange", "priceChangePercent", "weightedAvgPrice"), "decimal")
DAY = {
    **MINI,
    **CHANGES,
    **dict.fromkeys(("prevClosePrice", "lastQty", "bidPrice", "bidQty", "askPrice", "askQty"), "decimal"),
}
TERMS = {  # what is the same of an order in every answer about it
    "symbol": "text",
    "orderId": "integer",
    "orderListId": "integer",
    "clientOrderId": "text",
    **dict.fromkeys(("price", "origQty", "executedQty", "origQuoteOrderQty", "cummulativeQuoteQty"), "decimal"),
    "status": "NEW or FILLED or CANCELED or PARTIALLY_FILLED or EXPIRED",
    "timeInForce": "GTC or IOC or FOK",
    "type": "LIMIT or MARKET or LIMIT_MAKER",
    "side": "BUY or SELL",
    "selfTradePreventionMode": "NONE or EXPIRE_MAKER or EXPIRE_TAKER or EXPIRE_BOTH or DECREMENT",
}
ACK = {
    "symbol": "text",
    "orderId": "integer",
    "orderListId": "integer",
    "clientOrderId": "text",
    "transactTime": "integer",
}
FILL = {"price": "decimal", "qty": "decimal", "commission": "decimal", "commissionAsset": "text", "tradeId": "integer"}
RESULT = {**ACK, **TERMS, "workingTime": "integer"}
ORDER = {
    **TERMS,
    "stopPrice": "decimal",
    "icebergQty": "decimal",
    "time": "integer",
    "updateTime": "integer",
    "isWorking": "flag",
    "workingTime": "integer",
}
CANCELLED = {**TERMS, "origClientOrderId": "text", "transactTime": "integer"}
RATES = dict.fromkeys(("maker", "taker", "buyer", "seller"), "decimal")
ACCOUNT = {
    **dict.fromkeys(("makerCommission", "takerCommission", "buyerCommission", "sellerCommission"), "integer"),
    "commissionRates": RATES,
    **dict.fromkeys(("canTrade", "canWithdraw", "canDeposit", "brokered", "requireSelfTradePrevention"), "flag"),
    "preventSor": "flag",
    "updateTime": "integer",
    "accountType": "SPOT",
    "balances": [{"asset": "text", "free": "decimal", "locked": "decimal"}],
    "permissions": ["text"],
    "uid": "integer",
}
MINE = {
    "symbol": "text",
    **dict.fromkeys(("id", "orderId", "orderListId", "time"), "integer"),
    **dict.fromkeys(("price", "qty", "quoteQty", "commission"), "decimal"),
    "commissionAsset": "text",
    **dict.fromkeys(("isBuyer", "isMaker", "isBestMatch"), "flag"),
}
LIMIT = {"rateLimitType": "text", "interval": "text", "intervalNum": "integer", "limit": "integer"}
CANDLE = [
    "integer",
    *["decimal"] * 5,
    "integer",
    "decimal",
    "integer",
    "decimal",
    "decimal",
    "decimal",
]

PUBLIC: list[tuple[str, Any]] = [
    ("ping", {}),
    ("time", {"serverTime": "integer"}),
    ("depth?symbol=BTCUSDT", {"lastUpdateId": "integer", "bids": LEVELS, "asks": LEVELS}),
    ("trades?symbol=BTCUSDT", [TRADE]),
    ("historicalTrades?symbol=BTCUSDT", [TRADE]),
    (
        "aggTrades?symbol=BTCUSDT",
        [
            {
                **dict.fromkeys(("a", "f", "l", "T"), "integer"),
                **dict.fromkeys(("p", "q"), "decimal"),
                **dict.fromkeys(("m", "M"), "flag"),
            }
        ],
    ),
    ("klines?symbol=BTCUSDT&interval=1m", [CANDLE]),
    ("avgPrice?symbol=BTCUSDT", {"mins": "integer", "price": "decimal", "closeTime": "integer"}),
    ("ticker/24hr?symbol=BTCUSDT", DAY),
    ("ticker/24hr", [DAY]),
    ("ticker/24hr?symbol=BTCUSDT&type=MINI", MINI),
    ("ticker/tradingDay?symbol=BTCUSDT", {**MINI, **CHANGES}),
    ("ticker?symbol=BTCUSDT", {**MINI, **CHANGES}),
    ("ticker/price?symbol=BTCUSDT", {"symbol": "text", "price": "decimal"}),
    ("ticker/price", [{"symbol": "text", "price": "decimal"}]),
    (
        "ticker/bookTicker?symbol=BTCUSDT",
        {"symbol": "text", **dict.fromkeys(("bidPrice", "bidQty", "askPrice", "askQty"), "decimal")},
    ),
]

SIGNED: list[tuple[str, str, dict[str, Any], Any]] = [
    ("GET", "account", {}, ACCOUNT),
    ("GET", "openOrders", {}, [ORDER]),
    ("GET", "allOrders", {"symbol": "BTCUSDT"}, [ORDER]),
    ("GET", "myTrades", {"symbol": "BTCUSDT"}, [MINE]),
    ("GET", "rateLimit/order", {}, [{**LIMIT, "count": "integer"}]),
    (
        "GET",
        "account/commission",
        {"symbol": "BTCUSDT"},
        {
            "symbol": "text",
            **dict.fromkeys(("standardCommission", "specialCommission", "taxCommission"), RATES),
            "discount": {
                **dict.fromkeys(("enabledForAccount", "enabledForSymbol"), "flag"),
                "discountAsset": "text",
                "discount": "decimal",
            },
        },
    ),
    ("DELETE", "openOrders", {"symbol": "BTCUSDT"}, [CANCELLED]),
]

PLACING: list[tuple[dict[str, Any], Any]] = [
    ({"newOrderRespType": "ACK"}, ACK),
    ({"newOrderRespType": "RESULT"}, RESULT),
    ({"newOrderRespType": "FULL"}, {**RESULT, "fills": [FILL]}),
    ({}, {**RESULT, "fills": [FILL]}),
]

EVENT = {"e": "text", "E": "integer", "s": "text"}
STREAMS: list[tuple[str, Any]] = [
    (
        "trade",
        {
            **EVENT,
            **dict.fromkeys(("t", "T"), "integer"),
            **dict.fromkeys(("p", "q"), "decimal"),
            **dict.fromkeys(("m", "M"), "flag"),
            **dict.fromkeys(("b?", "a?"), "integer"),  # orders' ids, in the documents until 2024
        },
    ),
    (
        "aggTrade",
        {
            **EVENT,
            **dict.fromkeys(("a", "f", "l", "T"), "integer"),
            **dict.fromkeys(("p", "q"), "decimal"),
            **dict.fromkeys(("m", "M"), "flag"),
        },
    ),
    ("depth", {**EVENT, "U": "integer", "u": "integer", "b": LEVELS, "a": LEVELS}),
    ("depth5", {"lastUpdateId": "integer", "bids": LEVELS, "asks": LEVELS}),
    ("bookTicker", {"u": "integer", "s": "text", **dict.fromkeys("bBaA", "decimal")}),
    ("miniTicker", {**EVENT, **dict.fromkeys("cohlvq", "decimal")}),
    ("ticker", {**EVENT, **dict.fromkeys("pPwxcQbBaAohlvq", "decimal"), **dict.fromkeys("OCFLn", "integer")}),
    (
        "kline_1m",
        {
            **EVENT,
            "k": {
                **dict.fromkeys("tTfLn", "integer"),
                "s": "text",
                "i": "1m",
                **dict.fromkeys("ochlvqVQB", "decimal"),
                "x": "flag",
            },
        },
    ),
]
REPORT = {
    **EVENT,
    **dict.fromkeys(("c", "C", "o", "f", "x", "X", "r", "V"), "text"),
    "S": "BUY or SELL",
    **dict.fromkeys("qpPFlzLnZYQ", "decimal"),
    "N": "text or null",
    **dict.fromkeys(("g", "i", "T", "t", "I", "O", "W", "v?"), "integer"),
    **dict.fromkeys("wmM", "flag"),
}
POSITION = {"e": "text", "E": "integer", "u": "integer", "B": [{"a": "text", "f": "decimal", "l": "decimal"}]}


async def trade(client: Client) -> None:
    """A trade of alice's and an order of hers that rests."""
    await client.limit("bob", "SELL", "1", "65000")
    await client.limit("alice", "BUY", "0.5", "65000")
    await client.limit("alice", "BUY", "0.5", "60000")


@pytest.mark.parametrize(("target", "form"), PUBLIC, ids=[each[0] for each in PUBLIC])
async def test_public_answers(open_exchange: OpenExchange, target: str, form: Any) -> None:
    async with open_exchange() as client:
        await trade(client)
        answer = await client.get(f"/api/v3/{target}")
        assert departures(answer, form) == []
        assert answer or not form


@pytest.mark.parametrize(("method", "path", "params", "form"), SIGNED, ids=[f"{each[0]} {each[1]}" for each in SIGNED])
async def test_signed_answers(
    open_exchange: OpenExchange, method: str, path: str, params: dict[str, Any], form: Any
) -> None:
    async with open_exchange() as client:
        await trade(client)
        answer = await client.call("alice", method, f"/api/v3/{path}", **params)
        assert departures(answer, form) == []
        assert answer


async def test_what_a_key_may_do(open_exchange: OpenExchange) -> None:
    # https://developers.binance.com/docs/wallet/account/api-key-permission
    async with open_exchange() as client:
        answer = await client.call("alice", "GET", "/sapi/v1/account/apiRestrictions")
        told = {name: answer[name] for name in ("enableReading", "enableSpotAndMarginTrading", "enableWithdrawals")}
        assert told == {"enableReading": True, "enableSpotAndMarginTrading": True, "enableWithdrawals": False}


@pytest.mark.parametrize(("asked", "form"), PLACING, ids=str)
async def test_answers_to_an_order(open_exchange: OpenExchange, asked: dict[str, Any], form: Any) -> None:
    async with open_exchange() as client:
        await client.limit("bob", "SELL", "1", "65000")
        placed = await client.limit("alice", "BUY", "0.5", "65000", **asked)
        assert departures(placed, form) == []
        order = {"symbol": "BTCUSDT", "orderId": placed["orderId"]}
        assert departures(await client.call("alice", "GET", "/api/v3/order", **order), ORDER) == []
        rests = await client.limit("alice", "BUY", "0.5", "60000")
        order = {"symbol": "BTCUSDT", "orderId": rests["orderId"]}
        assert departures(await client.call("alice", "DELETE", "/api/v3/order", **order), CANCELLED) == []


@pytest.mark.parametrize(("name", "form"), STREAMS, ids=[each[0] for each in STREAMS])
async def test_streams(open_exchange: OpenExchange, name: str, form: Any) -> None:
    async with open_exchange() as client, client.stream(f"/ws/btcusdt@{name}") as stream:
        await trade(client)
        assert departures(await stream.next(), form) == []


async def test_user_events(open_exchange: OpenExchange) -> None:
    async with open_exchange() as client, client.stream("/ws-api/v3") as stream:
        await stream.ask("userDataStream.subscribe.signature", client.params("alice"))
        await trade(client)
        for _ in range(6):
            told = await stream.next()
            form = {"executionReport": REPORT, "outboundAccountPosition": POSITION}[told["event"]["e"]]
            assert departures(told, {"subscriptionId": "integer", "event": form}) == []
