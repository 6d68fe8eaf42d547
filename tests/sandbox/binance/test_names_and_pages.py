"""Which order, list or page a request means: where it is named twice, by another pair, from an id on, at most so many.

rest-api.md: where both ids are given, the order (or list) is searched by the exchange's, and must have the other too.
"""

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec import structs

from exconn.testing.virtual import World

from .conftest import KEYS, mac

PATH = "/api/v3/order"
NEW = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "59000"}
GONE = {"code": -2011, "msg": "Unknown order sent."}


@pytest.mark.parametrize(
    ("method", "path", "more", "refusal"),
    [
        ("GET", PATH, {}, {"code": -2013, "msg": "Order does not exist."}),
        ("DELETE", PATH, {}, GONE),
        ("PUT", f"{PATH}/amend/keepPriority", {"newQty": "0.5"}, {"code": -2038, "msg": "Unknown order sent."}),
    ],
)
async def test_an_order_that_is_named_twice_has_both_names(
    open_exchange: Any, virtual_world: World, method: str, path: str, more: dict[str, str], refusal: Any
) -> None:
    async with open_exchange() as client:
        one = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="one")
        await client.limit("alice", "BUY", "1", "60001", newClientOrderId="two")
        both = {"symbol": "BTCUSDT", "orderId": one["orderId"], **more}
        assert await client.call("alice", method, path, **both, origClientOrderId="two") == refusal
        assert await client.call("alice", method, path, **both, origClientOrderId="none") == refusal
        right = await client.call("alice", method, path, **both, origClientOrderId="one")
        assert right.get("orderId", right.get("amendedOrder", {}).get("orderId")) == one["orderId"]


async def test_an_id_that_is_used_again_does_not_hide_the_older_order(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        first = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="again")
        await client.call("alice", "DELETE", PATH, symbol="BTCUSDT", orderId=first["orderId"])
        second = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="again")
        names = {"symbol": "BTCUSDT", "origClientOrderId": "again"}
        for order, state in ((first, "CANCELED"), (second, "NEW")):
            found = await client.call("alice", "GET", PATH, **names, orderId=order["orderId"])
            assert (found["orderId"], found["status"]) == (order["orderId"], state)


async def test_what_is_replaced_has_both_names_too(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        one = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="one")
        await client.limit("alice", "BUY", "1", "60001", newClientOrderId="two")
        old = {"cancelOrderId": one["orderId"], "cancelOrigClientOrderId": "two"}
        said = await client.call(
            "alice", "POST", f"{PATH}/cancelReplace", cancelReplaceMode="STOP_ON_FAILURE", **NEW, **old
        )
        assert said["data"]["cancelResponse"] == GONE
        assert len(await client.call("alice", "GET", "/api/v3/openOrders", symbol="BTCUSDT")) == 2


async def test_a_pair_that_does_not_exist_is_no_half_of_a_replacement(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        new = {**NEW, "symbol": "NOPE"}
        said = await client.call(
            "alice", "POST", f"{PATH}/cancelReplace", cancelReplaceMode="ALLOW_FAILURE", cancelOrderId=1, **new
        )
        assert said == {"code": -1121, "msg": "Invalid symbol."}


@pytest.mark.parametrize("mode", ["STOP_ON_FAILURE", "ALLOW_FAILURE"])
async def test_filters_are_evaluated_before_anything_is_cancelled(
    open_exchange: Any, virtual_world: World, mode: str
) -> None:
    """rest-api.md#cancel-an-existing-order-and-send-a-new-order-trade, its second sentence."""
    async with open_exchange() as client:
        old = await client.limit("alice", "BUY", "1", "60000", newClientOrderId="mine")
        ask = {**NEW, "cancelReplaceMode": mode, "cancelOrderId": old["orderId"], "newClientOrderId": "mine"}
        said = await client.signed("alice", "POST", f"{PATH}/cancelReplace", **{**ask, "price": "59000.001"})
        assert (said.status, said.data) == (400, {"code": -1013, "msg": "Filter failure: PRICE_FILTER"})
        (left,) = await client.call("alice", "GET", "/api/v3/openOrders", symbol="BTCUSDT")
        assert left["orderId"] == old["orderId"]
        done = await client.call("alice", "POST", f"{PATH}/cancelReplace", **ask)
        assert done["newOrderResponse"]["clientOrderId"] == "mine"  # the cancel made it free


async def make_list(client: Any, number: int) -> dict[str, Any]:
    """Two sells of BTC, of which one cancels the other."""
    made: dict[str, Any] = await client.call(
        "alice",
        "POST",
        "/api/v3/orderList/oco",
        symbol="BTCUSDT",
        side="SELL",
        quantity="0.1",
        aboveType="LIMIT_MAKER",
        abovePrice=str(70000 + number),
        belowType="STOP_LOSS",
        belowStopPrice=str(50000 - number),
        listClientOrderId=f"list-{number}",
    )
    await asyncio.sleep(1)
    return made


async def test_lists_from_an_id_on_are_the_first_ones(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        ids = [(await make_list(client, number))["orderListId"] for number in range(4)]

        async def ids_of(**asked: Any) -> list[int]:
            return [each["orderListId"] for each in await client.call("alice", "GET", "/api/v3/allOrderList", **asked)]

        assert await ids_of(limit=2) == ids[2:]
        assert await ids_of(fromId=ids[1], limit=2) == ids[1:3]
        assert await ids_of(fromId=ids[3] + 1, limit=2) == []


async def test_a_list_is_of_its_pair_and_has_both_names(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        one, two = [await make_list(client, number) for number in range(2)]
        number, path = one["orderListId"], "/api/v3/orderList"
        unknown = {"code": -2011, "msg": "Unknown order list sent."}
        assert await client.call("alice", "DELETE", path, symbol="ETHUSDT", orderListId=number) == unknown
        wrong = {"orderListId": number, "listClientOrderId": two["listClientOrderId"]}
        assert await client.call("alice", "DELETE", path, symbol="BTCUSDT", **wrong) == unknown
        right = {"orderListId": number, "listClientOrderId": one["listClientOrderId"]}
        assert (await client.call("alice", "DELETE", path, symbol="BTCUSDT", **right))["orderListId"] == number


async def test_so_many_amendments_are_amendments(open_exchange: Any, virtual_world: World) -> None:
    """The placing, which Binance does not tell, is none of them."""
    async with open_exchange() as client:
        order = await client.limit("alice", "BUY", "1", "60000")
        which, made = {"symbol": "BTCUSDT", "orderId": order["orderId"]}, []
        for amount in ("0.8", "0.6", "0.4"):
            await asyncio.sleep(1)
            change = await client.call("alice", "PUT", f"{PATH}/amend/keepPriority", **which, newQty=amount)
            made.append(change["executionId"])

        async def ids_of(**asked: Any) -> list[int]:
            told = await client.call("alice", "GET", f"{PATH}/amendments", **which, **asked)
            return [each["executionId"] for each in told]

        assert await ids_of(limit=1) == made[:1]
        assert await ids_of(limit=2) == made[:2]
        assert await ids_of(fromExecutionId=made[1], limit=1) == made[1:2]
        assert await ids_of() == made


async def test_an_aggregated_trade_is_whole_or_not_told(open_exchange: Any, virtual_world: World, binance: Any) -> None:
    """Its number never changes: of one whose first trade is not kept any more nothing is told."""
    venue = binance.venue
    few = replace(binance, venue=replace(venue, policy=structs.replace(venue.policy, trades_kept=4)))
    async with open_exchange(dialect=few) as client:
        for quantity in ("0.1", "0.2", "0.3"):
            await client.limit("bob", "SELL", quantity, "60000")
        await client.limit("alice", "BUY", "0.6", "60000")

        async def told() -> list[tuple[int, int, str]]:
            trades = await client.get("/api/v3/aggTrades?symbol=BTCUSDT")
            return [(each["a"], each["l"], each["q"]) for each in trades]

        assert await told() == [(1, 3, "0.60000000")]
        for _ in range(2):
            await client.limit("bob", "SELL", "0.1", "60000")
            await client.limit("alice", "BUY", "0.1", "60000")
        assert await told() == [(4, 4, "0.10000000"), (5, 5, "0.10000000")]


SPANS = [("aggTrades", "T"), ("myTrades", "time"), ("allOrders", "time")]


@pytest.mark.parametrize(("path", "shown"), SPANS)
@pytest.mark.parametrize("unit", ["MILLISECOND", "MICROSECOND"])
async def test_an_end_is_inclusive_of_what_is_shown_at_it(
    open_exchange: Any, virtual_world: World, path: str, shown: str, unit: str
) -> None:
    """rest-api.md#compressedaggregate-trades-list: endTime is inclusive; the exchange counts finer than in ms."""
    async with open_exchange() as client:
        await asyncio.sleep(0.0004567)
        await client.limit("bob", "SELL", "1", "60000")
        await client.limit("alice", "BUY", "1", "60000")
        assert client.sandbox.now_ns() % 1000

        async def find(**span: int) -> Any:
            query = {"symbol": "BTCUSDT", **span}
            if path != "aggTrades":
                query["timestamp"] = client.now_ms
            text = urlencode(query)
            signed = "" if path == "aggTrades" else f"&signature={mac(text)}"
            headers = {"X-MBX-APIKEY": KEYS["alice"], "X-MBX-TIME-UNIT": unit}
            return (await client.send("GET", f"/api/v3/{path}?{text}{signed}", headers)).data

        (row,) = await find()
        at = row[shown]
        assert await find(endTime=at) == await find(startTime=at, endTime=at) == [row]
        assert await find(endTime=at - 1) == await find(startTime=at + 1) == []
