"""Batches of all kinds of orders: https://docs.kraken.com/exchange/api-reference/spot-rest/trading/add-order-batch and
spot-websocket-v2/batch_add"""

from typing import Any

import pytest

from .conftest import Client, Open

LIMIT = {"ordertype": "limit", "type": "buy", "volume": "0.1", "price": "50000"}
KINDS: list[dict[str, Any]] = [
    {**LIMIT, "leverage": "none", "reduce_only": False, "trigger": "last", "close": None},
    {"ordertype": "stop-loss", "type": "sell", "volume": "0.1", "price": "40000"},
    {"ordertype": "stop-loss-limit", "type": "sell", "volume": "0.1", "price": "40000", "price2": "39000"},
    {"ordertype": "trailing-stop", "type": "sell", "volume": "0.1", "price": "+5%"},
    {"ordertype": "iceberg", "type": "buy", "volume": "0.1", "price": "50000", "displayvol": "0.01"},
]
SAID = [
    "buy 0.10000000 XBTUSD @ limit 50000.0",
    "sell 0.10000000 XBTUSD @ stop loss 40000.0",
    "sell 0.10000000 XBTUSD @ stop loss 40000.0 -> limit 39000.0",
    "sell 0.10000000 XBTUSD @ trailing stop +5%",
    "buy 0.10000000 XBTUSD @ iceberg 50000.0",
]


async def _traded(client: Client) -> None:
    bob = Client(client.port, client.session, client.sandbox, "key-bob")
    await bob.place("sell", "0.1", "60000")
    await client.place("buy", "0.1", "60000")


async def test_a_batch_of_every_kind(kraken: Open) -> None:
    async with kraken() as client:
        await _traded(client)
        reply = await client.private("AddOrderBatch", as_json=True, pair="XBTUSD", orders=KINDS)
        assert [each["descr"]["order"] for each in reply["result"]["orders"]] == SAID
        opened = (await client.private("OpenOrders"))["result"]["open"]
        assert {each["txid"] for each in reply["result"]["orders"]} == set(opened)


WRONG: list[dict[str, Any]] = [
    {**LIMIT, "price": None},
    {name: value for name, value in LIMIT.items() if name != "price"},
    {**KINDS[2], "price2": "x"},
    {name: value for name, value in KINDS[2].items() if name != "price2"},
    {**LIMIT, "userref": 7, "cl_ord_id": "mine"},
]


@pytest.mark.parametrize("order", WRONG)
async def test_an_order_of_a_batch_that_is_none(kraken: Open, order: dict[str, Any]) -> None:
    async with kraken() as client:
        reply = await client.private("AddOrderBatch", as_json=True, pair="XBTUSD", orders=[LIMIT, order])
        assert reply == {"error": ["EGeneral:Invalid arguments:orders"]}


async def test_an_order_of_a_batch_that_closes_another(kraken: Open) -> None:
    async with kraken() as client:
        await _traded(client)
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "1", "60000")
        close = {"ordertype": "stop-loss-limit", "price": "40000", "price2": "39000"}
        order = {"ordertype": "market", "type": "buy", "volume": "0.1", "close": close}
        await client.private("AddOrderBatch", as_json=True, pair="XBTUSD", orders=[order, LIMIT])
        opened = (await client.private("OpenOrders"))["result"]["open"].values()
        assert sorted(each["descr"]["ordertype"] for each in opened) == ["limit", "stop-loss-limit"]


async def test_a_batch_over_the_websocket_has_all_documented_fields(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        token = (await client.private("GetWebSocketsToken"))["result"]["token"]
        order = {"order_type": "limit", "side": "buy", "order_qty": 0.1, "limit_price": 50000}
        further = {"margin": False, "fee_preference": "quote", "no_mpp": False, "reduce_only": False}
        close = {"conditional": {"order_type": "limit", "limit_price": 70000}}
        asked = {"token": token, "symbol": "BTC/USD", "orders": [{**order, **further}, {**order, **close}]}
        assert len((await stream.ask("batch_add", **asked))["result"]) == 2
        wrong = {**asked, "orders": [order, {"order_type": "stop-loss", "side": "sell", "order_qty": 0.1}]}
        assert (await stream.ask("batch_add", **wrong))["error"] == "EGeneral:Invalid arguments:orders"


async def test_an_iceberg_shows_at_least_a_fifteenth(kraken: Open) -> None:
    async with kraken() as client:
        fields = {"pair": "XBTUSD", "type": "buy", "volume": "1.5", "ordertype": "iceberg", "price": "50000"}
        assert (await client.private("AddOrder", displayvol="0.1", **fields))["error"] == []
        refused = await client.private("AddOrder", displayvol="0.09", **fields)
        assert refused == {"error": ["EGeneral:Invalid arguments:displayvol"]}
