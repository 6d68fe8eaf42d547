"""Changing orders, several at once and by a timer, in a dialect of our own making: what is read, answered, refused."""

import asyncio
from typing import Any

import pytest

from exconn.sandbox import Dialect
from exconn.testing.virtual import World

from .conftest import EditDialect

TABLES = """  mode: {stop_on_failure: STOP, allow_failure: GO}
  result: {success: YES, failure: NO, not_attempted: UNTRIED}
  state: {open: NEW, partially_filled: PART, otherwise: OTHER}
"""
TYPES = """
  one_order:
    object:
      reads: [side as side, type from kind.type as type, amount from size as money, price as money or none]
  orders:
    list:
      of: one_order
      most: 3
"""
NEW = """        - symbol as symbol.name
        - side as side
        - type as type
        - amount from size as money
        - price as money or none
"""
ENDPOINTS = f"""
  amend:
    http: POST /v1/amend
    does: amend_order
    signed: rest
    reads:
      json:
        - exchange_order_id from id as order_id
        - amount from size as money or none
        - price as money or none
        - post_only as flag or none
        - new_client_id as client_id or none
    reply: {{shape: order}}
  less:
    http: POST /v1/less
    does: reduce_order
    signed: rest
    reads:
      json: [exchange_order_id from id as order_id, amount from size as money, new_client_id as client_id or none]
    reply: {{shape: order}}
  edit:
    http: POST /v1/edit
    does: edit_order
    signed: rest
    reads:
      json: [exchange_order_id from id as order_id, price as money or none]
    reply:
      new: {{sole: placed, give: {{shape: order}}}}
      old: {{sole: cancelled, give: "{{exchange_order_id}} {{ending}}"}}
  replace:
    http: POST /v1/replace
    does: replace_order
    signed: rest
    envelope: told
    reads:
      json:
{NEW}        - cancel_order_id from old as order_id or none
        - cancel_client_id from old_client as client_id or none
        - mode as mode or none
        - only_in from only as state or none
    reply:
      cancel: "{{cancel_result}}"
      place: "{{place_result}}"
      new: {{sole: placed, give: "{{exchange_order_id}}"}}
      old: {{sole: cancelled, give: "{{exchange_order_id}}"}}
      why_not_cancelled: {{sole: cancel_refusal, give: {{code: "{{code}}", msg: "{{text}}"}}}}
      why_not_placed: {{sole: place_refusal, give: "{{code}}"}}
  several:
    http: POST /v1/several
    does: place_orders
    signed: rest
    with: {{checked_first: false}}
    reads:
      json: [symbol as symbol.name, orders as orders, validate as flag or none]
    reply:
      done: "{{done}}"
      failed: "{{failed}}"
      of_each:
        each: results
        give:
          either:
            - {{only: {{is_done: true}}, give: {{sole: order, give: {{id: "{{exchange_order_id}}"}}}}}}
            - {{sole: refusal, give: "{{code}} {{text}}"}}
  all_or_none:
    http: POST /v1/all
    does: place_orders
    signed: rest
    with: {{checked_first: true}}
    reads:
      json: [symbol as symbol.name, orders as orders]
    reply: "{{done}}"
  after:
    http: POST /v1/after
    does: cancel_all_after
    signed: rest
    reads:
      json: [seconds as limit]
    reply: {{now: "{{time}}", at: "{{at}}"}}
"""
ENVELOPE = """  told:
    reply: {code: 0, msg: "", data: "{reply}"}
    error: {code: "{code}", msg: "{text}", data: "{reply}"}
"""
ERRORS = """  not_in_state: {code: 2020, text: "it is in another state"}
  replace_failed: {code: 2021, text: "nothing was done", http: 400}
  replace_partly_failed: {code: 2022, text: "half was done", http: 409}
  fok_unfillable: {code: 2015"""


@pytest.fixture(scope="session")
def dialect(edit_dialect: EditDialect) -> Dialect:
    edits = {
        "    fok: FOK\n": f"    fok: FOK\n{TABLES}",
        "  id:\n    integer:\n      sent: number": f"{TYPES}  id:\n    integer:\n      sent: number",
        "\n# ---- Websockets": f"{ENDPOINTS}\n# ---- Websockets",
        "  fok_unfillable: {code: 2015": ERRORS,
        "envelopes:\n": f"envelopes:\n{ENVELOPE}",
        "    integer:\n      least: 1\n      most: 500\n": "    integer:\n      most: 500\n      sent: either\n",
        "    otherwise: cancelled\n": "    replaced: replaced\n    amended: amended\n    otherwise: cancelled\n",
    }
    return edit_dialect(edits)


async def post(bench: Any, path: str, body: Any) -> Any:
    return await bench.call("alice", "POST", f"/v1/{path}", body)


async def test_amending(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        order = (await bench.place("alice", "a", "bid", "0.1", "50000")).data
        amended = (await post(bench, "amend", {"id": order["order_id"], "price": "51000", "new_client_id": "b"})).data
        assert (amended["order_id"], amended["price"], amended["client_id"]) == (order["order_id"], "51000", "b")
        await bench.place("bob", "x", "ask", "1", "60000")
        refused = await post(bench, "amend", {"id": order["order_id"], "price": "60000", "post_only": True})
        assert refused.msg == "post_only order would trade at 60000"
        assert (
            await post(bench, "amend", {"id": order["order_id"], "size": "1"})
        ).msg == "insufficient balance of USDT"
        less = (await post(bench, "less", {"id": order["order_id"], "size": "0.05", "new_client_id": "c"})).data
        assert (less["size"], less["client_id"]) == ("0.05", "c")
        assert (await bench.call("alice", "GET", "/v1/orders/one?client_id=c")).data == less
        assert (await post(bench, "amend", {"id": "1", "size": "1"})).msg == "order not found"


async def test_editing(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        order = (await bench.place("alice", "a", "bid", "0.1", "50000")).data
        found = (await post(bench, "edit", {"id": order["order_id"], "price": "40000"})).data
        assert (found["new"]["price"], found["new"]["state"]) == ("40000", "new")
        assert found["new"]["order_id"] != order["order_id"]
        assert found["old"] == f"{order['order_id']} replaced"


REPLACING = [
    # what is asked beside the new order, its price; http, code; cancel, place; the two refusals
    ({"old": "mine"}, "41000", 200, 0, "YES", "YES", None, None),
    ({"old_client": "a", "only": "NEW"}, "41000", 200, 0, "YES", "YES", None, None),
    ({"old": "1"}, "41000", 400, 2021, "NO", "UNTRIED", {"code": 2013, "msg": "order not found"}, None),
    ({"old": "1", "mode": "GO"}, "41000", 409, 2022, "NO", "YES", {"code": 2013, "msg": "order not found"}, None),
    ({"old": "1", "mode": "GO"}, "300000", 400, 2021, "NO", "NO", {"code": 2013, "msg": "order not found"}, 2010),
    ({"old": "mine"}, "300000", 409, 2022, "YES", "NO", None, 2010),
    (
        {"old": "mine", "only": "PART"},
        "41000",
        400,
        2021,
        "NO",
        "UNTRIED",
        {"code": 2020, "msg": "it is in another state"},
        None,
    ),
]


@pytest.mark.parametrize(("asked", "price", "http", "code", "cancel", "place", "uncancelled", "unplaced"), REPLACING)
async def test_replacing(
    open_bench: Any,
    virtual_world: World,
    asked: Any,
    price: str,
    http: int,
    code: int,
    cancel: str,
    place: str,
    uncancelled: Any,
    unplaced: Any,
) -> None:
    async with open_bench() as bench:
        order = (await bench.place("alice", "a", "bid", "0.1", "50000")).data
        asked = {name: order["order_id"] if what == "mine" else what for name, what in asked.items()}
        new = {"symbol": "USDT_BTC", "side": "bid", "type": "limit", "size": "0.1", "price": price}
        reply = await post(bench, "replace", {**new, **asked})
        assert (reply.status, reply.code) == (http, code)
        data = reply.data
        assert (data["cancel"], data["place"]) == (cancel, place)
        assert (data["why_not_cancelled"], data["why_not_placed"]) == (uncancelled, unplaced)
        assert (data["old"] == order["order_id"]) is (cancel == "YES")
        assert (data["new"] is not None) is (place == "YES")
        wrong = await bench.call("alice", "POST", "/v1/replace", {"symbol": 1})
        assert wrong.text == '{"code":1101,"msg":"missing side"}'


async def test_several(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        good = {"side": "bid", "kind": {"type": "limit"}, "size": "0.1", "price": "50000"}
        bad, poor = {**good, "price": "0.001"}, {**good, "size": "1"}
        found = (await post(bench, "several", {"symbol": "USDT_BTC", "orders": [good, bad, poor]})).data
        assert (found["done"], found["failed"]) == (1, 2)
        assert found["of_each"][1:] == [
            "2003 price  is not a multiple of tick_size 0.01",
            "2010 insufficient balance of USDT",
        ]
        assert found["of_each"][0]["id"] == str(bench.sandbox.exchange.orders("alice")[0].id)
        asked = {"symbol": "USDT_BTC", "orders": [good], "validate": True}
        assert (await post(bench, "several", asked)).data["of_each"] == [{"id": "0"}]
        assert (await post(bench, "all", {"symbol": "USDT_BTC", "orders": [good, bad]})).code == 2003
        assert len(bench.sandbox.exchange.orders("alice")) == 1
        for orders in ([good] * 4, [{**good, "x": 1}], [{"side": "bid"}], good, ["a"]):
            assert (await post(bench, "several", {"symbol": "USDT_BTC", "orders": orders})).msg == "malformed orders"


async def test_the_timer_runs_by_itself(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await bench.place("alice", "a", "bid", "0.1", "50000")
        row = (await post(bench, "after", {"seconds": 60})).data
        assert row["at"] == row["now"] + 60_000
        await asyncio.sleep(59)
        assert (await post(bench, "after", {"seconds": 30})).data["at"] == bench.now_ms + 30_000
        await asyncio.sleep(29)
        assert bench.sandbox.exchange.orders("alice", open_only=True)
        await asyncio.sleep(2)
        (order,) = bench.sandbox.exchange.orders("alice")
        assert (order.reason, order.updated // 1_000_000) == ("lapsed", row["now"] + 89_000)
        assert (await post(bench, "after", {"seconds": 0})).data["at"] is None
