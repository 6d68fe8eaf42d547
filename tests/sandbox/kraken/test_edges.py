"""Requests that name nothing, or nothing that there is, and pages that end where much happened at once."""

from decimal import Decimal
from typing import Any

import pytest

from .conftest import Client, Open

UNKNOWN = ["EOrder:Unknown order"]
INVALID = ["EGeneral:Invalid arguments"]


async def _token(client: Client) -> str:
    return str((await client.private("GetWebSocketsToken"))["result"]["token"])


async def _open_orders(client: Client) -> list[str]:
    return list((await client.private("OpenOrders"))["result"]["open"])


# https://support.kraken.com/hc/en-us/articles/360001491786-API-error-messages: without the required parameters, such as
# QueryOrders without a valid txid
EMPTY: list[tuple[str, dict[str, Any]]] = [
    ("CancelOrderBatch", {}),
    ("CancelOrderBatch", {"orders": []}),
    ("CancelOrderBatch", {"cl_ord_ids": []}),
    ("CancelOrder", {}),
    ("CancelOrder", {"txid": []}),
    ("QueryOrders", {}),
    ("QueryOrders", {"txid": []}),
    ("QueryOrders", {"trades": True}),
]


@pytest.mark.parametrize(("name", "asked"), EMPTY)
async def test_who_names_no_order_means_none(kraken: Open, name: str, asked: dict[str, Any]) -> None:
    async with kraken() as client:
        for price in ("50000", "50001"):
            await client.place("buy", "0.1", price)
        assert (await client.private(name, as_json=True, **asked)) == {"error": INVALID}
        assert len(await _open_orders(client)) == 2


EMPTY_FRAMES: list[tuple[str, dict[str, Any]]] = [
    ("batch_cancel", {}),
    ("batch_cancel", {"orders": []}),
    ("batch_cancel", {"orders": [], "cl_ord_id": []}),
    ("cancel_order", {"order_id": []}),
    ("cancel_order", {"cl_ord_id": []}),
    ("cancel_order", {"order_userref": []}),
]


@pytest.mark.parametrize(("method", "asked"), EMPTY_FRAMES)
async def test_a_frame_that_names_no_order_is_answered(kraken: Open, method: str, asked: dict[str, Any]) -> None:
    async with kraken() as client, client.stream() as stream:
        await client.place("buy", "0.1", "50000")
        said = await stream.ask(method, 7, token=await _token(client), **asked)
        assert (said["method"], said["error"], said["req_id"]) == (method, *INVALID, 7)
        assert len(await _open_orders(client)) == 1


@pytest.mark.parametrize("method", ["subscribe", "unsubscribe"])
async def test_a_subscription_to_no_pair_is_answered(kraken: Open, method: str) -> None:
    async with kraken() as client, client.stream() as stream:
        said = await stream.ask(method, 7, channel="trade", symbol=[])
        assert (said["method"], said["success"], said["req_id"]) == (method, False, 7)


@pytest.mark.parametrize("seconds", [86400, 10**12, 10**18, 10**20, -1])
async def test_a_timer_is_set_for_less_than_a_day(kraken: Open, seconds: int) -> None:
    """https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/cancel_after: less than 86400 seconds."""
    refusal = "EGeneral:Invalid arguments:timeout"
    async with kraken() as client, client.stream() as stream:
        assert await client.private("CancelAllOrdersAfter", timeout=seconds) == {"error": [refusal]}
        said = await stream.ask("cancel_all_orders_after", 7, token=await _token(client), timeout=seconds)
        assert (said["success"], said["error"], said["req_id"]) == (False, refusal, 7)
        assert client.sandbox.exchange.due is None
        assert (await client.private("CancelAllOrdersAfter", timeout=86399))["error"] == []
        assert client.sandbox.exchange.due is not None


@pytest.mark.parametrize(("name", "asked"), [("Ledgers", {"asset": "XBT,NOPE"}), ("TradeBalance", {"asset": "NOPE"})])
async def test_an_asset_that_there_is_not(kraken: Open, name: str, asked: dict[str, str]) -> None:
    async with kraken() as client:
        assert (await client.private(name, **asked)) == {"error": ["EQuery:Unknown asset"]}


async def test_rows_come_in_the_order_asked(kraken: Open) -> None:
    async with kraken() as client:
        ids = list((await client.private("Ledgers"))["result"]["ledger"])
        for asked in (ids, ids[::-1], [*ids[1:], ids[0], ids[1]]):
            found = (await client.private("QueryLedgers", id=",".join([*asked, "LAAAAA-BBBBB-CCCCCC"])))["result"]
            assert list(found) == list(dict.fromkeys(asked))


async def test_an_order_is_edited_by_its_reference_in_its_own_pair(kraken: Open) -> None:
    async with kraken() as client:
        await client.place("buy", "0.1", "50000", userref=12)
        other = await client.private("EditOrder", txid="12", pair="ETHUSD", volume="0.2")
        assert other == {"error": UNKNOWN}
        assert (await client.private("EditOrder", txid="12", pair="XBTUSD", volume="0.2"))["error"] == []


async def _trade_at_once(client: Client, bob: Client, *prices: str) -> None:
    """One order of bob's that takes one of alice's at each price, all at one moment."""
    for price in prices:
        await client.place("buy", "0.1", price)
    await bob.place("sell", str(Decimal("0.1") * len(prices)), prices[-1])


@pytest.mark.parametrize("count", [1, 2, 3, 4, 10])
async def test_pages_of_trades_lose_none_that_were_made_at_once(kraken: Open, count: int) -> None:
    async with kraken() as client:
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        for prices in (["50003"], ["50003", "50002", "50001"], ["50003"], ["50003", "50002"]):
            await _trade_at_once(client, bob, *prices)
        every = [each[0] for each in (await client.public("Trades", pair="XBTUSD"))["result"]["XXBTZUSD"]]
        assert len(every) == 7
        walked, since = [], "0"
        while True:
            page = (await client.public("Trades", pair="XBTUSD", since=since, count=count))["result"]
            if not page["XXBTZUSD"]:
                break
            assert len(page["XXBTZUSD"]) <= max(count, 3)
            walked += [each[0] for each in page["XXBTZUSD"]]
            since = page["last"]
        assert walked == every
        assert page["last"] == since


async def test_the_beginning_of_trades_to_come(kraken: Open) -> None:
    async with kraken() as client:
        assert (await client.public("Trades", pair="XBTUSD", since="0"))["result"] == {"XXBTZUSD": [], "last": "0"}
