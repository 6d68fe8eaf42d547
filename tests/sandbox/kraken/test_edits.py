"""Edits by their pages: https://docs.kraken.com/exchange/api-reference/spot-rest/trading/edit-order and
https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/edit_order"""

from typing import Any

from .conftest import Client, Open


async def _edit(client: Client, **fields: Any) -> Any:
    reply = await client.private("EditOrder", pair="XBTUSD", **fields)
    assert reply["error"] == []
    return reply["result"]


async def _opened(client: Client) -> Any:
    return (await client.private("OpenOrders"))["result"]["open"]


async def test_an_edit_that_is_only_checked_changes_nothing(kraken: Open) -> None:
    async with kraken() as client:
        (txid,) = (await client.place("buy", "1", "50000"))["result"]["txid"]
        before = await _opened(client)
        checked = await _edit(client, txid=txid, price="51000", validate="true")
        assert (checked["status"], checked["orders_cancelled"], checked["price"]) == ("ok", 0, "51000.0")
        assert "txid" not in checked
        assert await _opened(client) == before
        dear = await client.private("EditOrder", pair="XBTUSD", txid=txid, volume="100", validate="true")
        assert dear == {"error": ["EOrder:Insufficient funds"]}


async def test_references_of_an_edit(kraken: Open) -> None:
    # an order may be named by its reference, where that is unique; the reference does not pass on to the new order
    async with kraken() as client:
        (txid,) = (await client.place("buy", "1", "50000", userref=7))["result"]["txid"]
        edited = await _edit(client, txid="7", price="50001", userref=8)
        assert (edited["originaltxid"], edited["olduserref"], edited["newuserref"]) == (txid, "7", "8")
        (order,) = (await _opened(client)).values()
        assert order["userref"] == 8
        again = await _edit(client, txid=edited["txid"], price="50002")
        assert (again["olduserref"], "newuserref" in again) == ("8", False)
        (order,) = (await _opened(client)).values()
        assert order["userref"] is None
        for price in ("40000", "40001"):
            await client.place("buy", "0.1", price, userref=9)
        refused = await client.private("EditOrder", pair="XBTUSD", txid="9", price="40002")
        assert refused == {"error": ["EOrder:Unknown order"]}


async def test_the_prices_of_an_order_that_waits(kraken: Open) -> None:
    # price is the trigger's, price2 the limit
    async with kraken() as client:
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.1", "60000")
        await client.place("buy", "0.1", "60000")
        stop = {"ordertype": "stop-loss-limit", "price": "70000", "price2": "70100"}
        placed = await client.private("AddOrder", pair="XBTUSD", type="buy", volume="1", **stop)
        (txid,) = placed["result"]["txid"]
        edited = await _edit(client, txid=txid, price="71000", price2="71100")
        assert (edited["price"], edited["price2"]) == ("71000.0", "71100.0")
        (order,) = (await _opened(client)).values()
        assert (order["descr"]["price"], order["descr"]["price2"]) == ("71000.0", "71100.0")
        edited = await _edit(client, txid=edited["txid"], price="72000")
        assert (edited["price"], edited["price2"]) == ("72000.0", "71100.0")


async def test_an_edit_over_the_websocket(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        token = (await client.private("GetWebSocketsToken"))["result"]["token"]
        (txid,) = (await client.place("buy", "1", "50000", userref=7))["result"]["txid"]
        asked = {"token": token, "order_id": txid, "symbol": "BTC/USD", "limit_price": 50001, "order_userref": 8}
        checked = await stream.ask("edit_order", validate=True, **asked)
        assert checked["result"] == {"original_order_id": txid}
        assert list(await _opened(client)) == [txid]
        done = (await stream.ask("edit_order", **asked))["result"]
        ((found, order),) = (await _opened(client)).items()
        assert (done, order["userref"]) == ({"order_id": found, "original_order_id": txid}, 8)


async def test_orders_are_cancelled_by_one_kind_of_name(kraken: Open) -> None:
    # https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/cancel_order
    async with kraken() as client, client.stream() as stream:
        token = (await client.private("GetWebSocketsToken"))["result"]["token"]
        (txid,) = (await client.place("buy", "1", "50000", cl_ord_id="mine"))["result"]["txid"]
        for names in ({}, {"order_id": [txid], "cl_ord_id": ["mine"]}):
            assert (await stream.ask("cancel_order", token=token, **names))["error"] == "EGeneral:Invalid arguments"
        assert list(await _opened(client)) == [txid]
        assert (await stream.ask("cancel_order", token=token, cl_ord_id=["mine"]))["success"]
