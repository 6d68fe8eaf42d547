"""Every error of the page over HTTP: its code, its exact text, its status; and which of two mistakes is named."""

from typing import Any

import pytest
from multidict import CIMultiDict

ORDER = {"symbol": "USDT_BTC", "side": "bid", "type": "limit", "price": "60000", "size": "0.1", "client_id": "c-1"}


def order(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ORDER, **changes}.items() if value is not None}


LONG = "x" * 100
OPEN = [
    ("GET", "/v2/time", 1404, "no such path"),
    ("GET", "/v1/time/", 1404, "no such path"),
    ("GET", "/v1/public", 1404, "no such path"),
    ("POST", "/v1/time", 1405, "method not allowed"),
    ("PUT", "/v1/orders", 1405, "method not allowed"),
    ("GET", "/v1/orders", 1405, "method not allowed"),
    ("GET", "/v1/book", 1101, "missing symbol"),
    ("GET", "/v1/book?depth=x", 1101, "missing symbol"),
    ("GET", "/v1/time?x=1", 1102, "unknown x"),
    ("GET", f"/v1/time?{LONG}=1", 1102, f"unknown {LONG[:64]}"),
    ("GET", "/v1/book?x=1&y=2", 1102, "unknown x"),
    ("GET", "/v1/book?symbol=USDT_BTC&symbol=USDT_BTC", 1102, "unknown symbol"),
    ("GET", "/v1/book?symbol=USDT_BTC&depth=0", 1103, "malformed depth"),
    ("GET", "/v1/book?symbol=USDT_BTC&depth=1001", 1103, "malformed depth"),
    ("GET", "/v1/book?symbol=USDT_BTC&depth=", 1103, "malformed depth"),
    ("GET", "/v1/book?symbol=USDT_BTC&depth=1_0", 1103, "malformed depth"),
    ("GET", "/v1/book?symbol=USDT_BTC&depth=%D9%A1", 1103, "malformed depth"),
    ("GET", "/v1/trades?symbol=USDT_BTC&limit=501", 1103, "malformed limit"),
    ("GET", "/v1/ticker?symbol=BTC_USDT", 2001, "unknown symbol BTC_USDT"),
    ("GET", "/v1/ticker?symbol=", 2001, "unknown symbol "),
    ("GET", f"/v1/ticker?symbol={LONG}", 2001, f"unknown symbol {LONG[:64]}"),
]


@pytest.mark.parametrize(("method", "target", "code", "text"), OPEN)
async def test_open_requests(
    open_bench: Any, virtual_world: Any, method: str, target: str, code: int, text: str
) -> None:
    async with open_bench() as bench:
        reply = await bench.send(method, target)
        assert (reply.status, reply.code, reply.msg, reply.data) == (200, code, text, None)


async def test_a_body_where_none_belongs(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench() as bench:
        assert (await bench.send("GET", "/v1/time", body=b"{}")).code == 1100
        assert (await bench.call("alice", "DELETE", "/v1/orders/all", body=b"{}")).code == 1100


HEADERS = [
    ({"key": None}, 1020, "missing or malformed MX-KEY"),
    ({"time": None}, 1020, "missing or malformed MX-TIME"),
    ({"time": "1e3"}, 1020, "missing or malformed MX-TIME"),
    ({"nonce": "0"}, 1020, "missing or malformed MX-NONCE"),
    ({"nonce": "9007199254740992"}, 1020, "missing or malformed MX-NONCE"),
    ({"nonce": "-1", "sign": None}, 1020, "missing or malformed MX-NONCE"),
    ({"sign": None}, 1020, "missing or malformed MX-SIGN"),
    ({"sign": "short"}, 1020, "missing or malformed MX-SIGN"),
    ({"window": "60001"}, 1020, "missing or malformed MX-WINDOW"),
    ({"window": "0"}, 1020, "missing or malformed MX-WINDOW"),
    ({"key": "nobody", "sign": "A" * 88}, 1024, "unknown key"),
    ({"sign": "A" * 88, "time": "1"}, 1023, "wrong signature"),
]


@pytest.mark.parametrize(("changes", "code", "text"), HEADERS)
async def test_signed_headers(open_bench: Any, virtual_world: Any, changes: Any, code: int, text: str) -> None:
    async with open_bench() as bench:
        reply = await bench.call("alice", "GET", "/v1/key?x=1", **changes)
        assert (reply.status, reply.code, reply.msg, reply.data) == (200, code, text, None)
        assert "MX-USED-READS" not in reply.headers
        assert (await bench.call("alice", "GET", "/v1/key")).code == 0


async def test_a_header_given_twice_is_malformed(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench() as bench:
        headers = CIMultiDict(bench.headers("alice", "GET", "/v1/key", window="5000"))
        headers.add("MX-WINDOW", "60000")
        reply = await bench.send("GET", "/v1/key", headers)
        assert (reply.code, reply.msg) == (1020, "missing or malformed MX-WINDOW")


async def test_a_refused_signature_is_explained_in_the_log(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench() as bench:
        await bench.call("alice", "GET", "/v1/key", sign="A" * 88)
        log = await bench.control("GET", "log")
        assert "payload" in log.text
        assert "\\nGET\\napi.myexchange.example\\n/v1/key\\n" in log.text
        assert "demo-secret" not in log.text


WINDOWS = [
    # (ms that the request is old, its window, whether it is taken)
    (5000, None, True),
    (5001, None, False),
    (60000, "60000", True),
    (60001, "60000", False),
    (1, "1", True),
    (2, "1", False),
    (-1000, None, True),
    (-1001, None, False),
    (-1001, "60000", False),
]


@pytest.mark.parametrize(("old", "window", "taken"), WINDOWS)
async def test_the_window(open_bench: Any, virtual_world: Any, old: int, window: str | None, taken: bool) -> None:
    async with open_bench() as bench:
        sent = str(bench.now_ms - old)
        changes = {"time": sent} if window is None else {"time": sent, "window": window}
        reply = await bench.call("alice", "GET", "/v1/key", **changes)
        assert reply.code == (0 if taken else 1021)
        if not taken:
            assert reply.msg == f"time {sent} is outside the window, exchange time is {bench.now_ms}"


async def test_nonces(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench() as bench:
        assert (await bench.call("alice", "GET", "/v1/key", nonce="10")).code == 0
        assert (await bench.call("bob", "GET", "/v1/key", nonce="10")).code == 0
        for nonce in ("10", "9"):
            reply = await bench.call("alice", "GET", "/v1/key", nonce=nonce)
            assert (reply.code, reply.msg) == (1022, f"nonce {nonce} is not greater than 10")
        # refused for its form, after its signature and time were good: the nonce is used up all the same
        assert (await bench.call("alice", "GET", "/v1/key?x=1", nonce="20")).code == 1102
        assert (await bench.call("alice", "GET", "/v1/key", nonce="20")).code == 1022
        # refused for its time or signature: the nonce is still free
        assert (await bench.call("alice", "GET", "/v1/key", nonce="30", time="1")).code == 1021
        assert (await bench.call("alice", "GET", "/v1/key", nonce="30", sign="A" * 88)).code == 1023
        assert (await bench.call("alice", "GET", "/v1/key", nonce="30")).code == 0


async def test_a_request_sent_twice_is_executed_once(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench() as bench:
        body = b'{"symbol":"USDT_BTC","side":"bid","type":"limit","price":"60000","size":"0.1","client_id":"c"}'
        headers = bench.headers("alice", "POST", "/v1/orders", body)
        first, second = [await bench.send("POST", "/v1/orders", headers, body) for _ in range(2)]
        assert (first.code, second.code) == (0, 1022)
        assert len(bench.sandbox.exchange.orders("alice")) == 1


async def test_rights(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench(rights=("read",)) as bench:
        reply = await bench.call("alice", "POST", "/v1/orders", order())
        assert (reply.code, reply.msg) == (1025, "key has no right to trade")
        assert "MX-USED-ORDERS" not in reply.headers
        assert (await bench.call("alice", "GET", "/v1/key")).data == {"key": "key-alice", "rights": ["read"]}


async def test_the_right_to_read(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench(rights=("trade",)) as bench:
        assert (await bench.call("alice", "GET", "/v1/balances")).msg == "key has no right to read"
        login = bench.login("alice")
        async with bench.stream("/v1/private") as stream:
            assert (await stream.ask(login))["msg"] == "key has no right to read"


PARAMETERS = [
    ("GET", "/v1/orders/one", 1105, "give exactly one of client_id, order_id"),
    ("GET", "/v1/orders/one?client_id=a&order_id=1", 1105, "give exactly one of client_id, order_id"),
    ("DELETE", "/v1/orders", 1105, "give exactly one of client_id, order_id"),
    ("DELETE", "/v1/orders?client_id=%20", 1103, "malformed client_id"),
    ("GET", "/v1/orders/one?order_id=x", 1103, "malformed order_id"),
    ("GET", "/v1/orders/one?client_id=never", 2013, "order not found"),
    ("GET", "/v1/orders/one?order_id=1", 2013, "order not found"),
    ("GET", "/v1/orders/one?order_id=99999999999999999999999", 2013, "order not found"),
    ("DELETE", "/v1/orders?order_id=1", 2013, "order not found"),
    ("DELETE", "/v1/orders/all?symbol=XXX", 2001, "unknown symbol XXX"),
    ("GET", "/v1/orders/open?symbol=XXX", 2001, "unknown symbol XXX"),
    ("GET", "/v1/fills?since=1&order_id=1", 1106, "give since or order_id, not both"),
    ("GET", "/v1/fills?order_id=1", 2013, "order not found"),
    ("GET", "/v1/fills?limit=0", 1103, "malformed limit"),
    ("GET", "/v1/fills?since=-1", 1103, "malformed since"),
    ("GET", "/v1/fills?cursor=!", 1103, "malformed cursor"),
    ("GET", "/v1/fills?cursor=forged", 1103, "malformed cursor"),
    ("GET", "/v1/balances?x=1", 1102, "unknown x"),
    ("POST", "/v1/orders?x=1", 1102, "unknown x"),
]


@pytest.mark.parametrize(("method", "target", "code", "text"), PARAMETERS)
async def test_signed_parameters(
    open_bench: Any, virtual_world: Any, method: str, target: str, code: int, text: str
) -> None:
    async with open_bench() as bench:
        reply = await bench.call("alice", method, target, order() if method == "POST" else None)
        assert (reply.status, reply.code, reply.msg, reply.data) == (200, code, text, None)


BODIES: list[tuple[Any, int, str]] = [
    (b"", 1100, "body is not a JSON object"),
    (b"[]", 1100, "body is not a JSON object"),
    (b"{", 1100, "body is not a JSON object"),
    (b'{"symbol": "\\ud800"}', 1100, "body is not a JSON object"),
    (b'{"\\udfff": "x"}', 1100, "body is not a JSON object"),
    (b'{"a": NaN}', 1100, "body is not a JSON object"),
    (b'{"a": "\xff"}', 1100, "body is not a JSON object"),
    (b'{"a": ' + b"[" * 3000 + b"]" * 3000 + b"}", 1100, "body is not a JSON object"),
    (b'{"client_id": "' + b"x" * 16384 + b'"}', 1100, "body is not a JSON object"),
    (order(x="1", symbol=None), 1102, "unknown x"),
    (b'{"side": "bid", "side": "bid"}', 1102, "unknown side"),
    (order(symbol=None, side=None), 1101, "missing symbol"),
    (order(size=None, client_id=None), 1101, "missing size"),
    (order(client_id=None), 1101, "missing client_id"),
    (order(type=None, price=7), 1101, "missing type"),
    (order(price=60000), 1103, "malformed price"),
    (order(price="6e4"), 1103, "malformed price"),
    (order(price="-1"), 1103, "malformed price"),
    (order(price="0.00"), 1103, "malformed price"),
    (order(price="1."), 1103, "malformed price"),
    (order(price="٣"), 1103, "malformed price"),
    (order(price="1" * 19), 1103, "malformed price"),
    (order(size="0", price="x"), 1103, "malformed size"),
    (order(side="buy"), 1103, "malformed side"),
    (order(side=["bid"]), 1103, "malformed side"),
    (order(type="stop"), 1103, "malformed type"),
    (order(tif="gtc"), 1103, "malformed tif"),
    (order(symbol=7), 1103, "malformed symbol"),
    (order(client_id="x" * 33), 1103, "malformed client_id"),
    (order(client_id="a b"), 1103, "malformed client_id"),
    (order(client_id=""), 1103, "malformed client_id"),
    (order(price=None), 1101, "missing price"),
    (order(type="post_only", price=None, tif="IOC"), 1101, "missing price"),
    (order(type="market"), 1104, "price is not allowed with type market"),
    (order(type="market", price=None, tif="GTC"), 1104, "tif is not allowed with type market"),
    (order(type="post_only", tif="IOC"), 1104, "tif is not allowed with type post_only"),
    (order(symbol="USDT_XYZ"), 2001, "unknown symbol USDT_XYZ"),
    (order(price="65000.005"), 2003, "price 65000.005 is not a multiple of tick_size 0.01"),
    (order(price="1000000.01", size="1000"), 2004, "price 1000000.01 is outside 0.01 to 1000000"),
    (order(size="0.000015"), 2005, "size 0.000015 is not a multiple of lot_size 0.00001"),
    (order(size="0.00009"), 2006, "size 0.00009 is below min_size 0.0001"),
    (order(size="100.00001"), 2007, "size 100.00001 is above max_size 100"),
    (order(price="10", size="0.1"), 2008, "notional 1 is below min_notional 5"),
    (order(type="market", price=None), 2009, "no orders to match"),
    (order(size="1"), 2010, "insufficient balance of USDT"),
    (order(side="ask", size="0.6"), 2010, "insufficient balance of BTC"),
    (order(tif="FOK"), 2015, "order cannot be filled whole"),
]


@pytest.mark.parametrize(("body", "code", "text"), BODIES, ids=lambda value: str(value)[:60])
async def test_bodies(open_bench: Any, virtual_world: Any, body: Any, code: int, text: str) -> None:
    async with open_bench() as bench:
        reply = await bench.call("alice", "POST", "/v1/orders", body)
        assert (reply.status, reply.code, reply.msg, reply.data) == (200, code, text, None)
        assert not bench.sandbox.exchange.orders("alice")
        assert (await bench.call("alice", "POST", "/v1/orders", order())).code == 0  # the client_id is still free


async def test_a_market_order_has_no_least_notional(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench() as bench:
        await bench.place("bob", "b", "ask", "1", "10.00")
        assert (await bench.place("alice", "a", "bid", "0.1", None)).data["state"] == "filled"


async def test_refusals_that_need_a_book(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench() as bench:
        await bench.place("bob", "b", "ask", "0.01", "65012.50")
        reply = await bench.place("alice", "a", "bid", "0.01", "65013.00", type="post_only")
        assert (reply.code, reply.msg) == (2012, "post_only order would trade at 65012.50")
        assert (await bench.place("alice", "a", "bid", "0.02", "65013", tif="FOK")).code == 2015
        # a market sell needs its whole size, even where the book holds less
        await bench.place("bob", "b2", "bid", "0.01", "60000")
        assert (await bench.place("alice", "a", "ask", "0.6", None)).msg == "insufficient balance of BTC"
        assert (await bench.place("alice", "a", "bid", "0.01", "65012.49", type="post_only")).data["state"] == "new"


async def test_a_client_id_is_taken_for_ever_and_first_of_all(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench() as bench:
        await bench.call("alice", "POST", "/v1/orders", order())
        await bench.call("alice", "DELETE", "/v1/orders?client_id=c-1")
        again = await bench.call("alice", "POST", "/v1/orders", order(symbol="NONE", price="0.001"))
        assert (again.code, again.msg) == (2011, "duplicate client_id c-1")
        assert (await bench.call("bob", "POST", "/v1/orders", order())).code == 0
        reply = await bench.call("alice", "DELETE", "/v1/orders?client_id=c-1")
        assert (reply.code, reply.msg) == (2014, "order already closed")


@pytest.mark.parametrize("status", ["cancel_only", "halted"])
async def test_halted_and_closed_symbols(open_bench: Any, virtual_world: Any, status: str) -> None:
    async with open_bench() as bench:
        await bench.call("alice", "POST", "/v1/orders", order())
        asked = {"kind": "set_status", "symbol": "USDT_BTC", "status": status}
        assert (await bench.control("POST", "command", asked)).status == 200
        assert (
            await bench.call("alice", "POST", "/v1/orders", order(client_id="d"))
        ).msg == "symbol USDT_BTC is halted"
        assert (await bench.call("alice", "GET", "/v1/orders/one?client_id=c-1")).data["state"] == "new"
        assert (await bench.call("alice", "DELETE", "/v1/orders?client_id=c-1")).code == 0
        await bench.control("POST", "command", {**asked, "status": "trading"})
        await bench.call("alice", "POST", "/v1/orders", order(client_id="e"))
        await bench.control("POST", "command", {"kind": "delist", "symbol": "USDT_BTC"})
        ended = (await bench.call("alice", "GET", "/v1/orders/one?client_id=e")).data
        assert (ended["state"], ended["reason"]) == ("expired", "symbol_closed")
        assert (
            await bench.call("alice", "POST", "/v1/orders", order(client_id="f"))
        ).msg == "symbol USDT_BTC is closed"
        statuses = {row["symbol"]: row["status"] for row in (await bench.get("/v1/symbols")).data}
        assert statuses == {"USDT_BTC": "closed", "USDT_ETH": "trading", "BTC_ETH": "trading", "USDT_MXT": "trading"}


async def test_maintenance(open_bench: Any, virtual_world: Any) -> None:
    async with open_bench() as bench:
        await bench.control("POST", "command", {"kind": "maintenance", "active": True})
        for reply in (await bench.get("/v1/time"), await bench.get("/v1/nowhere"), await bench.get("/v1/public")):
            assert (reply.status, reply.code, reply.msg, reply.data) == (503, 1503, "maintenance", None)
        await bench.control("POST", "command", {"kind": "maintenance", "active": False})
        assert (await bench.get("/v1/time")).code == 0


async def test_what_nobody_foresaw_is_internal(
    open_bench: Any, virtual_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_bench() as bench:

        def fail(*_: object) -> None:
            raise ZeroDivisionError("planted")

        monkeypatch.setitem(__import__("exconn.sandbox.counter", fromlist=["ACTIONS"]).ACTIONS, "server_time", fail)
        reply = await bench.get("/v1/time")
        assert (reply.status, reply.code, reply.msg) == (200, 1500, "internal error")
        assert "ZeroDivisionError: planted" in (await bench.control("GET", "log")).text
