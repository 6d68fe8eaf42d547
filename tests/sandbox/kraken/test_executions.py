"""What a subscription to `executions` asks for: all transitions or the ends alone, the counter of orders, closes."""

from decimal import Decimal
from typing import Any

import pytest

from .conftest import Client, Open, Stream

LIMIT: dict[str, Any] = {"order_type": "limit", "side": "buy", "symbol": "BTC/USD"}


async def _token(client: Client) -> str:
    return str((await client.private("GetWebSocketsToken"))["result"]["token"])


async def _steps(stream: Stream, count: int) -> list[Any]:
    return [(await stream.next())["data"][0] for _ in range(count)]


async def test_who_wants_no_status_hears_of_beginnings_and_ends(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream, client.stream() as orders:
        token = await _token(client)
        ack = await stream.ask("subscribe", channel="executions", order_status=False, snap_orders=False, token=token)
        assert ack["result"] == {
            "channel": "executions",
            "maxratecount": 180,
            "snap_orders": False,
            "snap_trades": False,
        }
        placed = await orders.ask("add_order", order_qty=0.5, limit_price=60000.0, token=token, **LIMIT)
        await orders.ask("amend_order", order_id=placed["result"]["order_id"], order_qty=0.4, token=token)
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.4", "60000")
        frames = [await stream.next() for _ in range(2)]
        assert [(each["data"][0]["exec_type"], each["sequence"]) for each in frames] == [("new", 1), ("filled", 2)]
        assert all("ratecount" not in each["data"][0] for each in frames)


async def test_the_counter_is_told_to_who_asks(kraken: Open) -> None:
    now = [10**18]
    async with kraken(now_ns=lambda: now[0]) as client, client.stream() as stream, client.stream() as orders:
        token = await _token(client)
        placed = await orders.ask("add_order", order_qty=0.5, limit_price=50000.0, token=token, **LIMIT)
        await stream.ask("subscribe", channel="executions", ratecounter=True, token=token)
        (order,) = (await stream.next())["data"]
        assert (order["exec_type"], order["ratecount"]) == ("new", 1)
        order_id = placed["result"]["order_id"]
        await orders.ask("amend_order", order_id=order_id, order_qty=0.4, token=token)  # 1, and 3 within 5 s
        await orders.ask("cancel_order", order_id=[order_id], token=token)  # 8 within 5 s
        steps = await _steps(stream, 2)
        assert [(each["exec_type"], each["ratecount"]) for each in steps] == [("amended", 5), ("canceled", 13)]
        now[0] += 2 * 10**9  # falls by 3.75 a second
        await orders.ask("add_order", order_qty=0.5, limit_price=50000.0, token=token, **LIMIT)
        assert {each["ratecount"] for each in await _steps(stream, 2)} == {7}


async def test_an_order_shows_what_closes_it(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        token = await _token(client)
        close = {"close[ordertype]": "stop-loss-limit", "close[price]": "40000", "close[price2]": "39000.5"}
        said = "close position @ stop loss 40000.0 -> limit 39000.5"
        placed = (await client.place("buy", "0.1", "50000", **close))["result"]
        assert placed["descr"]["close"] == said
        (order,) = (await client.private("OpenOrders"))["result"]["open"].values()
        assert order["descr"]["close"] == said
        queried = (await client.private("QueryOrders", txid=placed["txid"][0]))["result"]
        assert queried[placed["txid"][0]]["descr"]["close"] == said
        await stream.ask("subscribe", channel="executions", token=token)
        snapshot = (await stream.next())["data"]
        contingent = next(each["contingent"] for each in snapshot if "contingent" in each)
        assert contingent == {
            "order_type": "stop-loss-limit",
            "trigger_price": Decimal(40000),
            "trigger_price_type": "static",
            "limit_price": Decimal("39000.5"),
            "limit_price_type": "static",
        }
        plain = (await client.place("buy", "0.1", "50001"))["result"]
        assert "close" not in plain["descr"]


async def test_a_trigger_is_shown_whole(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.2", "60000")
        await client.place("buy", "0.2")
        token = await _token(client)
        await stream.ask("subscribe", channel="executions", snap_orders=False, token=token)
        trailing = {"order_type": "trailing-stop", "side": "sell", "order_qty": 0.1, "symbol": "BTC/USD"}
        await stream.send("add_order", triggers={"price": 5, "price_type": "pct"}, token=token, **trailing)
        frames = [await stream.next() for _ in range(2)]
        order = next(each["data"][0] for each in frames if each.get("channel") == "executions")
        assert order["triggers"] == {
            "reference": "last",
            "price": Decimal(5),
            "price_type": "pct",
            "actual_price": Decimal(57000),
            "peak_price": Decimal(60000),
            "status": "untriggered",
        }


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"snapshot": False}, []),
        ({"snapshot": True}, ["orders"]),
        ({"snapshot_trades": True}, ["trades"]),
        ({"snapshot_trades": True, "snap_orders": True}, ["trades", "orders"]),
    ],
)
async def test_the_older_names_of_snapshots(kraken: Open, asked: dict[str, bool], told: list[str]) -> None:
    async with kraken() as client, client.stream() as stream:
        ack = await stream.ask("subscribe", channel="executions", token=await _token(client), **asked)
        assert {name for name in ("orders", "trades") if ack["result"][f"snap_{name}"]} == set(told)
        assert [(await stream.next())["type"] for _ in told] == ["snapshot"] * len(told)
        assert (await stream.ask("ping"))["method"] == "pong"


async def test_a_batch_counts_by_halves_and_amended_orders_are_young(kraken: Open) -> None:
    now = [10**18]
    async with kraken(now_ns=lambda: now[0]) as client, client.stream() as stream, client.stream() as orders:
        token = await _token(client)
        await stream.ask("subscribe", channel="executions", ratecounter=True, snap_orders=False, token=token)
        one = {"order_type": "limit", "side": "buy", "order_qty": 0.1, "limit_price": 50000}
        placed = await orders.ask("batch_add", symbol="BTC/USD", orders=[one] * 4, token=token)
        assert [each["ratecount"] for each in await _steps(stream, 8)] == [1, 1, 1, 1, 2, 2, 2, 2]
        order_id = placed["result"][0]["order_id"]
        now[0] += 400 * 10**9
        await orders.ask("amend_order", order_id=order_id, order_qty=0.05, token=token)  # of an old order: 1
        await orders.ask("cancel_order", order_id=[order_id], token=token)  # of one amended just now: 8
        assert [each["ratecount"] for each in await _steps(stream, 2)] == [1, 9]
