"""Order lists in a dialect of our own making: how they are asked for, answered, told, looked up and refused."""

from typing import Any

import pytest

from exconn.sandbox import Dialect
from exconn.testing.virtual import World

from .conftest import EditDialect

WORDS = """    STOP_LOSS: stop
    STOP_LOSS_LIMIT: stop_limit
    TAKE_PROFIT: profit
    TAKE_PROFIT_LIMIT: profit_limit
"""
TABLES = """  list_kind: {oco: PAIR, oto: THEN, otoco: THEN}
  list_state: {executing: GOING, done: OVER}
  stage: {pending: later, untriggered: waits, working: works}
"""


def leg(place: str, *fields: str) -> str:
    types = {"type": "type", "side": "side", "client_id": "client_id"}
    return "".join(f"        - {place}_{name} as {types.get(name, 'money')} or none\n" for name in fields)


PRICES = ("type", "price", "trigger_price", "client_id")
ENDPOINTS = f"""
  pair:
    http: POST /v1/pair
    does: place_list
    with: {{kind: oco}}
    signed: rest
    reads:
      json:
        - symbol as symbol.name
        - side as side
        - amount as money
        - list_client_id as client_id or none
{leg("above", *PRICES)}{leg("below", *PRICES)}
    reply: {{shape: list}}
  old_pair:
    http: POST /v1/old_pair
    does: place_list
    with: {{kind: oco, limit_type: LIMIT_MAKER, stop_type: STOP_LOSS_LIMIT}}
    signed: rest
    reads:
      json:
        - symbol as symbol.name
        - side as side
        - amount as money
        - limit_price as money
        - stop_price as money
        - stop_trigger_price as money
    reply: {{shape: list}}
  then:
    http: POST /v1/then
    does: place_list
    with: {{kind: otoco}}
    signed: rest
    reads:
      json:
        - symbol as symbol.name
{leg("working", "type", "side", "price", "amount")}{leg("pending", "side", "amount")}{leg("pending_above", *PRICES)}{
    leg("pending_below", *PRICES)
}
    reply: {{shape: list}}
  drop:
    http: DELETE /v1/lists
    does: cancel_list
    signed: rest
    reads:
      query: [list_id from id as order_id or none, list_client_id from own as client_id or none]
    reply: {{shape: list}}
  look:
    http: GET /v1/list
    does: order_list
    signed: rest
    reads:
      query: [list_id from id as order_id]
    reply: {{shape: list}}
  going:
    http: GET /v1/lists
    does: open_lists
    signed: rest
    reply: {{each: lists, give: "{{list_id}}"}}
  every:
    http: GET /v1/lists/all
    does: all_lists
    signed: rest
    reads:
      query: [limit as limit or none]
    reply: {{each: lists, give: "{{list_id}} {{list_state}}"}}
"""
CHANNEL = """      lists:
        topic: lists
        frames:
          - event: list
            give: {shape: list}
"""
SHAPE = """  list:
    of: order_list
    give:
      id: "{list_id}"
      own: "{list_client_id}"
      symbol: "{symbol.name}"
      kind: "{kind}"
      state: "{list_state}"
      orders: {each: orders, give: "{side} {type} {price} {stage} {ending} {list_id}"}
"""


@pytest.fixture(scope="session")
def dialect(edit_dialect: EditDialect) -> Dialect:
    edits = {
        "    MARKET: market\n": f"    MARKET: market\n{WORDS}",
        "    fok: FOK\n": f"    fok: FOK\n{TABLES}",
        "  level:                                     # section 4.3": f"{SHAPE}  level:",
        "\n# ---- Websockets": f"{ENDPOINTS}\n# ---- Websockets",
        "  fok_unfillable: {": "  list_prices: {code: 2017, text: on one side}\n  fok_unfillable: {",
        "      fills:\n        topic: fills": f"{CHANNEL}      fills:\n        topic: fills",
    }
    return edit_dialect(edits)


PAIR = {
    "symbol": "USDT_BTC",
    "side": "ask",
    "amount": "0.1",
    "above_type": "post_only",
    "above_price": "61000",
    "below_type": "stop_limit",
    "below_price": "58000",
    "below_trigger_price": "59000",
}


async def trade(bench: Any, price: str) -> None:
    await bench.place("bob", f"b{bench.now_ms}{price}", "ask", "0.01", price)
    await bench.place("carol", f"c{bench.now_ms}{price}", "bid", "0.01", price)


async def test_a_pair(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/private") as stream:
        await stream.ask(bench.login("alice"))
        await stream.ask({"op": "subscribe", "topics": ["lists"], "id": 1})
        await trade(bench, "60000")
        listed = (await bench.call("alice", "POST", "/v1/pair", {**PAIR, "list_client_id": "mine"})).data
        assert listed == {
            "id": "1",
            "own": "mine",
            "symbol": "USDT_BTC",
            "kind": "PAIR",
            "state": "GOING",
            "orders": ["ask post_only 61000 works new 1", "ask stop_limit 58000 waits new 1"],
        }
        assert await stream.next() == listed
        assert (await bench.call("alice", "GET", "/v1/lists")).data == ["1"]
        await bench.place("carol", "taker", "bid", "0.1", "61000")
        over = (await bench.call("alice", "GET", "/v1/list?id=1")).data
        assert (over["state"], over["orders"][0]) == ("OVER", "ask post_only 61000 works filled 1")
        assert over["orders"][1] == "ask stop_limit 58000 waits cancelled 1"
        assert await stream.next() == over
        assert (await bench.call("alice", "GET", "/v1/lists")).data == []
        assert (await bench.call("alice", "GET", "/v1/lists/all?limit=5")).data == ["1 OVER"]


async def test_the_older_way_to_ask_is_turned_by_the_side(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await trade(bench, "60000")
        common = {"symbol": "USDT_BTC", "amount": "0.1"}
        sell = {**common, "side": "ask", "limit_price": "61000", "stop_price": "58000", "stop_trigger_price": "59000"}
        found = (await bench.call("alice", "POST", "/v1/old_pair", sell)).data
        assert [order.split()[1] for order in found["orders"]] == ["post_only", "stop_limit"]
        buy = {**common, "side": "bid", "limit_price": "59000", "stop_price": "62000", "stop_trigger_price": "61500"}
        found = (await bench.call("alice", "POST", "/v1/old_pair", buy)).data
        assert [order.split()[1] for order in found["orders"]] == ["stop_limit", "post_only"]


async def test_one_triggers_a_pair(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        asked = {
            "symbol": "USDT_BTC",
            "working_type": "limit",
            "working_side": "bid",
            "working_price": "59000",
            "working_amount": "0.1",
            "pending_side": "ask",
            "pending_amount": "0.1",
            "pending_above_type": "post_only",
            "pending_above_price": "61000",
            "pending_below_type": "stop",
            "pending_below_trigger_price": "58000",
        }
        listed = (await bench.call("alice", "POST", "/v1/then", asked)).data
        assert [order.split()[-3] for order in listed["orders"]] == ["works", "later", "later"]
        await bench.place("bob", "seller", "ask", "0.1", "59000")
        found = (await bench.call("alice", "GET", "/v1/list?id=1")).data
        assert [order.split()[-3] for order in found["orders"]] == ["works", "works", "waits"]
        dropped = (await bench.call("alice", "DELETE", "/v1/lists?id=1")).data
        assert [order.split()[-2] for order in dropped["orders"]] == ["filled", "cancelled", "cancelled"]
        assert dropped["state"] == "OVER"
        assert (await bench.call("alice", "DELETE", "/v1/lists?id=1")).msg == "order already closed"
        assert (await bench.call("bob", "DELETE", "/v1/lists?id=1")).msg == "order not found"
        assert (await bench.call("alice", "DELETE", "/v1/lists?own=x")).msg == "order not found"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"above_price": "59500"}, "on one side"),
        ({"above_price": "61000.001"}, "price  is not a multiple of tick_size 0.01"),
        ({"amount": "2"}, "insufficient balance of BTC"),
    ],
)
async def test_refused(open_bench: Any, virtual_world: World, changes: Any, said: str) -> None:
    async with open_bench() as bench:
        await trade(bench, "60000")
        assert (await bench.call("alice", "POST", "/v1/pair", {**PAIR, **changes})).msg == said
        assert not bench.sandbox.exchange.orders("alice")
