"""The worked session of the page's section 12, figure by figure: replies, and the frames in their order."""

from typing import Any

import pytest

from exconn.testing.virtual import World

START = {"created", "updated", "order_id", "trade_id", "ts", "time", "seq"}


def figures(value: Any) -> Any:
    """A reply or frame without what differs from run to run: ids given by the exchange, and moments."""
    if isinstance(value, dict):
        return {name: figures(item) for name, item in value.items() if name not in START}
    return [figures(item) for item in value] if isinstance(value, list) else value


def record(client_id: str, **changes: Any) -> dict[str, Any]:
    order = {
        "client_id": client_id,
        "symbol": "USDT_BTC",
        "side": "bid",
        "type": "limit",
        "tif": "GTC",
        "price": "65000.00",
        "size": "0.10",
        "filled": "0",
        "filled_quote": "0",
        "state": "new",
        "reason": None,
    }
    return {**order, **changes}


def fill(client_id: str, price: str, size: str, liquidity: str, fee: str, asset: str = "MXT") -> dict[str, Any]:
    pair = {"client_id": client_id, "symbol": "USDT_BTC", "side": "bid"}
    return {**pair, "price": price, "size": size, "liquidity": liquidity, "fee": fee, "fee_asset": asset}


def balances(**rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return [
        {"asset": asset, "total": total, "available": available, "held": held}
        for asset, (total, available, held) in rows.items()
    ]


async def events(stream: Any, count: int) -> list[tuple[str, Any]]:
    frames = [await stream.next() for _ in range(count)]
    assert all(frame["ts"] >= 1_700_000_000_000_000 for frame in frames)
    return [(frame["topic"], figures(frame["data"])) for frame in frames]


async def price_the_token(bench: Any) -> None:
    """A last price of 0.5 for USDT_MXT."""
    for name, side in (("bob", "ask"), ("carol", "bid")):
        await bench.place(name, f"m-{name}", side, "100", "0.5", symbol="USDT_MXT")


async def test_the_worked_session(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/private") as stream:
        await price_the_token(bench)
        assert await stream.ask(bench.login("alice")) == {"op": "login", "code": 0}
        topics = ["orders", "fills", "balances"]
        answer = await stream.ask({"op": "subscribe", "topics": topics, "id": 1})
        assert answer == {"op": "subscribe", "id": 1, "code": 0, "topics": topics}

        # 12.1
        reply = await bench.place("alice", "demo-0001", "bid", "0.10", "65000.00", tif="GTC")
        assert figures(reply.data) == record("demo-0001")
        assert await events(stream, 2) == [
            ("orders", record("demo-0001")),
            ("balances", balances(USDT=("20000", "13500", "6500"))),
        ]

        # 12.2
        await bench.place("bob", "b-1", "ask", "0.04", "65000")
        assert await events(stream, 3) == [
            ("fills", fill("demo-0001", "65000.00", "0.04", "maker", "3.12")),
            ("orders", record("demo-0001", filled="0.04", filled_quote="2600", state="partial")),
            (
                "balances",
                balances(BTC=("0.54", "0.54", "0"), MXT=("6.88", "6.88", "0"), USDT=("17400", "13500", "3900")),
            ),
        ]

        # 12.3
        await bench.place("bob", "b-2", "ask", "0.06", "65000")
        assert await events(stream, 3) == [
            ("fills", fill("demo-0001", "65000.00", "0.06", "maker", "4.68")),
            ("orders", record("demo-0001", filled="0.1", filled_quote="6500", state="filled")),
            ("balances", balances(BTC=("0.6", "0.6", "0"), MXT=("2.2", "2.2", "0"), USDT=("13500", "13500", "0"))),
        ]

        # 12.4
        reply = await bench.place("alice", "demo-0002", "ask", "0.05", "66000.00")
        resting = record("demo-0002", side="ask", price="66000.00", size="0.05")
        assert figures(reply.data) == resting
        assert await events(stream, 2) == [("orders", resting), ("balances", balances(BTC=("0.6", "0.55", "0.05")))]
        reply = await bench.call("alice", "DELETE", "/v1/orders?client_id=demo-0002")
        cancelled = {**resting, "state": "cancelled", "reason": "user"}
        assert figures(reply.data) == cancelled
        assert await events(stream, 2) == [("orders", cancelled), ("balances", balances(BTC=("0.6", "0.6", "0")))]
        reply = await bench.call("alice", "DELETE", "/v1/orders?client_id=demo-0002")
        assert reply.text == '{"code":2014,"msg":"order already closed","data":null}'

        # 12.5
        for number, (side, size, price) in enumerate(
            [
                ("bid", "0.8", "64990.00"),
                ("bid", "1.25", "64985.50"),
                ("ask", "0.01", "65010.00"),
                ("ask", "0.05", "65012.50"),
                ("ask", "2", "65020.00"),
            ]
        ):
            await bench.place("bob", f"book-{number}", side, size, price)
        book = (await bench.get("/v1/book?symbol=USDT_BTC")).data
        assert list(book) == ["symbol", "seq", "time", "bids", "asks"]
        assert figures(book) == {
            "symbol": "USDT_BTC",
            "bids": [["64990.00", "0.8"], ["64985.50", "1.25"]],
            "asks": [["65010.00", "0.01"], ["65012.50", "0.05"], ["65020.00", "2"]],
        }
        reply = await bench.place("alice", "demo-0003", "bid", "0.03", None)
        market = record("demo-0003", type="market", tif="IOC", price=None, size="0.03")
        filled = {**market, "filled": "0.03", "filled_quote": "1950.35", "state": "filled"}
        assert figures(reply.data) == filled
        assert await events(stream, 8) == [
            ("orders", market),
            ("balances", balances(USDT=("13500", "11549.65", "1950.35"))),
            ("fills", fill("demo-0003", "65010.00", "0.01", "taker", "0.97515")),
            ("orders", {**market, "filled": "0.01", "filled_quote": "650.1", "state": "partial"}),
            (
                "balances",
                balances(
                    BTC=("0.61", "0.61", "0"),
                    MXT=("1.22485", "1.22485", "0"),
                    USDT=("12849.9", "11549.65", "1300.25"),
                ),
            ),
            ("fills", fill("demo-0003", "65012.50", "0.02", "taker", "0.00002", "BTC")),
            ("orders", filled),
            ("balances", balances(BTC=("0.62998", "0.62998", "0"), USDT=("11549.65", "11549.65", "0"))),
        ]

        # 12.6
        reply = await bench.place("alice", "demo-0004", "bid", "0.01", "65013.00", type="post_only")
        assert reply.text == '{"code":2012,"msg":"post_only order would trade at 65012.50","data":null}'
        reply = await bench.place("alice", "demo-0004", "bid", "0.01", "65012.49", type="post_only")
        assert figures(reply.data) == record("demo-0004", type="post_only", price="65012.49", size="0.01")
        await bench.call("alice", "DELETE", "/v1/orders?client_id=demo-0004")

        # what REST and the ledger say of it afterwards
        fills = (await bench.call("alice", "GET", "/v1/fills?since=1700000000000&limit=2")).data
        assert [row["fee"] for row in fills["items"]] == ["3.12", "4.68"]
        rest = (await bench.call("alice", "GET", f"/v1/fills?since=0&cursor={fills['next']}")).data
        assert [row["fee"] for row in rest["items"]] == ["0.97515", "0.00002"]
        assert rest["next"] is None
        final = balances(
            BTC=("0.62998", "0.62998", "0"), MXT=("1.22485", "1.22485", "0"), USDT=("11549.65",) * 2 + ("0",)
        )
        assert (await bench.call("alice", "GET", "/v1/balances")).data == final


async def test_the_ledger_agrees_with_the_replies(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await price_the_token(bench)
        await bench.place("bob", "b", "ask", "0.01", "65010")
        placed = (await bench.place("alice", "a", "bid", "0.03", "65010.00")).data
        account = bench.sandbox.state()["accounts"]["alice"]
        (order,) = account["orders"]
        assert (order["id"], order["client_id"], order["symbol"]) == (placed["order_id"], "a", "BTC-USDT")
        assert (order["filled"], order["filled_quote"]) == (placed["filled"], placed["filled_quote"])
        assert order["created"][:-6] == str(placed["created"])
        (page,) = (await bench.call("alice", "GET", "/v1/fills")).data["items"]
        (one,) = account["fills"]
        for theirs, ours in {"trade_id": "trade_id", "fee": "fee", "fee_asset": "fee_asset", "size": "amount"}.items():
            assert page[theirs] == one[ours]
        rows = (await bench.call("alice", "GET", "/v1/balances")).data
        assert {row.pop("asset"): row for row in rows} == account["balances"]


async def test_a_fee_is_valued_in_usdt_by_the_prices_before_it(open_bench: Any, virtual_world: World) -> None:
    """The page's figures of 7.2: 1 ETH at 0.05 BTC, with BTC at 65000 and MXT at 0.5, pays 4.875 MXT as taker."""
    eth = {"symbol": "BTC_ETH"}
    async with open_bench() as bench:

        async def trade(symbol: str, size: str, price: str, tag: str) -> Any:
            await bench.place("bob", f"b-{tag}", "ask", size, price, symbol=symbol)
            await bench.place("carol", f"c-{tag}", "bid", size, price, symbol=symbol)
            return (await bench.call("carol", "GET", "/v1/fills?limit=500")).data["items"][-1]

        shown = [
            await trade("BTC_ETH", "1", "0.05", "neither"),
            await trade("USDT_MXT", "100", "0.6", "first"),
            await trade("USDT_MXT", "100", "0.5", "second"),
            await trade("BTC_ETH", "1", "0.05", "no-btc"),
            await trade("USDT_BTC", "0.01", "65000", "btc"),
            await trade("BTC_ETH", "1", "0.05", "both"),
        ]
        assert [(row["fee"], row["fee_asset"]) for row in shown] == [
            ("0.001", "ETH"),
            ("0.1", "MXT"),  # no last price yet: of the 100 received, undiscounted
            ("0.0625", "MXT"),  # 50 USDT by the last price of 0.6
            ("0.001", "ETH"),
            ("0.975", "MXT"),
            ("4.875", "MXT"),
        ]
        await bench.place("bob", "short", "ask", "1", "0.05", **eth)
        assert (await bench.place("alice", "a", "bid", "1", "0.05", **eth)).data["state"] == "filled"
        (first,) = (await bench.call("alice", "GET", "/v1/fills")).data["items"]
        assert (first["fee"], first["fee_asset"]) == ("4.875", "MXT")


async def test_a_market_sell_holds_its_whole_size(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/private") as stream:
        await bench.place("bob", "b", "bid", "0.1", "65000")
        await stream.ask(bench.login("alice"))
        await stream.ask({"op": "subscribe", "topics": ["balances"], "id": 1})
        assert (await bench.place("alice", "a", "ask", "0.6", None)).msg == "insufficient balance of BTC"
        order = (await bench.place("alice", "a", "ask", "0.5", None)).data
        assert (order["state"], order["reason"], order["filled"]) == ("cancelled", "market", "0.1")
        assert await events(stream, 3) == [
            ("balances", balances(BTC=("0.5", "0", "0.5"))),
            ("balances", balances(BTC=("0.4", "0", "0.4"), USDT=("26493.5", "26493.5", "0"))),
            ("balances", balances(BTC=("0.4", "0.4", "0"))),
        ]


ENDS = [
    ("limit", {"tif": "IOC"}, "cancelled", "ioc"),
    ("market", {}, "cancelled", "market"),
]


@pytest.mark.parametrize(("kind", "more", "state", "reason"), ENDS)
async def test_rests_that_end_at_once(
    open_bench: Any, virtual_world: World, kind: str, more: Any, state: str, reason: str
) -> None:
    async with open_bench() as bench:
        await bench.place("bob", "b", "ask", "0.01", "65010")
        price = "65010" if kind == "limit" else None
        order = (await bench.place("alice", "a", "bid", "0.03", price, **more)).data
        assert (order["state"], order["reason"], order["filled"]) == (state, reason, "0.01")


async def test_an_account_never_trades_with_itself(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await bench.place("alice", "rest", "ask", "0.1", "65010")
        for client_id, price in (("limit", "65010"), ("market", None)):
            order = (await bench.place("alice", client_id, "bid", "0.1", price)).data
            assert (order["state"], order["reason"], order["filled"]) == ("cancelled", "self_trade", "0")
        assert (await bench.place("alice", "fok", "bid", "0.1", "65010", tif="FOK")).code == 2015
        assert (await bench.call("alice", "GET", "/v1/orders/one?client_id=rest")).data["state"] == "new"


async def test_cancel_all_and_open_orders(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        for number in range(3):
            await bench.place("alice", f"a-{number}", "bid", "0.01", "60000")
        await bench.place("alice", "m", "bid", "100", "0.4", symbol="USDT_MXT")
        opened = (await bench.call("alice", "GET", "/v1/orders/open")).data
        assert [order["client_id"] for order in opened] == ["a-0", "a-1", "a-2", "m"]
        assert len((await bench.call("alice", "GET", "/v1/orders/open?symbol=USDT_MXT")).data) == 1
        gone = (await bench.call("alice", "DELETE", "/v1/orders/all?symbol=USDT_BTC")).data
        assert [(order["client_id"], order["state"], order["reason"]) for order in gone] == [
            (f"a-{number}", "cancelled", "user") for number in range(3)
        ]
        assert len((await bench.call("alice", "DELETE", "/v1/orders/all")).data) == 1
        assert (await bench.call("alice", "DELETE", "/v1/orders/all")).data == []


async def test_how_long_the_past_is_shown(open_bench: Any, virtual_world: World) -> None:
    day_ms = 86_400_000
    clock = {"ahead": 0}

    def now_ns() -> int:
        return virtual_world.wall_ns() + clock["ahead"] * 1_000_000

    async with open_bench(now_ns=now_ns) as bench:
        await bench.place("bob", "b", "ask", "0.01", "65010")
        filled = (await bench.place("alice", "a", "bid", "0.01", "65010")).data
        of_order = f"/v1/fills?order_id={filled['order_id']}"
        for ahead, lookup, fills in ((day_ms - 1000, 0, 0), (day_ms + 1000, 2013, 0), (7 * day_ms + 1000, 2013, 2013)):
            clock["ahead"] = ahead
            assert (await bench.call("alice", "GET", "/v1/orders/one?client_id=a")).code == lookup
            assert (await bench.call("alice", "DELETE", "/v1/orders?client_id=a")).code == (lookup or 2014)
            assert (await bench.call("alice", "GET", of_order)).code == fills
        assert (await bench.call("alice", "GET", "/v1/fills?since=0")).data == {"items": [], "next": None}
        assert (await bench.place("alice", "a", "bid", "0.01", "65010")).code == 2011


async def test_what_anyone_may_ask(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        assert (await bench.get("/v1/time")).data == {"time": bench.now_ms}
        first = (await bench.get("/v1/symbols")).text.partition("},")[0]
        assert first == (
            '{"code":0,"msg":"","data":[{"symbol":"USDT_BTC","base":"BTC","quote":"USDT","status":"trading",'
            '"tick_size":"0.01","min_price":"0.01","max_price":"1000000","lot_size":"0.00001","min_size":"0.0001",'
            '"max_size":"100","min_notional":"5","price_digits":2,"size_digits":5'
        )
        empty = {"symbol": "USDT_MXT", "last": None, "bid": None, "ask": None, "volume_24h": "0"}
        assert figures((await bench.get("/v1/ticker?symbol=USDT_MXT")).data) == empty
        await price_the_token(bench)
        await bench.place("bob", "w", "bid", "20", "0.4995", symbol="USDT_MXT")
        ticker = {**empty, "last": "0.5", "bid": "0.4995", "volume_24h": "100"}
        assert figures((await bench.get("/v1/ticker?symbol=USDT_MXT")).data) == ticker
        (trade,) = (await bench.get("/v1/trades?symbol=USDT_MXT&limit=1")).data
        assert figures(trade) == {"symbol": "USDT_MXT", "price": "0.5", "size": "100", "taker": "bid"}
        assert (await bench.get("/v1/trades?symbol=BTC_ETH")).data == []
        fees = {"maker": "0.0008", "taker": "0.0010", "token": "MXT", "token_discount": "0.25"}
        assert (await bench.call("alice", "GET", "/v1/fees")).data == fees
