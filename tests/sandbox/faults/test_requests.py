"""Faults of requests: what a plain client sees of each kind, and what the ledger says came of it."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from yarl import URL

from exconn.sandbox.faults import KINDS, Side
from exconn.testing.virtual import World

ORIGIN = "https://api.myexchange.example"
ORDER = {"symbol": "USDT_BTC", "side": "bid", "size": "0.1", "client_id": "a", "type": "limit", "price": "60000"}
PAGE = "<html><h1>{}</h1></html>"
DONE = '{"code":0,"msg":"","data":{"order_id":"'
ENVELOPE = '{{"code":{},"msg":"{}","data":null}}'


async def place(bench: Any, patience: float = 60, client_id: str = "a") -> tuple[str, str, dict[str, str]]:
    """Place an order: what came of it, the body or the error, and the headers."""
    body = json.dumps({**ORDER, "client_id": client_id}).encode()
    headers = bench.headers("alice", "POST", "/v1/orders", body)
    url = URL(f"{ORIGIN}/v1/orders")
    try:
        async with asyncio.timeout(patience):
            async with bench.session.post(url, data=body, headers=headers, allow_redirects=False) as reply:
                return str(reply.status), await reply.text(), dict(reply.headers)
    except TimeoutError:
        return "nothing", "", {}
    except (aiohttp.ClientError, UnicodeDecodeError) as error:
        return type(error).__name__, "", {}


# what is asked for, what the client gets, the beginning of the body, and whether the order is in the ledger
PLACED: list[tuple[dict[str, Any], str, str, bool]] = [
    ({"fault": "lost"}, "ServerDisconnectedError", "", False),
    ({"fault": "accepted_then_reset"}, "ServerDisconnectedError", "", True),
    ({"fault": "accepted_then_hang"}, "nothing", "", True),
    ({"fault": "accepted_then_hang", "delay": 20}, "ServerDisconnectedError", "", True),
    ({"fault": "accepted_late", "delay": "4.9"}, "200", DONE, True),
    ({"fault": "accepted_late", "delay": "5.1"}, "200", '{"code":1021,', False),
    ({"fault": "slow_ack", "delay": 30}, "200", DONE, True),
    ({"fault": "slow_ack", "delay": 61}, "nothing", "", True),
    ({"fault": "gateway_error"}, "502", PAGE.format("502 Bad Gateway"), False),
    ({"fault": "gateway_error", "status": 504, "accepted": True}, "504", PAGE.format("504 Gateway Timeout"), True),
    ({"fault": "gateway_error", "status": 503, "html": False}, "503", "", False),
    ({"fault": "gateway_error", "status": 520}, "520", PAGE.format("520 Error"), False),
    ({"fault": "error_envelope"}, "200", ENVELOPE.format(1500, "internal error"), False),
    ({"fault": "error_envelope", "accepted": True}, "200", ENVELOPE.format(1500, "internal error"), True),
    ({"fault": "error_envelope", "meaning": "unknown_symbol", "status": 400}, "400", "unknown symbol USDT_BTC", False),
    ({"fault": "error_envelope", "meaning": "maintenance"}, "503", ENVELOPE.format(1503, "maintenance"), False),
    ({"fault": "rate_limited"}, "429", ENVELOPE.format(1015, "rate limit of pool orders exceeded"), False),
    ({"fault": "rate_limited", "status": 418, "retry_after": 90}, "418", ENVELOPE.format(1015, "rate limit"), False),
    ({"fault": "truncated"}, "200", DONE, True),
    ({"fault": "truncated", "keep": 9}, "200", '{"code":0', True),
    ({"fault": "truncated", "cut": True}, "ClientPayloadError", "", True),
    ({"fault": "mis_encoded"}, "UnicodeDecodeError", "", True),
    ({"fault": "mis_encoded", "how": "gzip"}, "ClientPayloadError", "", True),
    ({"fault": "redirect"}, "307", "", False),
    ({"fault": "replica_lag", "seconds": 5}, "200", DONE, True),
    ({"fault": "empty_list"}, "200", DONE, True),
]


@pytest.mark.parametrize(("fault", "status", "text", "is_placed"), PLACED, ids=lambda value: str(value)[:60])
async def test_a_placing(
    open_bench: Any, virtual_world: World, fault: dict[str, Any], status: str, text: str, is_placed: bool
) -> None:
    async with open_bench() as bench:
        assert (await bench.control("POST", "fault", fault)).status == 200
        came, body, headers = await place(bench)
        assert came == status
        assert text.removesuffix('","data":null}') in body
        assert [order.client_id for order in bench.sandbox.exchange.orders("alice")] == ["a"] * is_placed
        assert headers.get("Retry-After") == (str(fault["retry_after"]) if "retry_after" in fault else None)
        if status == "307":
            assert headers["Location"] == "https://elsewhere.invalid/v1/orders"
        if fault["fault"] == "truncated" and came == "200":
            with pytest.raises(ValueError, match="line 1"):
                json.loads(body)
        # what strikes once is over, and the next order is placed as ever
        bench.sandbox.faults.clear()
        assert (await place(bench, client_id="b"))[0] == "200"
        assert len(bench.sandbox.exchange.orders("alice")) == is_placed + 1


def test_every_kind_of_request_is_in_the_table() -> None:
    assert {row[0]["fault"] for row in PLACED} == {kind.name for kind in KINDS.values() if kind.side is Side.REQUEST}


# whom a fault is aimed at: `on`, and which of placing, cancelling, asking for orders and for the time it strikes
AIMS = [
    (None, [502, 502, 502, 502]),
    (["place"], [502, 200, 200, 200]),
    (["cancel"], [200, 502, 200, 200]),
    (["read"], [200, 200, 502, 502]),
    (["time"], [200, 200, 200, 502]),
    (["place", "open_orders"], [502, 200, 502, 200]),
    (["connect"], [200, 200, 200, 200]),
]


@pytest.mark.parametrize(("on", "statuses"), AIMS)
async def test_whom_a_fault_is_aimed_at(
    open_bench: Any, virtual_world: World, on: list[str] | None, statuses: list[int]
) -> None:
    async with open_bench() as bench:
        aimed = {} if on is None else {"on": on}
        await bench.control("POST", "fault", {"fault": "gateway_error", "for": 10, **aimed})
        replies = [
            await bench.place("alice", "a", "bid", "0.1", "60000"),
            await bench.call("alice", "DELETE", "/v1/orders/all"),
            await bench.call("alice", "GET", "/v1/orders/open"),
            await bench.get("/v1/time"),
        ]
        assert [reply.status for reply in replies] == statuses
        socket = bench.session.ws_connect(f"{ORIGIN}/v1/public")
        if on == ["connect"]:
            with pytest.raises(aiohttp.WSServerHandshakeError, match="502"):
                await socket
        else:
            await (await socket).close()


# `for`, `count`, `chance`, and which of ten requests a second apart it strikes
SPANS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [0]),
    ({"count": 3}, [0, 1, 2]),
    ({"for": "4.5"}, [0, 1, 2, 3, 4]),
    ({"for": "4.5", "count": 2}, [0, 1]),
    ({"for": 100, "chance": 0}, []),
    ({"for": 100, "chance": "0.5"}, [3, 4, 6, 7, 8]),
    ({"for": 100, "chance": "0.5", "seed": 3}, [3, 5, 6, 7, 8]),
    ({"count": 2, "chance": "0.5"}, [3, 4]),
]


@pytest.mark.parametrize(("span", "struck"), SPANS, ids=str)
async def test_how_long_it_strikes(
    open_bench: Any, virtual_world: World, span: dict[str, Any], struck: list[int]
) -> None:
    async with open_bench() as bench:
        await bench.control("POST", "fault", {"fault": "gateway_error", **span})
        found = []
        for number in range(10):
            if (await bench.get("/v1/time")).status == 502:
                found.append(number)
            await asyncio.sleep(1)
        assert found == struck
        assert bench.sandbox.faults.counts == ({"gateway_error": len(struck)} if struck else {})


async def test_a_replica_lags_and_placing_does_not(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:

        async def told() -> list[Any]:
            open_orders = await bench.call("alice", "GET", "/v1/orders/open")
            one = await bench.call("alice", "GET", "/v1/orders/one?client_id=a")
            fills = await bench.call("alice", "GET", "/v1/fills")
            funds = await bench.call("alice", "GET", "/v1/balances")
            held = {row["asset"]: (row["total"], row["available"]) for row in funds.data}
            state = one.data["filled"] if one.code == 0 else one.code
            return [[o["client_id"] for o in open_orders.data], state, len(fills.data["items"]), held["USDT"]]

        await bench.control("POST", "fault", {"fault": "replica_lag", "seconds": 10, "for": 1000})
        before = [[], 2013, 0, ("20000", "20000")]
        assert await told() == before
        await bench.place("alice", "a", "bid", "0.1", "60000")
        await asyncio.sleep(4)
        await bench.place("bob", "b", "ask", "0.04", "60000")
        await asyncio.sleep(4)
        await bench.call("alice", "DELETE", "/v1/orders?client_id=a")
        assert await told() == before
        await asyncio.sleep(3)
        assert await told() == [["a"], "0", 0, ("20000", "14000")]
        await asyncio.sleep(4)
        assert await told() == [["a"], "0.04", 1, ("17600", "14000")]
        await asyncio.sleep(4)
        assert await told() == [[], "0.04", 1, ("17600", "17600")]
        assert set(bench.sandbox.faults.counts) == {"replica_lag"}
        (first, *_) = bench.sandbox.faults.happened
        assert (first.what, first.topic) == ("open_orders", "")


async def test_lists_are_empty_while_it_lasts(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await bench.place("alice", "a", "bid", "0.1", "60000")
        fault = {"fault": "empty_list", "on": ["symbols", "balances", "fills", "order", "book"], "for": 10}
        await bench.control("POST", "fault", fault)
        assert (await bench.get("/v1/symbols")).data == []
        assert (await bench.call("alice", "GET", "/v1/balances")).data == []
        assert (await bench.call("alice", "GET", "/v1/fills?limit=1")).data == {"items": [], "next": None}
        assert (await bench.call("alice", "GET", "/v1/orders/one?client_id=a")).code == 0
        assert (await bench.get("/v1/book?symbol=USDT_BTC")).data["bids"] == [["60000", "0.1"]]
        assert [o["client_id"] for o in (await bench.call("alice", "GET", "/v1/orders/open")).data] == ["a"]
        assert bench.sandbox.faults.counts == {"empty_list": 3}


async def test_a_hanging_request_ends_when_the_client_goes(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        before = len(asyncio.all_tasks())
        await bench.control("POST", "fault", {"fault": "accepted_then_hang"})
        assert (await place(bench, patience=10))[0] == "nothing"
        await asyncio.sleep(2)
        assert len(asyncio.all_tasks()) <= before + 1  # the server keeps one task a connection


async def test_a_client_that_has_gone_does_not_see_its_reply_cut(
    open_bench: Any, virtual_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_bench() as bench:
        for fault in ({"fault": "accepted_late", "delay": 3}, {"fault": "truncated", "cut": True}):
            await bench.control("POST", "fault", fault)
        assert (await place(bench, patience=1))[0] == "nothing"
        await asyncio.sleep(10)
        assert [order.client_id for order in bench.sandbox.exchange.orders("alice")] == ["a"]
    assert caplog.records == []
