"""Orders over REST: placed, refused with the exchange's own codes and texts, looked up, cancelled, filled, charged."""

import asyncio
from typing import Any

import pytest

from exconn.testing.virtual import World

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "60000"}
PATH = "/api/v3/order"


async def test_an_order_from_placing_to_cancelling(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        placed = await client.signed("alice", "POST", PATH, **ORDER, newClientOrderId="mine-1")
        now, number = client.now_ms, placed.data["orderId"]
        assert placed.data == {
            "symbol": "BTCUSDT",
            "orderId": number,
            "orderListId": -1,
            "clientOrderId": "mine-1",
            "transactTime": now,
            "price": "60000.00000000",
            "origQty": "1.00000000",
            "executedQty": "0.00000000",
            "origQuoteOrderQty": "0.00000000",
            "cummulativeQuoteQty": "0.00000000",
            "status": "NEW",
            "timeInForce": "GTC",
            "type": "LIMIT",
            "side": "BUY",
            "workingTime": now,
            "fills": [],
            "selfTradePreventionMode": "EXPIRE_MAKER",
        }
        counts = [placed.headers[f"X-MBX-{name}"] for name in ("USED-WEIGHT-1M", "ORDER-COUNT-10S", "ORDER-COUNT-1D")]
        assert counts == ["1", "1", "1"]
        order = {
            **{name: value for name, value in placed.data.items() if name not in ("transactTime", "fills")},
            "stopPrice": "0.00000000",
            "icebergQty": "0.00000000",
            "time": now,
            "updateTime": now,
            "isWorking": True,
        }
        for ids in ({"orderId": number}, {"origClientOrderId": "mine-1"}):
            assert await client.call("alice", "GET", PATH, symbol="BTCUSDT", **ids) == order
        assert await client.call("alice", "GET", "/api/v3/openOrders", symbol="BTCUSDT") == [order]
        assert await client.call("alice", "GET", "/api/v3/openOrders") == [order]
        account = await client.call("alice", "GET", "/api/v3/account")
        usdt = next(each for each in account["balances"] if each["asset"] == "USDT")
        assert usdt == {"asset": "USDT", "free": "940000.00000000", "locked": "60000.00000000"}
        gone = await client.call("alice", "DELETE", PATH, symbol="BTCUSDT", orderId=number)
        assert (gone["status"], gone["origClientOrderId"], gone["orderId"]) == ("CANCELED", "mine-1", number)
        assert len(gone["clientOrderId"]) == 22
        again = await client.signed("alice", "DELETE", PATH, symbol="BTCUSDT", orderId=number)
        assert (again.status, again.data) == (400, {"code": -2011, "msg": "Unknown order sent."})
        every = await client.call("alice", "GET", "/api/v3/allOrders", symbol="BTCUSDT")
        assert [each["status"] for each in every] == ["CANCELED"]
        missing = await client.call("alice", "GET", PATH, symbol="ETHUSDT", orderId=number)
        assert missing == {"code": -2013, "msg": "Order does not exist."}


LEGAL = "legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."
REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"symbol": "NOPE"}, -1121, "Invalid symbol."),
    ({"symbol": None}, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."),
    ({"side": "buy"}, -1117, "Invalid side."),
    ({"type": "FANCY"}, -1116, "Invalid orderType."),
    ({"timeInForce": "GTX"}, -1115, "Invalid timeInForce."),
    ({"timeInForce": None}, -1102, "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed."),
    ({"price": None}, -1102, "Mandatory parameter 'price' was not sent, was empty/null, or malformed."),
    ({"price": ""}, -1105, "Parameter 'price' was empty."),
    ({"quantity": "1e-5"}, -1100, f"Illegal characters found in parameter 'quantity'; {LEGAL}"),
    ({"quantity": "-1"}, -1100, f"Illegal characters found in parameter 'quantity'; {LEGAL}"),
    ({"newClientOrderId": "x y"}, -1100, "Illegal characters found in parameter 'newClientOrderId'; "
     "legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'."),
    ({"stopPrice": "5"}, -1106, "Parameter 'stopPrice' sent when not required."),
    ({"foo": "1"}, -1104, "Not all sent parameters were read; read '8' parameter(s) but was sent '9'."),
    ({"price": "60000.001"}, -1013, "Filter failure: PRICE_FILTER"),
    ({"price": "0"}, -1013, "Filter failure: PRICE_FILTER"),
    ({"price": "2000000"}, -1013, "Filter failure: PRICE_FILTER"),
    ({"quantity": "0.000001"}, -1013, "Filter failure: LOT_SIZE"),
    ({"quantity": "0.000011"}, -1013, "Filter failure: LOT_SIZE"),
    ({"quantity": "9001"}, -1013, "Filter failure: LOT_SIZE"),
    ({"quantity": "0"}, -1013, "Filter failure: LOT_SIZE"),
    ({"quantity": "0.00001"}, -1013, "Filter failure: NOTIONAL"),
    ({"quantity": "100"}, -2010, "Account has insufficient balance for requested action."),
    ({"timestamp": 1}, -1021, "Timestamp for this request is outside of the recvWindow."),
    ({"timestamp": 1700000002000}, -1021, "Timestamp for this request was 1000ms ahead of the server's time."),
    ({"recvWindow": 60001}, -1131, "recvWindow must be less than 60000."),
    ({"type": "MARKET", "price": None, "timeInForce": None, "quantity": None}, -1102,
     "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"),
    ({"type": "MARKET"}, -1106, "Parameter 'price' sent when not required."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "text"), REFUSED, ids=lambda value: str(value)[:40])
async def test_a_refused_order(
    open_exchange: Any, virtual_world: World, changes: dict[str, Any], code: int, text: str
) -> None:
    async with open_exchange() as client:
        order = {name: value for name, value in {**ORDER, **changes}.items() if value is not None}
        reply = await client.signed("alice", "POST", PATH, **order)
        assert (reply.status, reply.data) == (400, {"code": code, "msg": text})
        assert not client.sandbox.exchange.orders("alice")
        tested = await client.signed("alice", "POST", "/api/v3/order/test", **order)
        assert tested.data == reply.data


async def test_ids_are_unique_among_open_orders(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        first = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="a")
        again = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="a")
        assert again == {"code": -2010, "msg": "Duplicate order sent."}
        await client.call("alice", "DELETE", PATH, symbol="BTCUSDT", orderId=first["orderId"])
        assert (await client.limit("alice", "BUY", "1", "60000", newClientOrderId="a"))["status"] == "NEW"


async def test_a_crossing_order_fills_and_pays_its_fees(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await client.limit("bob", "SELL", "2", "60000")
        maker = await client.limit("alice", "BUY", "1", "60000", type="LIMIT_MAKER", timeInForce="GTC")
        assert maker == {"code": -1106, "msg": "Parameter 'timeInForce' sent when not required."}
        order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT_MAKER", "quantity": "1", "price": "60000"}
        crossing = await client.call("alice", "POST", PATH, **order)
        assert crossing == {"code": -2010, "msg": "Order would immediately match and take."}
        filled = await client.limit("alice", "BUY", "1.5", "60001")
        assert (filled["status"], filled["executedQty"]) == ("FILLED", "1.50000000")
        assert (filled["cummulativeQuoteQty"], filled["price"]) == ("90000.00000000", "60001.00000000")
        assert filled["fills"] == [
            {
                "price": "60000.00000000",
                "qty": "1.50000000",
                "commission": "0.00150000",
                "commissionAsset": "BTC",
                "tradeId": 1,
            }
        ]
        (trade,) = await client.call("bob", "GET", "/api/v3/myTrades", symbol="BTCUSDT")
        assert (trade["isMaker"], trade["isBuyer"], trade["qty"]) == (True, False, "1.50000000")
        assert (trade["commission"], trade["commissionAsset"]) == ("90.00000000", "USDT")
        balances = {each["asset"]: each for each in (await client.call("alice", "GET", "/api/v3/account"))["balances"]}
        assert balances["BTC"] == {"asset": "BTC", "free": "11.49850000", "locked": "0.00000000"}
        assert balances["USDT"] == {"asset": "USDT", "free": "910000.00000000", "locked": "0.00000000"}


async def test_fees_in_bnb_are_a_quarter_less(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        pair = {"symbol": "BNBUSDT"}
        await client.limit("bob", "SELL", "1", "600", **pair)
        bought = await client.limit("alice", "BUY", "1", "600", **pair)
        assert (bought["fills"][0]["commission"], bought["fills"][0]["commissionAsset"]) == ("0.00100000", "BNB")
        await client.limit("bob", "SELL", "1", "60000")
        bought = await client.limit("alice", "BUY", "1", "60000")
        # 60000 USDT x 0.001 x 0.75 = 45 USDT, at 600 USDT a BNB
        assert (bought["fills"][0]["commission"], bought["fills"][0]["commissionAsset"]) == ("0.07500000", "BNB")
        trades = await client.call("bob", "GET", "/api/v3/myTrades", symbol="BTCUSDT")
        assert [(each["commission"], each["commissionAsset"]) for each in trades] == [("0.07500000", "BNB")]


MARKETS: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "MARKET", "quantity": "1"}, "FILLED", "1.00000000"),
    ({"type": "MARKET", "quantity": "3"}, "EXPIRED", "2.00000000"),
    ({"type": "MARKET", "quoteOrderQty": "30000"}, "FILLED", "0.50000000"),
    ({"type": "LIMIT", "timeInForce": "IOC", "quantity": "3", "price": "60000"}, "EXPIRED", "2.00000000"),
    ({"type": "LIMIT", "timeInForce": "FOK", "quantity": "3", "price": "60000"}, "EXPIRED", "0.00000000"),
    ({"type": "LIMIT", "timeInForce": "FOK", "quantity": "2", "price": "60000"}, "FILLED", "2.00000000"),
]


@pytest.mark.parametrize(("order", "status", "filled"), MARKETS, ids=str)
async def test_orders_that_do_not_rest(
    open_exchange: Any, virtual_world: World, order: dict[str, Any], status: str, filled: str
) -> None:
    async with open_exchange() as client:
        await client.limit("bob", "SELL", "2", "60000")
        made = await client.call("alice", "POST", PATH, symbol="BTCUSDT", side="BUY", **order)
        assert (made["status"], made["executedQty"], made["type"]) == (status, filled, order["type"])


RESPONSES = [
    ("ACK", {"symbol", "orderId", "orderListId", "clientOrderId", "transactTime"}),
    ("RESULT", {"price", "origQty", "executedQty", "status", "workingTime"}),
    ("FULL", {"price", "origQty", "executedQty", "status", "workingTime", "fills"}),
]


@pytest.mark.parametrize(("wanted", "names"), RESPONSES)
async def test_how_much_is_answered(open_exchange: Any, virtual_world: World, wanted: str, names: set[str]) -> None:
    async with open_exchange() as client:
        made = await client.limit("alice", "BUY", "1", "60000", newOrderRespType=wanted)
        assert names <= set(made)
        assert ("fills" in made, "price" in made) == (wanted == "FULL", wanted != "ACK")


async def test_stop_orders(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await client.limit("bob", "SELL", "1", "60000")
        await client.limit("alice", "BUY", "0.1", "60000")
        stop = {"symbol": "BTCUSDT", "side": "BUY", "type": "STOP_LOSS_LIMIT", "timeInForce": "GTC", "quantity": "1"}
        at_once = await client.call("alice", "POST", PATH, **stop, price="61000", stopPrice="59000")
        assert at_once == {"code": -2010, "msg": "Order would trigger immediately."}
        made = await client.call("alice", "POST", PATH, **stop, price="61000", stopPrice="60500")
        assert set(made) == {"symbol", "orderId", "orderListId", "clientOrderId", "transactTime"}
        order = await client.call("alice", "GET", PATH, symbol="BTCUSDT", orderId=made["orderId"])
        shown = [order[name] for name in ("status", "isWorking", "stopPrice", "workingTime", "type")]
        assert shown == ["NEW", False, "60500.00000000", -1, "STOP_LOSS_LIMIT"]


async def test_cancelling_all_of_a_symbol(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        none = await client.call("alice", "DELETE", "/api/v3/openOrders", symbol="BTCUSDT")
        assert none == {"code": -2011, "msg": "Unknown order sent."}
        for price in ("60000", "59000"):
            await client.limit("alice", "BUY", "1", price)
        gone = await client.call("alice", "DELETE", "/api/v3/openOrders", symbol="BTCUSDT")
        assert [(each["price"], each["status"]) for each in gone] == [
            ("60000.00000000", "CANCELED"),
            ("59000.00000000", "CANCELED"),
        ]


async def test_order_counts_and_commission(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await client.limit("alice", "BUY", "1", "60000")
        assert await client.call("alice", "GET", "/api/v3/rateLimit/order") == [
            {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 100, "count": 1},
            {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 200000, "count": 1},
        ]
        rates = await client.call("alice", "GET", "/api/v3/account/commission", symbol="BTCUSDT")
        assert (rates["symbol"], rates["standardCommission"]["taker"]) == ("BTCUSDT", "0.00100000")
        for _ in range(99):
            await client.limit("alice", "BUY", "0.001", "60000")
        late = await client.signed("alice", "POST", PATH, **ORDER)
        text = "Too many new orders; current limit is 100 orders per 10 SECOND."
        assert (late.status, late.data, "Retry-After" in late.headers) == (429, {"code": -1015, "msg": text}, False)


# the last trades were 1.5 at 60000, and a minute later 0.5 at 70000: on average 62500
FAR: list[tuple[str, str, bool]] = [
    ("BUY", "12500", False),
    ("BUY", "12499.99", True),
    ("SELL", "312500", False),
    ("SELL", "312500.01", True),
    ("SELL", "12499.99", True),
]


@pytest.mark.parametrize(("side", "price", "is_refused"), FAR)
async def test_a_price_too_far_from_what_was_paid(
    open_exchange: Any, virtual_world: World, side: str, price: str, is_refused: bool
) -> None:
    async with open_exchange() as client:
        await client.limit("bob", "SELL", "1.5", "60000")
        await client.limit("alice", "BUY", "1.5", "60000")
        await asyncio.sleep(60)
        await client.limit("bob", "SELL", "0.5", "70000")
        await client.limit("alice", "BUY", "0.5", "70000")
        reply = await client.limit("bob", side, "0.01", price)
        wrong = {"code": -1013, "msg": "Filter failure: PERCENT_PRICE_BY_SIDE"}
        assert (reply == wrong) is is_refused
        await asyncio.sleep(600)  # nothing traded lately: of the last price, 70000
        reply = await client.limit("bob", "BUY", "0.01", "13999.99")
        assert reply == wrong
        assert "orderId" in await client.limit("bob", "BUY", "0.01", "14000")


async def test_the_band_of_prices_is_told(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        (pair,) = (await client.get("/api/v3/exchangeInfo?symbol=BTCUSDT"))["symbols"]
        (band,) = (each for each in pair["filters"] if each["filterType"] == "PERCENT_PRICE_BY_SIDE")
        assert band == {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": "5",
            "bidMultiplierDown": "0.2",
            "askMultiplierUp": "5",
            "askMultiplierDown": "0.2",
            "avgPriceMins": 5,
        }
