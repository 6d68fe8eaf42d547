"""Icebergs and trailing stops, orders replaced and amended, and cancels that ask for a state."""

import asyncio
from typing import Any

import pytest

from exconn.testing.virtual import World

PATH = "/api/v3/order"
REPLACE = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "58000"}


async def test_an_iceberg_shows_a_part(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        made = await client.limit("alice", "BUY", "1", "60000", icebergQty="0.2")
        assert (made["status"], made["icebergQty"]) == ("NEW", "0.20000000")
        book = await client.get("/api/v3/depth?symbol=BTCUSDT")
        assert book["bids"] == [["60000.00000000", "0.20000000"]]
        parts = await client.limit("alice", "BUY", "1", "60000", icebergQty="0.001")
        assert parts == {"code": -1013, "msg": "Filter failure: ICEBERG_PARTS"}


async def test_a_trailing_stop(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await client.limit("bob", "SELL", "1", "60000")
        await client.limit("alice", "BUY", "0.1", "60000")
        stop = {"symbol": "BTCUSDT", "side": "SELL", "type": "STOP_LOSS_LIMIT", "timeInForce": "GTC", "quantity": "1"}
        far = await client.call("alice", "POST", PATH, **stop, price="50000", trailingDelta=3000)
        assert far == {"code": -1013, "msg": "Filter failure: TRAILING_DELTA"}
        neither = await client.call("alice", "POST", PATH, **stop, price="50000")
        text = "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!"
        assert neither == {"code": -1102, "msg": text}
        made = await client.call("alice", "POST", PATH, **stop, price="50000", trailingDelta=100)
        order = await client.call("alice", "GET", PATH, symbol="BTCUSDT", orderId=made["orderId"])
        shown = [order[name] for name in ("type", "trailingDelta", "trailingTime", "isWorking", "stopPrice")]
        assert shown == ["STOP_LOSS_LIMIT", 100, client.now_ms, False, "0.00000000"]


async def test_cancelling_and_replacing(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        old = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="old")
        ask = {**REPLACE, "cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": old["orderId"]}
        done = await client.signed("alice", "POST", f"{PATH}/cancelReplace", **ask)
        assert (done.status, done.data["cancelResult"], done.data["newOrderResult"]) == (200, "SUCCESS", "SUCCESS")
        assert (done.data["cancelResponse"]["status"], done.data["newOrderResponse"]["status"]) == ("CANCELED", "NEW")
        failed = await client.signed("alice", "POST", f"{PATH}/cancelReplace", **ask)
        assert (failed.status, failed.data) == (
            400,
            {
                "code": -2022,
                "msg": "Order cancel-replace failed.",
                "data": {
                    "cancelResult": "FAILURE",
                    "newOrderResult": "NOT_ATTEMPTED",
                    "cancelResponse": {"code": -2011, "msg": "Unknown order sent."},
                    "newOrderResponse": None,
                },
            },
        )
        allowed = {**ask, "cancelReplaceMode": "ALLOW_FAILURE"}
        partly = await client.signed("alice", "POST", f"{PATH}/cancelReplace", **allowed)
        assert (partly.status, partly.data["code"]) == (409, -2021)
        assert partly.data["data"]["newOrderResponse"]["status"] == "NEW"
        dear = {**allowed, "quantity": "100", "cancelOrderId": partly.data["data"]["newOrderResponse"]["orderId"]}
        unpaid = (await client.signed("alice", "POST", f"{PATH}/cancelReplace", **dear)).data["data"]
        assert (unpaid["cancelResult"], unpaid["newOrderResult"]) == ("SUCCESS", "FAILURE")
        assert unpaid["newOrderResponse"]["code"] == -2010


async def test_amending_keeps_the_place(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        made = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="first")
        which = {"symbol": "BTCUSDT", "orderId": made["orderId"]}
        amended = await client.call("alice", "PUT", f"{PATH}/amend/keepPriority", **which, newQty="0.4")
        order = amended["amendedOrder"]
        assert (order["qty"], order["status"], order["orderId"]) == ("0.40000000", "NEW", made["orderId"])
        assert order["clientOrderId"] != "first"
        more = await client.signed("alice", "PUT", f"{PATH}/amend/keepPriority", **which, newQty="0.5")
        assert (more.status, more.data["code"]) == (400, -2038)
        gone = await client.call("alice", "PUT", f"{PATH}/amend/keepPriority", symbol="BTCUSDT", orderId=1, newQty="1")
        assert gone == {"code": -2038, "msg": "Unknown order sent."}


RESTRICTED = [("ONLY_NEW", "CANCELED"), ("ONLY_PARTIALLY_FILLED", None)]


@pytest.mark.parametrize(("restriction", "status"), RESTRICTED)
async def test_cancelling_in_a_state(
    open_exchange: Any, virtual_world: World, restriction: str, status: str | None
) -> None:
    async with open_exchange() as client:
        made = await client.limit("alice", "BUY", "1", "60000")
        ask = {"symbol": "BTCUSDT", "orderId": made["orderId"], "cancelRestrictions": restriction}
        reply = await client.call("alice", "DELETE", PATH, **ask)
        if status is None:
            assert reply == {"code": -2011, "msg": "Order was not canceled due to cancel restrictions."}
        else:
            assert reply["status"] == status
        wrong = await client.call("alice", "DELETE", PATH, **{**ask, "cancelRestrictions": "ONLY_FUN"})
        assert wrong["code"] == -1145


OCO = {
    "symbol": "BTCUSDT",
    "side": "SELL",
    "quantity": "1",
    "aboveType": "LIMIT_MAKER",
    "abovePrice": "62000",
    "belowType": "STOP_LOSS_LIMIT",
    "belowStopPrice": "59000",
    "belowPrice": "58900",
    "belowTimeInForce": "GTC",
}


async def test_one_cancels_the_other(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        await client.limit("bob", "SELL", "1", "60000")
        await client.limit("alice", "BUY", "0.1", "60000")
        made = await client.call("alice", "POST", "/api/v3/orderList/oco", **OCO)
        shown = [made[name] for name in ("contingencyType", "listStatusType", "listOrderStatus", "symbol")]
        assert shown == ["OCO", "EXEC_STARTED", "EXECUTING", "BTCUSDT"]
        reports = {each["type"]: each for each in made["orderReports"]}
        assert (reports["STOP_LOSS_LIMIT"]["stopPrice"], reports["LIMIT_MAKER"]["price"]) == (
            "59000.00000000",
            "62000.00000000",
        )
        assert {each["orderId"] for each in made["orders"]} == {each["orderId"] for each in made["orderReports"]}
        opened = await client.call("alice", "GET", "/api/v3/openOrders", symbol="BTCUSDT")
        assert {each["orderListId"] for each in opened} == {made["orderListId"]}
        (listed,) = await client.call("alice", "GET", "/api/v3/openOrderList")
        assert (listed["orderListId"], listed["listClientOrderId"]) == (made["orderListId"], made["listClientOrderId"])
        await client.limit("bob", "BUY", "1", "62000")
        await client.limit("bob", "BUY", "1", "62000")
        done = await client.call("alice", "GET", "/api/v3/orderList", orderListId=made["orderListId"])
        assert (done["listStatusType"], done["listOrderStatus"]) == ("ALL_DONE", "ALL_DONE")
        wrong = await client.call("alice", "POST", "/api/v3/orderList/oco", **{**OCO, "abovePrice": "58000"})
        assert wrong == {"code": -2010, "msg": "The relationship of the prices for the orders is not correct."}


async def test_one_triggers_the_other(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        working = {"workingType": "LIMIT", "workingSide": "BUY", "workingPrice": "60000", "workingQuantity": "1"}
        pending = {"pendingType": "LIMIT", "pendingSide": "SELL", "pendingPrice": "61000", "pendingQuantity": "0.9"}
        both = {"workingTimeInForce": "GTC", "pendingTimeInForce": "GTC", **working, **pending}
        made = await client.call("alice", "POST", "/api/v3/orderList/oto", symbol="BTCUSDT", **both)
        assert [each["status"] for each in made["orderReports"]] == ["NEW", "PENDING_NEW"]
        gone = await client.call(
            "alice", "DELETE", "/api/v3/orderList", symbol="BTCUSDT", orderListId=made["orderListId"]
        )
        assert gone["listOrderStatus"] == "ALL_DONE"
        assert {each["status"] for each in gone["orderReports"]} == {"CANCELED"}
        again = await client.call(
            "alice", "DELETE", "/api/v3/orderList", symbol="BTCUSDT", orderListId=made["orderListId"]
        )
        assert again == {"code": -2011, "msg": "Unknown order list sent."}


async def test_there_are_no_allocations(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        assert await client.call("alice", "GET", "/api/v3/myAllocations", symbol="BTCUSDT") == []


async def test_rates_of_every_pair(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        rate = {"symbol": "BTCUSDT", "makerCommission": "0.001", "takerCommission": "0.001"}
        assert await client.call("alice", "GET", "/sapi/v1/asset/tradeFee", symbol="BTCUSDT") == [rate]
        assert rate in await client.call("alice", "GET", "/sapi/v1/asset/tradeFee")


async def test_amendments_are_told_one_by_one(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        order = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="first")
        which = {"symbol": "BTCUSDT", "orderId": order["orderId"]}
        assert await client.call("alice", "GET", f"{PATH}/amendments", **which) == []
        replies = []
        for amount, name in (("0.4", "second"), ("0.1", "third")):
            await asyncio.sleep(1)
            change = {**which, "newQty": amount, "newClientOrderId": name}
            replies.append(await client.call("alice", "PUT", f"{PATH}/amend/keepPriority", **change))
        told = await client.call("alice", "GET", f"{PATH}/amendments", **which)
        assert [each.pop("executionId") for each in told] == [each["executionId"] for each in replies]
        common = {"symbol": "BTCUSDT", "orderId": order["orderId"]}
        first = {"origClientOrderId": "first", "newClientOrderId": "second"}
        second = {"origClientOrderId": "second", "newClientOrderId": "third"}
        assert told == [
            {**common, **first, "origQty": "1.00000000", "newQty": "0.40000000", "time": client.now_ms - 1000},
            {**common, **second, "origQty": "0.40000000", "newQty": "0.10000000", "time": client.now_ms},
        ]
        start = replies[1]["executionId"]
        (last,) = await client.call("alice", "GET", f"{PATH}/amendments", **which, fromExecutionId=start)
        assert last["newQty"] == "0.10000000"
        missing = await client.call("bob", "GET", f"{PATH}/amendments", **which)
        assert missing == {"code": -2013, "msg": "Order does not exist."}


DAY = 86_400_000
BAD: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("POST", "order", {"quantity": "0.000000001"}, -1111, "Parameter 'quantity' has too much precision."),
    ("POST", "order", {"price": "60000.123456789"}, -1111, "Parameter 'price' has too much precision."),
    ("POST", "order", {"price": "60000.123"}, -1013, "Filter failure: PRICE_FILTER"),
    ("POST", "order", {"strategyType": 999_999}, -1134, "strategyType was less than 1000000."),
    ("POST", "order", {"pegPriceType": "PRIMARY_PEG"}, -2010, "Pegged orders are not supported for this symbol."),
    ("POST", "orderList/opo", {}, -2010, "OPO orders are not supported for this symbol."),
    ("POST", "orderList/opoco", {}, -2010, "OPO orders are not supported for this symbol."),
    ("GET", "allOrders", {"endTime": DAY + 2}, -1127, "More than 24 hours between startTime and endTime."),
    ("GET", "myTrades", {"endTime": DAY + 2}, -1127, "More than 24 hours between startTime and endTime."),
    ("GET", "myTrades", {"fromId": 1}, -1128, "Combination of optional parameters invalid."),
    ("GET", "allOrderList", {"fromId": 1}, -1128, "Combination of optional parameters invalid."),
    (
        "POST",
        "orderList/otoco",
        {},
        -1102,
        "Mandatory parameter 'pendingBelowType' was not sent, was empty/null, or malformed.",
    ),
]


@pytest.mark.parametrize(("method", "path", "change", "code", "text"), BAD, ids=lambda value: str(value)[:20])
async def test_what_is_refused(
    open_exchange: Any, virtual_world: World, method: str, path: str, change: dict[str, Any], code: int, text: str
) -> None:
    limit = {
        "symbol": "BTCUSDT",
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "GTC",
        "quantity": "1",
        "price": "60000",
    }
    legs = {"workingType": "LIMIT", "workingSide": "BUY", "workingPrice": "1", "workingQuantity": "1"}
    pending = {"pendingSide": "SELL", "pendingQuantity": "1", "pendingAboveType": "LIMIT_MAKER"}
    good = {
        "order": limit,
        "allOrders": {"symbol": "BTCUSDT", "startTime": 1, "endTime": DAY + 1},
        "myTrades": {"symbol": "BTCUSDT", "startTime": 1, "endTime": DAY + 1},
        "allOrderList": {"startTime": 1, "endTime": DAY + 1},
        "orderList/opo": {"symbol": "BTCUSDT", **legs, **pending},
        "orderList/opoco": {"symbol": "BTCUSDT", **legs, **pending},
        "orderList/otoco": {"symbol": "BTCUSDT", **legs, **pending},
    }
    async with open_exchange() as client:
        answer = await client.call("alice", method, f"/api/v3/{path}", **{**good[path], **change})
        assert (answer["code"], answer["msg"]) == (code, text)
        if method == "GET":
            assert await client.call("alice", method, f"/api/v3/{path}", **good[path]) == []


async def test_there_is_no_opo_by_a_frame_either(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client, client.stream("/ws-api/v3") as socket:
        for method in ("orderList.place.opo", "orderList.place.opoco"):
            params = client.params("alice", symbol="BTCUSDT", workingType="LIMIT", workingSide="BUY")
            answer = await socket.ask(method, params)
            assert (answer["status"], answer["error"]["code"]) == (400, -2010)
        none = await socket.ask("blockTrades.historical", {"symbol": "BTCUSDT"})
        assert none["result"] == await client.get("/api/v3/historicalBlockTrades?symbol=BTCUSDT") == []


async def test_what_a_strategy_is_called_is_shown_again(open_exchange: Any, virtual_world: World) -> None:
    named = {"strategyId": 7, "strategyType": 1_000_001}
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    order |= {"quantity": "1", "price": "60000"}
    async with open_exchange() as client, client.stream("/ws-api/v3") as socket:
        await socket.ask("userDataStream.subscribe.signature", client.params("alice"))
        placed = await client.call("alice", "POST", "/api/v3/order", **order, **named)
        told = (await socket.next())["event"]
        assert (told["j"], told["J"]) == (7, 1_000_001)
        one = {"symbol": "BTCUSDT", "orderId": placed["orderId"]}
        for answer in (
            placed,
            await client.call("alice", "GET", "/api/v3/order", **one),
            await client.call("alice", "DELETE", "/api/v3/order", **one),
        ):
            assert {name: answer[name] for name in named} == named
        plain = await client.call("alice", "POST", "/api/v3/order", **order)
        assert not set(named) & set(plain)
        legs = {"aboveType": "LIMIT_MAKER", "abovePrice": "70000"}
        sold = {"side": "SELL", "quantity": "1", "aboveStrategyId": 9, "belowStopPrice": "50000"}
        await client.limit("bob", "SELL", "1", "60000")
        legs |= {"belowType": "STOP_LOSS"}
        pair = await client.call("alice", "POST", "/api/v3/orderList/oco", symbol="BTCUSDT", **legs, **sold)
        assert sorted(each.get("strategyId", 0) for each in pair["orderReports"]) == [0, 9]
