"""Websocket v2 of an account: tokens, orders placed and cancelled over the socket, executions and balances."""

from decimal import Decimal
from typing import Any

from .conftest import Client, Open, Stream

LIMIT = {"order_type": "limit", "side": "buy", "symbol": "BTC/USD"}


async def _token(client: Client) -> str:
    reply = (await client.private("GetWebSocketsToken"))["result"]
    assert reply["expires"] == 900
    return str(reply["token"])


async def _frames(stream: Stream, count: int) -> list[Any]:
    return [await stream.next() for _ in range(count)]


async def test_an_account_needs_its_token(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        missing = await stream.ask("subscribe", 1, channel="executions")
        assert (missing["error"], missing["success"], missing["req_id"]) == ("Token(s) not found", False, 1)
        wrong = await stream.ask("add_order", 2, token="nothing", order_qty=0.01, limit_price=50000.0, **LIMIT)
        assert (wrong["method"], wrong["error"]) == ("add_order", "ESession:Invalid session")


async def test_a_token_ends_unless_it_was_used_in_time(kraken: Open) -> None:
    now = [10**18]
    async with kraken(now_ns=lambda: now[0]) as client, client.stream() as used, client.stream() as late:
        token = await _token(client)
        assert (await used.ask("subscribe", channel="executions", token=token))["success"] is True
        await used.next()
        now[0] += 901 * 10**9
        assert (await late.ask("cancel_all", token=token))["error"] == "ESession:Invalid session"
        assert (await used.ask("cancel_all", token=token))["result"] == {"count": 0}


async def test_an_order_is_told_step_by_step(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream, client.stream() as orders:
        token = await _token(client)
        ack = await stream.ask("subscribe", 3, channel="executions", snap_trades=True, token=token)
        assert ack["result"] == {
            "channel": "executions",
            "maxratecount": 180,
            "snap_orders": True,
            "snap_trades": True,
        }
        snapshots = await _frames(stream, 2)
        assert [(each["type"], each["data"], each["sequence"]) for each in snapshots] == [
            ("snapshot", [], 1),
            ("snapshot", [], 2),
        ]
        placed = await orders.ask(
            "add_order", 4, token=token, order_qty=0.5, limit_price=60000.0, cl_ord_id="c-1", **LIMIT
        )
        assert (placed["method"], placed["success"], placed["req_id"]) == ("add_order", True, 4)
        order_id = placed["result"]["order_id"]
        assert placed["result"] == {"order_id": order_id, "cl_ord_id": "c-1"}
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.2", "60000")
        cancelled = await orders.ask("cancel_order", 5, token=token, order_id=[order_id])
        assert cancelled["result"] == {"order_id": order_id, "cl_ord_id": "c-1"}
        told = await _frames(stream, 4)
        assert [each["sequence"] for each in told] == [3, 4, 5, 6]
        steps = [each["data"][0] for each in told]
        assert [(each["exec_type"], each["order_status"]) for each in steps] == [
            ("pending_new", "pending_new"),
            ("new", "new"),
            ("trade", "partially_filled"),
            ("canceled", "canceled"),
        ]
        assert {(each["order_id"], each["cl_ord_id"], each["order_userref"]) for each in steps} == {
            (order_id, "c-1", 0)
        }
        trade = steps[2]
        assert (trade["last_qty"], trade["last_price"], trade["cost"]) == (
            Decimal("0.2"),
            Decimal(60000),
            Decimal(12000),
        )
        assert (trade["cum_qty"], trade["liquidity_ind"]) == (Decimal("0.2"), "m")
        assert trade["fees"] == [{"asset": "USD", "qty": Decimal(30)}]
        assert (steps[3]["cum_qty"], steps[3]["reason"]) == (Decimal("0.2"), "User requested")


async def test_an_order_that_takes_all_is_filled(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.2", "60000")
        token = await _token(client)
        await stream.ask("subscribe", channel="executions", snap_orders=False, token=token)
        await stream.send("add_order", token=token, order_type="market", side="buy", symbol="BTC/USD", order_qty=0.2)
        frames = await _frames(stream, 5)
        steps = [each["data"][0]["exec_type"] for each in frames if each.get("channel") == "executions"]
        assert steps == ["pending_new", "new", "trade", "filled"]
        assert [each["sequence"] for each in frames if each.get("channel") == "executions"] == [1, 2, 3, 4]


async def test_balances_are_told_by_ledger(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        token = await _token(client)
        await stream.ask("subscribe", channel="balances", token=token)
        snapshot = await stream.next()
        assert {each["asset"]: each["balance"] for each in snapshot["data"]} == {"BTC": 10, "ETH": 100, "USD": 10**6}
        await client.place("buy", "0.2", "60000")
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.2", "60000")
        base, quote = (each["data"][0] for each in await _frames(stream, 2))
        assert (base["asset"], base["amount"], base["balance"]) == ("BTC", Decimal("0.2"), Decimal("10.2"))
        assert (quote["asset"], quote["amount"], quote["fee"]) == ("USD", -12000, 30)
        assert quote["balance"] == 10**6 - 12030
        assert base["ref_id"] == quote["ref_id"]
        assert (base["type"], base["category"]) == ("trade", "trade")


async def test_refusals_over_the_socket(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        token = await _token(client)
        low = await stream.ask("add_order", 7, token=token, order_qty=0.00001, limit_price=50000.0, **LIMIT)
        assert (low["error"], low["success"], low["req_id"]) == ("EOrder:Order minimum not met", False, 7)
        assert {"time_in", "time_out"} < set(low)
        await stream.send("cancel_order", 8, token=token, order_id=["OAAAAA-BBBBB-CCCCCC", "ODDDDD-BBBBB-CCCCCC"])
        errors = [each["error"] for each in await _frames(stream, 2)]
        assert errors == ["EOrder:Unknown order"] * 2
        checked = await stream.ask(
            "add_order", token=token, order_qty=0.01, limit_price=50000.0, validate=True, **LIMIT
        )
        assert checked["result"] == {"order_id": ""}
        for price in (50000.0, 50001.0):
            await stream.ask(
                "add_order", token=token, order_qty=0.01, limit_price=price, cl_ord_id=str(price)[:5], **LIMIT
            )
        batch = await stream.ask("batch_cancel", token=token, orders=[], cl_ord_id=["50000", "50001"])
        assert (batch["method"], batch["orders_cancelled"], batch["success"]) == ("batch_cancel", 2, True)


async def test_fills_before_a_subscription_are_in_its_snapshot(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.2", "60000")
        await client.place("buy", "0.2")
        token = await _token(client)
        await stream.ask("subscribe", channel="executions", snap_trades=True, snap_orders=False, token=token)
        (fill,) = (await stream.next())["data"]
        assert (fill["exec_type"], fill["order_type"], fill["order_status"]) == ("trade", "market", "filled")
        assert (fill["last_qty"], fill["last_price"], fill["liquidity_ind"]) == (Decimal("0.2"), 60000, "t")
