"""What the language offers beyond the shipped dialect: forms, paths, amendments, snapshots on a channel; and the seam
for faults around replies and before the gate."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from exconn.sandbox import Dialect, load_dialect
from exconn.sandbox.interference import Answer, Undisturbed
from exconn.testing.virtual import World

ENDPOINTS = """
  amend:
    http: PUT /v1/orders/{id}/size
    does: reduce_order
    signed: rest
    reads:
      path: [exchange_order_id from id as order_id]
      form: [amount from size as money]
    reply: {shape: order}
  check:
    http: POST /v1/orders/check
    does: check_order
    signed: rest
    reads:
      json:
        - symbol as symbol
        - side from order.side as side
        - type from order.type as type
        - amount from order.size as money
        - price from order.price as money or none
    reply: {fine: true}
  history:
    http: GET /v1/orders/history
    does: all_orders
    signed: rest
    reads:
      query: [symbol as symbol or none, since as moment or none, limit as limit or none]
    reply: {each: orders, key: "{client_id}", give: "{ending}"}
"""
SNAPSHOT = """          - event: book_snapshot
            give: {snapshot: "{last_id}", bids: {each: bids, give: {shape: level}}}
          - event: book_update
"""


@pytest.fixture(scope="session")
def dialect(dialect_text: str) -> Dialect:
    text = dialect_text.replace("\n# ---- Websockets", f"{ENDPOINTS}\n# ---- Websockets", 1)
    return load_dialect(text.replace("          - event: book_update\n", SNAPSHOT, 1).encode(), "further.yaml")


async def test_amending_by_a_path_and_a_form(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        order = (await bench.place("alice", "a", "bid", "0.1", "60000")).data
        target = f"/v1/orders/{order['order_id']}/size"
        reply = await bench.call("alice", "PUT", target, b"size=0.04")
        assert (reply.data["size"], reply.data["state"]) == ("0.04", "new")
        assert (await bench.call("alice", "PUT", target, b"size=0.05")).code == 1500  # not_a_reduction is not listed
        assert (await bench.call("alice", "PUT", target, b"size=0.04&size=1")).msg == "unknown size"
        assert (await bench.call("alice", "PUT", "/v1/orders/x/size", b"size=1")).msg == "malformed id"
        assert (await bench.call("bob", "PUT", target, b"size=0.01")).msg == "order not found"
        assert (await bench.call("alice", "GET", target)).msg == "method not allowed"
        assert (await bench.call("alice", "PUT", f"{target}/x", b"")).msg == "no such path"


async def test_checking_an_order_without_placing_it(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        order = {"side": "bid", "type": "limit", "size": "0.1", "price": "60000"}
        body = {"symbol": "USDT_BTC", "order": order}
        assert (await bench.call("alice", "POST", "/v1/orders/check", body)).data == {"fine": True}
        dear = {"symbol": "USDT_BTC", "order": {**order, "size": "1"}}
        assert (await bench.call("alice", "POST", "/v1/orders/check", dear)).msg == "insufficient balance of USDT"
        halfway = {"symbol": "USDT_BTC", "order": {"side": "bid"}}
        assert (await bench.call("alice", "POST", "/v1/orders/check", halfway)).msg == "missing order.type"
        assert not bench.sandbox.exchange.orders("alice")


async def test_a_history_as_a_map_by_id(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        for client_id in ("a", "b", "c"):
            await bench.place("alice", client_id, "bid", "0.01", "60000")
        await bench.call("alice", "DELETE", "/v1/orders?client_id=b")
        found = (await bench.call("alice", "GET", "/v1/orders/history?limit=2")).data
        assert found == {"b": "cancelled", "c": "new"}
        later = f"/v1/orders/history?since={bench.now_ms + 1}&symbol=USDT_BTC"
        assert (await bench.call("alice", "GET", later)).data == {}


async def test_a_channel_that_begins_with_the_book(open_bench: Any, virtual_world: World) -> None:
    async with open_bench(life_every=0.03) as bench, bench.stream("/v1/public") as stream:
        await asyncio.sleep(1.05)
        assert (await stream.ask({"op": "subscribe", "topics": ["book:USDT_BTC"], "id": 1}))["code"] == 0
        snapshot = await stream.next()
        assert snapshot["bids"]
        assert (await stream.next())["first"] == snapshot["snapshot"] + 1


class Slow(Undisturbed):
    """Holds every request for a while, and answers every other request for itself."""

    def __init__(self, held: float) -> None:
        self.held = held
        self.asked: list[str] = []

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        done = await answer()
        return web.Response(status=502, text="<html>") if request.path == "/v1/time" else done

    async def gate(self, endpoint: str) -> None:
        self.asked.append(endpoint)
        await asyncio.sleep(self.held)


@pytest.mark.parametrize(("held", "code", "orders"), [(4.9, 0, 1), (5.1, 1021, 0)])
async def test_nothing_passes_the_gate_after_its_fence(
    open_bench: Any, virtual_world: World, held: float, code: int, orders: int
) -> None:
    slow = Slow(held)
    async with open_bench(interference=slow) as bench:
        assert (await bench.place("alice", "a", "bid", "0.1", "60000")).code == code
        assert len(bench.sandbox.exchange.orders("alice")) == orders
        assert (await bench.call("alice", "GET", "/v1/key")).code == 0
        assert slow.asked == ["place", "key"]
        assert ((await bench.get("/v1/time")).status, (await bench.get("/v1/symbols")).status) == (502, 200)
