"""What an account did, as the parameters of the account pages ask for it:
https://docs.kraken.com/exchange/api-reference/spot-rest/account-data"""

from typing import Any

import pytest

from .conftest import Client, Open


async def _history(client: Client) -> tuple[str, str]:
    """A market order of alice's that filled, and one that she cancelled with a part of it filled."""
    bob = Client(client.port, client.session, client.sandbox, "key-bob")
    await bob.place("sell", "1", "60000")
    (filled,) = (await client.place("buy", "1"))["result"]["txid"]
    (cancelled,) = (await client.place("buy", "1", "59000"))["result"]["txid"]
    await bob.place("sell", "0.5", "59000")
    await client.private("CancelOrder", txid=cancelled)
    return filled, cancelled


@pytest.mark.parametrize("asked", [{}, {"trades": "false"}, {"trades": "true"}, {"trades": "True"}, {"trades": "1"}])
async def test_trades_of_an_order_are_told_where_they_are_asked_for(kraken: Open, asked: dict[str, str]) -> None:
    async with kraken() as client:
        filled, _ = await _history(client)
        told = "trades" in (await client.private("QueryOrders", txid=filled, **asked))["result"][filled]
        assert told is (asked.get("trades", "false") != "false")
        assert ("trades" in (await client.private("ClosedOrders", **asked))["result"]["closed"][filled]) is told


async def test_trades_are_asked_for_in_json_too(kraken: Open) -> None:
    async with kraken() as client:
        filled, _ = await _history(client)
        reply = await client.private("QueryOrders", as_json=True, txid=filled, trades=True)
        assert len(reply["result"][filled]["trades"]) == 1


async def test_why_an_order_is_closed_is_said_where_there_is_something_to_say(kraken: Open) -> None:
    async with kraken() as client:
        filled, cancelled = await _history(client)
        closed = (await client.private("ClosedOrders"))["result"]["closed"]
        assert "reason" not in closed[filled]
        assert (closed[cancelled]["reason"], closed[cancelled]["misc"]) == ("User requested", "partial")


async def test_a_span_by_ids(kraken: Open) -> None:
    # start is exclusive and end inclusive; of an order's id the time of its opening is meant
    async with kraken() as client:
        filled, cancelled = await _history(client)
        by_opening = {"closetime": "open"}
        assert list(await _rows(client, "ClosedOrders", start=filled, **by_opening)) == [cancelled]
        assert list(await _rows(client, "ClosedOrders", end=filled, **by_opening)) == [filled]
        newest, oldest = await _rows(client, "TradesHistory")
        assert list(await _rows(client, "TradesHistory", start=oldest)) == [newest]
        entries = list(await _rows(client, "Ledgers", type="deposit"))
        assert len(entries) == 3
        assert list(await _rows(client, "Ledgers", type="deposit", end=entries[-1])) == entries
        assert await client.private("Ledgers", start="LAAAAA-BBBBB-CCCCCC") == {"error": ["EOrder:Unknown order"]}


async def test_a_span_by_seconds_that_have_a_fraction(kraken: Open) -> None:
    async with kraken() as client:
        filled, cancelled = await _history(client)
        opened = (await client.private("QueryOrders", txid=cancelled))["result"][cancelled]["opentm"]
        assert list(await _rows(client, "ClosedOrders", start=opened, closetime="open")) == []
        assert list(await _rows(client, "ClosedOrders", start=opened, closetime="both")) == [cancelled]
        assert set(await _rows(client, "ClosedOrders", end=opened, closetime="open")) == {filled, cancelled}


WITHOUT: list[tuple[str, dict[str, Any]]] = [
    ("ClosedOrders", {"without_count": "true"}),
    ("TradesHistory", {"without_count": "true"}),
    ("Ledgers", {"without_count": "true"}),
]


@pytest.mark.parametrize(("name", "asked"), WITHOUT)
async def test_counts_are_left_out_where_they_are_not_wanted(kraken: Open, name: str, asked: dict[str, Any]) -> None:
    async with kraken() as client:
        await _history(client)
        whole = (await client.private(name))["result"]
        without = (await client.private(name, **asked))["result"]
        assert set(whole) - set(without) == {"count"}


async def test_kinds_of_trades_and_of_ledger_entries(kraken: Open) -> None:
    async with kraken() as client:
        await _history(client)
        for kind in ("all", "no position"):
            assert len(await _rows(client, "TradesHistory", type=kind)) == 2
        for kind in ("any position", "closed position", "closing position"):
            assert (await client.private("TradesHistory", type=kind))["result"] == {"trades": {}, "count": 0}
        kinds = {name: len(await _rows(client, "Ledgers", type=name)) for name in ("all", "trade", "staking")}
        assert kinds == {"all": 7, "trade": 4, "staking": 0}
        assert len(await _rows(client, "Ledgers", asset="all")) == 7


async def _rows(client: Client, name: str, **asked: Any) -> dict[str, Any]:
    reply = await client.private(name, **asked)
    assert reply["error"] == []
    (rows,) = (each for each in reply["result"].values() if isinstance(each, dict))
    found: dict[str, Any] = rows
    return found
