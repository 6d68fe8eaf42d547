"""The order kinds that a dialect may offer, said in a dialect of our own making: what is read, answered and told."""

from typing import Any

import pytest

from exconn.sandbox import Dialect
from exconn.testing.virtual import World

from .conftest import EditDialect

WORDS = """    STOP_LOSS: stop
    STOP_LOSS_LIMIT: stop_limit
    TAKE_PROFIT: profit
    TAKE_PROFIT_LIMIT: profit_limit
    TRAILING_STOP: trail
    TRAILING_STOP_LIMIT: trail_limit
    ICEBERG: iceberg
"""
TYPES = """
  offset:
    relative:
      sent: either
"""
TABLES = """  change:
    trigger: fired
    otherwise: null
  stage:
    pending: later
    untriggered: waits
    working: works
  price_unit: {static: price, quote: quote, percent: part}
  self_trade:
    none: none
    reject: refuse
    cancel_newest: taker
    cancel_oldest: maker
    cancel_both: both
    decrement: less
"""
ENDPOINTS = """
  any:
    http: POST /v1/any
    does: place_order
    signed: rest
    reads:
      json:
        - symbol as symbol.name
        - side as side
        - type as type
        - amount from size as money or none
        - amount_in_quote from in_quote as flag or none
        - price as offset or none
        - price_unit as price_unit or none
        - trigger_price from stop as offset or none
        - trigger_unit from stop_unit as price_unit or none
        - trail_bips from bips as limit or none
        - visible_amount from show as money or none
        - time_in_force from tif as time_in_force or none
        - starts as moment or none
        - expires as moment or none
        - post_only as flag or none
        - self_trade from stp as self_trade or none
        - validate as flag or none
        - client_id as client_id or none
        - close_type as type or none
        - close_price as offset or none
        - close_trigger_price from close_stop as offset or none
    reply: {shape: whole}
  one:
    http: GET /v1/any
    does: order
    signed: rest
    reads:
      query: [exchange_order_id from id as order_id]
    reply: {shape: whole}
"""
SHAPE = """  whole:
    of: order
    give:
      id: {only: {placed: true}, give: "{exchange_order_id}"}
      type: "{type}"
      tif: "{time_in_force}"
      state: "{ending}"
      stage: "{stage}"
      size: "{amount}"
      quote: {only: {amount_in_quote: true}, give: "{quote_amount}"}
      filled: "{filled}"
      cost: "{filled_quote}"
      price: "{price}"
      stop: {only: {trigger_price: {present: true}}, give: "{trigger_price}"}
      bips: {only: {trail_bips: {present: true}}, give: "{trail_bips}"}
      trail: {only: {trail_offset: {present: true}}, give: "{trail_offset}"}
      at: "{trigger_level}"
      show: "{visible_amount}"
      shown: "{shown}"
      fired: {only: {triggered: true}, give: "{triggered_at:s}"}
      works: "{is_working}"
      since: "{working_since}"
      starts: {only: {starts: {present: true}}, give: "{starts}"}
      expires: {only: {expires: {present: true}}, give: "{expires}"}
      post: "{post_only}"
      stp: "{self_trade}"
      prevented: "{prevented}"
"""


@pytest.fixture(scope="session")
def dialect(edit_dialect: EditDialect) -> Dialect:
    edits = {
        "    MARKET: market\n": f"    MARKET: market\n{WORDS}",
        "    fok: FOK\n": f"    fok: FOK\n    gtd: GTD\n{TABLES}",
        "  level:                                     # section 4.3": f"{SHAPE}  level:",
        "\n# ---- Signing": f"{TYPES}\n# ---- Signing",
        "\n# ---- Websockets": f"{ENDPOINTS}\n# ---- Websockets",
        "  cancels_while_halted: true\n": "  cancels_while_halted: true\n  immediate_triggers: refuse\n",
        "  fok_unfillable: {code: 2015": "  would_trigger: {code: 2016, text: at once}\n  fok_unfillable: {code: 2015",
        "          - event: order\n": "          - event: order\n            only: {change: trigger}\n"
        '            give: {fired: "{exchange_order_id}", change: "{change}"}\n          - event: order\n',
    }
    return edit_dialect(edits)


async def ask(bench: Any, name: str, side: str, size: str | None, **more: Any) -> Any:
    """Place an order of any kind; the reply's data, or its text."""
    body = {"symbol": "USDT_BTC", "side": side, "type": "limit", **({"size": size} if size else {}), **more}
    reply = await bench.call(name, "POST", "/v1/any", body)
    return reply.data if reply.code == 0 else reply.msg


async def look(bench: Any, name: str, order: Any) -> Any:
    return (await bench.call(name, "GET", f"/v1/any?id={order['id']}")).data


async def trade(bench: Any, price: str) -> None:
    await ask(bench, "bob", "ask", "0.01", price=price)
    await ask(bench, "carol", "bid", "0.01", price=price)


async def test_stops(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/private") as stream:
        await stream.ask(bench.login("alice"))
        await stream.ask({"op": "subscribe", "topics": ["orders"], "id": 1})
        await trade(bench, "60000")
        order = await ask(bench, "alice", "ask", "0.2", type="stop_limit", stop="59000", price="58000")
        since = bench.now_ms
        assert (order["type"], order["state"], order["stage"]) == ("stop_limit", "new", "waits")
        assert (order["stop"], order["price"], order["works"], order["since"]) == ("59000", "58000", False, None)
        assert "fired" not in order
        assert (await stream.next())["data"]["type"] == "stop_limit"
        assert await ask(bench, "alice", "ask", "0.1", type="stop", stop="60000") == "at once"
        await trade(bench, "59000")
        assert (await stream.next()) == {"fired": order["id"], "change": "fired"}
        after = await look(bench, "alice", order)
        assert (after["stage"], after["works"], after["fired"]) == ("works", True, since // 1000)
        assert (await bench.get("/v1/book?symbol=USDT_BTC")).data["asks"] == [["58000", "0.2"]]


async def test_amounts_in_quote(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await ask(bench, "bob", "ask", "1", price="50000")
        order = await ask(bench, "alice", "bid", "1000", type="market", in_quote=True)
        assert (order["quote"], order["cost"], order["size"], order["state"]) == ("1000", "1000", "0.02", "filled")
        assert await ask(bench, "alice", "bid", "1000", in_quote=True, price="50000") == "internal error"


async def test_times(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/private") as stream:
        await stream.ask(bench.login("alice"))
        await stream.ask({"op": "subscribe", "topics": ["orders"], "id": 1})
        moment = bench.now_ms + 5_000
        order = await ask(bench, "alice", "bid", "0.1", price="50000", tif="GTD", expires=moment + 7_000, starts=moment)
        assert (order["tif"], order["stage"], order["starts"]) == ("GTD", "later", moment)
        assert order["expires"] == moment + 7_000
        assert (await stream.next())["data"]["state"] == "new"
        await stream.next()
        assert bench.now_ms == moment
        ended = await stream.next()
        assert (ended["data"]["state"], ended["ts"]) == ("cancelled", (moment + 7_000) * 1000)
        assert bench.now_ms == moment + 7_000


async def test_only_checked(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        order = await ask(bench, "alice", "bid", "0.1", price="50000", post_only=True, stp="both", validate=True)
        assert (order["type"], order["post"], order["stp"], "id" in order) == ("post_only", True, "both", False)
        assert await ask(bench, "alice", "bid", "9", price="50000", validate=True) == "insufficient balance of USDT"
        assert not bench.sandbox.exchange.orders("alice")


async def test_prevention_as_the_order_says(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        own = await ask(bench, "alice", "ask", "0.1", price="50000")
        taker = await ask(bench, "alice", "bid", "0.03", price="50000", stp="less")
        assert (taker["state"], taker["prevented"], taker["size"]) == ("cancelled", "0.03", "0")
        after = await look(bench, "alice", own)
        assert (after["state"], after["prevented"], after["size"]) == ("new", "0.03", "0.07")


RELATIVE = [
    # what is sent, and type, price, level, trail, bips of the answer; the last price is 60000
    ({"price": "+100"}, ("limit", "60100", None, None, None)),
    ({"price": "-0.5%"}, ("limit", "59700", None, None, None)),
    ({"price": "#100"}, ("limit", "60100", None, None, None)),  # a sell waits above
    ({"price": 100, "price_unit": "quote"}, ("limit", "60100", None, None, None)),
    ({"price": 1, "price_unit": "part"}, ("limit", "60600", None, None, None)),
    ({"type": "stop_limit", "stop": "#2%", "price": "58000"}, ("stop_limit", "58000", "58800", None, None)),
    ({"type": "profit", "stop": "#2%"}, ("profit", None, "61200", None, None)),
    ({"type": "trail", "stop": "+500"}, ("trail", None, "59500", "500", None)),
    ({"type": "trail", "stop": "1%"}, ("trail", None, "59400", None, 100)),
    ({"type": "trail", "stop": 1, "stop_unit": "part"}, ("trail", None, "59400", None, 100)),
    ({"type": "trail_limit", "stop": "+500", "price": "#20"}, ("trail_limit", "59480", "59500", "500", None)),
    ({"type": "trail_limit", "stop": "+500", "price": 20}, ("trail_limit", "59520", "59500", "500", None)),
    ({"type": "stop", "bips": "250"}, ("trail", None, "58500", None, 250)),
    ({"type": "profit", "bips": "250", "stop": "61000"}, ("profit", None, None, None, 250)),
]


@pytest.mark.parametrize(("sent", "shown"), RELATIVE)
async def test_prices_by_the_market(open_bench: Any, virtual_world: World, sent: Any, shown: Any) -> None:
    async with open_bench() as bench:
        await trade(bench, "60000")
        order = await ask(bench, "alice", "ask", "0.1", **sent)
        found = tuple(order.get(name) for name in ("type", "price", "at", "trail", "bips"))
        assert found == shown


async def test_an_iceberg(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        order = await ask(bench, "alice", "ask", "0.3", type="iceberg", price="60000", show="0.1")
        assert (order["type"], order["show"], order["shown"]) == ("iceberg", "0.1", "0.1")
        assert (await bench.get("/v1/book?symbol=USDT_BTC")).data["asks"] == [["60000", "0.1"]]
        await ask(bench, "bob", "bid", "0.15", price="60000")
        assert (await look(bench, "alice", order))["shown"] == "0.05"


async def test_an_order_that_is_closed_by_another(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await trade(bench, "60000")
        close = {"close_type": "stop_limit", "close_stop": "-5%", "close_price": "56000"}
        order = await ask(bench, "alice", "bid", "0.1", price="59000", **close)
        assert (order["type"], order["stage"]) == ("limit", "works")
        _, closing = bench.sandbox.exchange.orders("alice", open_only=True)
        assert (closing.side, closing.stage, closing.trigger_price) == ("sell", "pending", 57000)
        await ask(bench, "bob", "ask", "0.1", price="59000")
        (closing,) = bench.sandbox.exchange.orders("alice", open_only=True)
        assert (closing.stage, closing.price) == ("untriggered", 56000)
        assert await ask(bench, "alice", "bid", "0.1", price="59000", close_type="limit") == "internal error"
