"""Faults of the world: what happens at the exchange without the client, by its ledger and by what it answers."""

import asyncio
from typing import Any

import pytest

from exconn.sandbox import Fault
from exconn.sandbox.engine import Exchange
from exconn.sandbox.faults import KINDS, Side
from exconn.testing.virtual import World


async def happen(bench: Any, **fault: Any) -> None:
    reply = await bench.control("POST", "fault", fault)
    assert reply.text == f'{{"fault":"{fault["fault"]}","happened":1}}'


async def error_ms(bench: Any, world: World) -> int:
    return int((await bench.get("/v1/time")).data["time"]) - world.wall_ns() // 1_000_000


async def test_the_clock_steps_and_drifts(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await happen(bench, fault="clock_step", seconds="-10.5")
        assert await error_ms(bench, virtual_world) == -10_500
        await happen(bench, fault="clock_drift", ppm=200, **{"for": 100})
        await asyncio.sleep(50)
        assert await error_ms(bench, virtual_world) == -10_490
        await asyncio.sleep(1000)
        assert await error_ms(bench, virtual_world) == -10_480
        signed = bench.headers("alice", "GET", "/v1/key", time=str(virtual_world.wall_ns() // 1_000_000))
        assert (await bench.send("GET", "/v1/key", signed)).code == 1021
        await happen(bench, fault="clock_step", seconds="10.48")
        assert await error_ms(bench, virtual_world) == 0


async def test_limits_do_not_see_the_clock_step(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        for _ in range(20):
            assert (await bench.get("/v1/time")).code == 0
        await happen(bench, fault="clock_step", seconds=-600)
        assert (await bench.get("/v1/time")).code == 1015
        await asyncio.sleep(1)
        assert (await bench.get("/v1/time")).code == 0


async def test_fills_are_found_after_a_step_back(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        for number, step in enumerate((0, -3600, 1800)):
            if step:
                await happen(bench, fault="clock_step", seconds=step)
            await bench.place("bob", f"b{number}", "ask", "0.01", "60000")
            await bench.place("alice", f"a{number}", "bid", "0.01", "60000")
        items = (await bench.call("alice", "GET", f"/v1/fills?since={bench.now_ms - 1000}")).data["items"]
        assert [item["client_id"] for item in items] == ["a0", "a2"]


async def test_maintenance_begins_and_ends(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/public") as stream:
        await happen(bench, fault="maintenance", **{"for": 60})
        assert await stream.next() == 1012
        assert ((await bench.get("/v1/time")).status, (await bench.get("/v1/time")).code) == (503, 1503)
        await asyncio.sleep(61)
        assert (await bench.get("/v1/time")).code == 0
        await happen(bench, fault="maintenance")
        await asyncio.sleep(3600)
        assert (await bench.get("/v1/time")).code == 1503
        await bench.control("DELETE", "faults")
        assert (await bench.get("/v1/time")).code == 0


async def test_what_lasts_may_overlap(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        for name, told in (("maintenance", {}), ("clock_drift", {"ppm": 100})):
            await happen(bench, fault=name, **told, **{"for": 100})
            await asyncio.sleep(1)
        await happen(bench, fault="maintenance", **{"for": 10})
        await happen(bench, fault="clock_drift", ppm=-500, **{"for": 10})
        await asyncio.sleep(50)
        assert (await bench.get("/v1/time")).code == 1503
        await asyncio.sleep(60)
        gained_us = 1 * 100 - 10 * 500 + 89 * 100  # before, during and after the second one
        assert await error_ms(bench, virtual_world) == gained_us // 1000


async def test_a_symbol_is_delisted(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await bench.place("alice", "a", "bid", "0.1", "60000")
        await happen(bench, fault="delist", symbol="USDT_BTC")
        order = (await bench.call("alice", "GET", "/v1/orders/one?client_id=a")).data
        assert (order["state"], order["reason"]) == ("expired", "symbol_closed")
        again = await bench.control("POST", "fault", {"fault": "delist", "symbol": "USDT_BTC"})
        assert again.text == '{"fault":"delist","happened":0}'
        (entry,) = [each for each in bench.sandbox.log.since(0) if each["kind"] == "fault without effect"]
        assert (entry["fault"], entry["reason"]) == ("delist", "BTC-USDT is not listed")


async def test_rules_change_under_the_client(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:

        async def steps() -> tuple[str, str, str]:
            rules = {row["symbol"]: row for row in (await bench.get("/v1/symbols")).data}["USDT_BTC"]
            return rules["tick_size"], rules["lot_size"], rules["min_size"]

        before = await steps()
        assert before == ("0.01", "0.00001", "0.0001")
        await happen(bench, fault="change_rules", symbol="BTC-USDT", factor=100)
        assert await steps() == ("1", "0.001", "0.01")
        assert (await bench.place("alice", "a", "bid", "0.1", "60000.50")).code == 2003
        await happen(bench, fault="change_rules", symbol="BTC-USDT", factor="0.01")
        assert await steps() == before


async def test_a_living_market_keeps_its_price_when_steps_change(open_bench: Any, virtual_world: World) -> None:
    async with open_bench(life_every=0.25) as bench:
        await asyncio.sleep(10)
        before = float((await bench.get("/v1/ticker?symbol=USDT_BTC")).data["bid"])
        await happen(bench, fault="change_rules", symbol="BTC-USDT", factor=1000)
        await asyncio.sleep(60)
        after = (await bench.get("/v1/ticker?symbol=USDT_BTC")).data
        assert before * 0.98 < float(after["bid"]) < float(after["ask"]) < before * 1.02


# an order by somebody else: what is asked for beside the symbol, and what is then in the ledger
ORDERS = [
    ({"fault": "manual_order"}, ("alice", None, "buy", "limit", "61750.00", "0.0001", "open")),
    (
        {"fault": "manual_order", "side": "sell", "account": "bob"},
        ("bob", None, "sell", "limit", "68250.00", "0.0001", "open"),
    ),
    (
        {"fault": "manual_order", "amount": "0.2", "price": "64000"},
        ("alice", None, "buy", "limit", "64000", "0.2", "open"),
    ),
    ({"fault": "manual_order", "type": "market"}, ("alice", None, "buy", "market", "None", "0.0001", "filled")),
    ({"fault": "foreign_order"}, ("alice", "foreign", "buy", "limit", "61750.00", "0.0001", "open")),
    (
        {"fault": "foreign_order", "client_id": "hbot-7", "amount": "0.1"},
        ("alice", "hbot-7", "buy", "limit", "61750.00", "0.1", "open"),
    ),
]


@pytest.mark.parametrize(("fault", "expected"), ORDERS, ids=str)
async def test_an_order_by_somebody_else(
    open_bench: Any, virtual_world: World, fault: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    async with open_bench() as bench, bench.stream("/v1/private") as stream:
        await bench.place("carol", "ask", "ask", "1", "65000")
        await stream.ask(bench.login(expected[0]))
        await stream.ask({"op": "subscribe", "topics": ["orders"], "id": 1})
        await happen(bench, symbol="BTC-USDT", **fault)
        (order,) = bench.sandbox.exchange.orders(expected[0])
        shown = (
            order.account,
            order.client_id,
            order.side,
            order.kind,
            str(order.price),
            str(order.amount),
            order.state,
        )
        assert shown == expected
        assert (await stream.next())["data"]["order_id"] == str(order.id)


async def test_an_order_that_the_rules_refuse_does_not_happen(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        fault = {"fault": "manual_order", "symbol": "BTC-USDT", "amount": 1000, "price": 60000}
        assert (await bench.control("POST", "fault", fault)).text == '{"fault":"manual_order","happened":0}'
        assert bench.sandbox.exchange.orders("alice") == []


CANCELS = [
    ({}, ["b", "c"]),
    ({"which": "newest"}, ["a", "b"]),
    ({"which": "all"}, []),
    ({"symbol": "ETH-USDT"}, ["a", "c"]),
]


@pytest.mark.parametrize(("told", "left"), CANCELS, ids=str)
async def test_the_user_cancels_elsewhere(
    open_bench: Any, virtual_world: World, told: dict[str, Any], left: list[str]
) -> None:
    async with open_bench() as bench:
        for client_id, symbol in (("a", "USDT_BTC"), ("b", "USDT_ETH"), ("c", "USDT_BTC")):
            await bench.place("alice", client_id, "bid", "0.1", "1000", symbol=symbol)
        await happen(bench, fault="manual_cancel", **told)
        orders: Exchange = bench.sandbox.exchange
        assert [order.client_id for order in orders.orders("alice", open_only=True)] == left


async def test_there_is_nothing_to_cancel(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        reply = await bench.control("POST", "fault", {"fault": "manual_cancel", "account": "bob"})
        assert reply.text == '{"fault":"manual_cancel","happened":0}'


def test_every_kind_of_the_world_is_shown() -> None:
    shown = {"clock_step", "clock_drift", "maintenance", "delist", "change_rules", "manual_cancel"}
    shown |= {"expire_tokens"}  # by the dialects that have tokens
    shown |= {row[0]["fault"] for row in ORDERS}
    assert shown == {kind.name for kind in KINDS.values() if kind.side is Side.WORLD}


def test_a_fault_is_data_again() -> None:
    fault = Fault(KINDS["clock_step"], at=2.5, args={"seconds": -10.0})
    assert fault.plain == {"at": 2.5, "fault": "clock_step", "seconds": -10}
