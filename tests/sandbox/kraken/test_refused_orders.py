"""Orders that the exchange does not take as they are sent: fields, kinds of values, borrowed funds, batches of one."""

from typing import Any

import pytest

from .conftest import Client, Open

LIMIT: dict[str, Any] = {
    "order_type": "limit",
    "side": "buy",
    "symbol": "BTC/USD",
    "order_qty": 0.01,
    "limit_price": 50000,
}
BATCHED: dict[str, Any] = {"ordertype": "limit", "type": "buy", "volume": "0.01", "price": "50000"}
FRAMES: list[tuple[dict[str, Any], str]] = [
    ({"leverage": 2}, "Unsupported field: 'leverage' for the given msg type: add order"),
    ({"userref": 7}, "Unsupported field: 'userref' for the given msg type: add order"),
    ({"order_qty": "0.01"}, "Order_qty field must be a number_float"),
    ({"limit_price": True}, "Limit_price field must be a number_float"),
    ({"order_qty": None, "cash_order_qty": "5"}, "Cash_order_qty field must be a number_float"),
    (
        {"no_mpp": True},
        "EGeneral:Invalid arguments:no_mpp order option is only available when ordertype = market",
    ),
    ({"margin": True}, "EOrder:Cannot open position"),
    ({"reduce_only": True}, "EOrder:Reduce only:No position exists"),
    (
        {"order_type": "stop-loss", "triggers": {"price": 40000, "reference": "index"}},
        "EGeneral:Invalid arguments:Index unavailable",
    ),
]


async def _token(client: Client) -> str:
    return str((await client.private("GetWebSocketsToken"))["result"]["token"])


@pytest.mark.parametrize(("more", "error"), FRAMES)
async def test_frames_that_are_no_orders(kraken: Open, more: dict[str, Any], error: str) -> None:
    async with kraken() as client, client.stream() as stream:
        asked = {name: value for name, value in {**LIMIT, **more}.items() if value is not None}
        refused = await stream.ask("add_order", 3, token=await _token(client), **asked)
        assert (refused["error"], refused["success"], refused["req_id"]) == (error, False, 3)
        assert (await client.private("OpenOrders"))["result"]["open"] == {}


async def test_flags_that_ask_for_nothing(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        flags = {"margin": False, "reduce_only": False, "no_mpp": False, "fee_preference": "quote"}
        placed = await stream.ask("add_order", **LIMIT, **flags, token=await _token(client))
        assert placed["success"] is True


RESTS: list[tuple[dict[str, Any], str]] = [
    ({"leverage": "2"}, "EOrder:Cannot open position"),
    ({"leverage": "5:1"}, "EOrder:Cannot open position"),
    ({"reduce_only": "true"}, "EOrder:Reduce only:No position exists"),
    ({"trigger": "index"}, "EGeneral:Invalid arguments:Index unavailable"),
    ({"oflags": "post,gold"}, "EGeneral:Invalid arguments:oflags"),
]


@pytest.mark.parametrize(("more", "error"), RESTS)
async def test_rest_orders_on_margin(kraken: Open, more: dict[str, Any], error: str) -> None:
    async with kraken() as client:
        assert await client.place("buy", "0.01", "50000", **more) == {"error": [error]}
        spot = {"leverage": "none", "reduce_only": "false", "trigger": "last"}
        assert (await client.place("buy", "0.01", "50000", **spot))["error"] == []


@pytest.mark.parametrize(("count", "error"), [(1, ["EGeneral:Invalid arguments:orders"]), (2, []), (15, [])])
async def test_how_many_orders_a_batch_has(kraken: Open, count: int, error: list[str]) -> None:
    async with kraken() as client, client.stream() as stream:
        reply = await client.private("AddOrderBatch", as_json=True, pair="XBTUSD", orders=[BATCHED] * count)
        assert reply["error"] == error
        one = {name: value for name, value in LIMIT.items() if name != "symbol"}
        asked = {"symbol": "BTC/USD", "orders": [one] * count, "token": await _token(client)}
        answer = await stream.ask("batch_add", **asked)
        assert ([answer["error"]] if "error" in answer else []) == error


async def test_a_batch_on_margin_is_refused_whole(kraken: Open) -> None:
    async with kraken() as client:
        orders = [BATCHED, {**BATCHED, "leverage": "2"}]
        reply = await client.private("AddOrderBatch", as_json=True, pair="XBTUSD", orders=orders)
        assert reply == {"error": ["EOrder:Cannot open position"]}
        assert (await client.private("OpenOrders"))["result"]["open"] == {}
