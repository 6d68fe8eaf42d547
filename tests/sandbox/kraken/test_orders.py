"""Every kind of order of Kraken's, and what changes orders: over REST and over the websocket."""

from typing import Any

import pytest

from .conftest import Client, Open

KINDS: list[tuple[dict[str, Any], str, str]] = [
    ({"ordertype": "limit", "price": "50000", "oflags": "post"}, "limit 50000.0", "50000.0"),
    ({"ordertype": "limit", "price": "50000", "timeinforce": "GTD", "expiretm": "+60"}, "limit 50000.0", "50000.0"),
    ({"ordertype": "iceberg", "price": "50000", "displayvol": "0.1"}, "iceberg 50000.0", "50000.0"),
    ({"ordertype": "stop-loss", "price": "70000"}, "stop loss 70000.0", "70000.0"),
    ({"ordertype": "take-profit", "price": "50000"}, "take profit 50000.0", "50000.0"),
    (
        {"ordertype": "stop-loss-limit", "price": "70000", "price2": "70100"},
        "stop loss 70000.0 -> limit 70100.0",
        "70000.0",
    ),
    (
        {"ordertype": "take-profit-limit", "price": "50000", "price2": "49900"},
        "take profit 50000.0 -> limit 49900.0",
        "50000.0",
    ),
]


async def _traded(client: Client) -> None:
    """A trade at 60000, so that there is a last price."""
    bob = Client(client.port, client.session, client.sandbox, "key-bob")
    await bob.place("sell", "0.1", "60000")
    assert (await client.place("buy", "0.1", "60000"))["error"] == []


@pytest.mark.parametrize(("fields", "words", "price"), KINDS, ids=[each[1] for each in KINDS])
async def test_kinds_of_orders(kraken: Open, fields: dict[str, Any], words: str, price: str) -> None:
    async with kraken() as client:
        await _traded(client)
        reply = await client.private("AddOrder", pair="XBTUSD", type="buy", volume="1", **fields)
        assert reply["error"] == []
        assert reply["result"]["descr"]["order"] == f"buy 1.00000000 XBTUSD @ {words}"
        ((txid, order),) = (await client.private("OpenOrders"))["result"]["open"].items()
        assert [txid] == reply["result"]["txid"]
        assert (order["descr"]["ordertype"], order["descr"]["price"]) == (fields["ordertype"], price)
        assert order["status"] == "open"
        assert (await client.private("CancelOrder", txid=txid))["result"]["count"] == 1


async def test_a_trailing_stop_follows_and_fires(kraken: Open) -> None:
    async with kraken() as client:
        await _traded(client)
        trail = await client.private(
            "AddOrder", pair="XBTUSD", type="sell", volume="0.5", ordertype="trailing-stop", price="+100"
        )
        (txid,) = trail["result"]["txid"]
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("buy", "1", "59800")
        await client.place("sell", "0.1", "59800")
        order = (await client.private("QueryOrders", txid=txid))["result"][txid]
        assert (order["status"], order["vol_exec"], order["price"]) == ("closed", "0.50000000", "59800.0")


CHECKED: list[tuple[dict[str, Any], str]] = [
    ({"ordertype": "stop-loss-limit", "price": "70000"}, "EGeneral:Invalid arguments:price2"),
    ({"ordertype": "limit", "price": "50000", "timeinforce": "GTX"}, "EGeneral:Invalid arguments:timeinforce"),
    ({"ordertype": "limit", "price": "50000", "timeinforce": "GTD"}, "EGeneral:Invalid arguments"),
    ({"ordertype": "limit", "price": "70000.01"}, "EOrder:Tick size check failed"),
]


@pytest.mark.parametrize(("fields", "error"), CHECKED)
async def test_what_is_wrong_with_a_kind(kraken: Open, fields: dict[str, Any], error: str) -> None:
    async with kraken() as client:
        await _traded(client)
        assert await client.private("AddOrder", pair="XBTUSD", type="buy", volume="1", **fields) == {"error": [error]}


async def test_only_checked(kraken: Open) -> None:
    async with kraken() as client:
        reply = await client.place("buy", "1", "50000", validate="true")
        assert reply["result"] == {"descr": {"order": "buy 1.00000000 XBTUSD @ limit 50000.0"}}
        assert (await client.private("OpenOrders"))["result"]["open"] == {}


async def test_a_market_order_by_cost(kraken: Open) -> None:
    async with kraken() as client:
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "1", "60000")
        reply = await client.place("buy", "6000", None, oflags="viqc")
        (txid,) = reply["result"]["txid"]
        order = (await client.private("QueryOrders", txid=txid))["result"][txid]
        assert (order["status"], order["cost"], order["vol_exec"]) == ("closed", "6000", "0.10000000")


async def test_a_post_only_order_that_would_take_is_cancelled(kraken: Open) -> None:
    async with kraken() as client:
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "1", "60000")
        (txid,) = (await client.place("buy", "1", "60000", oflags="post"))["result"]["txid"]
        order = (await client.private("QueryOrders", txid=txid))["result"][txid]
        assert (order["status"], order["reason"]) == ("canceled", "Post only order")


async def test_amend_edit_batch_and_timer(kraken: Open) -> None:
    async with kraken() as client:
        (txid,) = (await client.place("buy", "1", "50000"))["result"]["txid"]
        amended = (await client.private("AmendOrder", txid=txid, order_qty="0.5", limit_price="50001"))["result"]
        assert amended["amend_id"].startswith("T")
        opened = (await client.private("OpenOrders"))["result"]["open"]
        assert (opened[txid]["vol"], opened[txid]["descr"]["price"]) == ("0.50000000", "50001.0")
        edited = (await client.private("EditOrder", txid=txid, pair="XBTUSD", price="50002"))["result"]
        assert (edited["status"], edited["originaltxid"], edited["orders_cancelled"]) == ("ok", txid, 1)
        assert list((await client.private("OpenOrders"))["result"]["open"]) == [edited["txid"]]
        orders = [
            {"ordertype": "limit", "type": "buy", "volume": "0.1", "price": "49000"},
            {"ordertype": "limit", "type": "buy", "volume": "900", "price": "49000"},
        ]
        batch = await client.private("AddOrderBatch", as_json=True, pair="XBTUSD", orders=orders)
        done, failed = batch["result"]["orders"]
        assert done["descr"] == {"order": "buy 0.10000000 XBTUSD @ limit 49000.0"}
        assert failed == {"error": "EOrder:Insufficient funds"}
        gone = await client.private("CancelOrderBatch", as_json=True, orders=[done["txid"], edited["txid"]])
        assert gone["result"] == {"count": 2}
        timer = (await client.private("CancelAllOrdersAfter", timeout="60"))["result"]
        assert timer["currentTime"] < timer["triggerTime"]
        ended = (await client.private("CancelAllOrdersAfter", timeout="0"))["result"]
        assert ended["triggerTime"] == ended["currentTime"]


async def test_changes_over_the_socket(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream, client.stream() as told:
        token = (await client.private("GetWebSocketsToken"))["result"]["token"]
        await told.ask("subscribe", channel="executions", snap_orders=False, token=token)
        orders = [
            {"order_type": "limit", "side": "buy", "order_qty": 1.0, "limit_price": 50000.0, "cl_ord_id": "b-1"},
            {"order_type": "limit", "side": "buy", "order_qty": 1.0, "limit_price": 50001.0},
        ]
        batch = await stream.ask("batch_add", token=token, symbol="BTC/USD", orders=orders)
        first, second = batch["result"]
        assert first["cl_ord_id"] == "b-1"
        amended = await stream.ask("amend_order", token=token, cl_ord_id="b-1", order_qty=0.4)
        assert amended["result"]["order_id"] == first["order_id"]
        edited = await stream.ask(
            "edit_order", token=token, order_id=second["order_id"], symbol="BTC/USD", limit_price=50003.0
        )
        assert edited["result"]["original_order_id"] == second["order_id"]
        after = await stream.ask("cancel_all_orders_after", token=token, timeout=100)
        assert set(after["result"]) == {"currentTime", "triggerTime"}
        assert (await stream.ask("cancel_all", token=token))["result"] == {"count": 2}
        steps = [(await told.next())["data"][0] for _ in range(9)]
        kinds = [each["exec_type"] for each in steps]
        assert kinds[:5] == ["pending_new", "new", "pending_new", "new", "amended"]
        assert sorted(kinds[5:]) == ["canceled", "canceled", "new", "pending_new"]


async def test_a_stop_over_the_socket(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        await _traded(client)
        token = (await client.private("GetWebSocketsToken"))["result"]["token"]
        stop = await stream.ask(
            "add_order",
            token=token,
            symbol="BTC/USD",
            side="sell",
            order_type="stop-loss",
            order_qty=0.1,
            triggers={"reference": "last", "price": 59000.0},
        )
        assert stop["success"] is True
        await stream.ask("subscribe", channel="executions", token=token)
        ((order,), sequence) = (frame := await stream.next())["data"], frame["sequence"]
        assert (order["order_type"], order["order_status"], sequence) == ("stop-loss", "new", 1)
        assert order["triggers"]["price"] == 59000
        assert order["triggers"]["status"] == "untriggered"


PAGES = ["DepositMethods", "WithdrawMethods", "Earn/Strategies", "Earn/Allocations", "OpenPositions", "TradeVolume"]


@pytest.mark.parametrize("name", PAGES)
async def test_what_is_beside_spot_trading_is_empty(kraken: Open, name: str) -> None:
    async with kraken() as client:
        assert (await client.private(name))["error"] == []


@pytest.mark.parametrize("since", [{}, {"since": "0"}, {"since": "1"}])
async def test_candles_are_the_most_recent_ones(kraken: Open, since: dict[str, str]) -> None:
    async with kraken(past_days=2) as client:
        answer = (await client.public("OHLC", pair="XBTUSD", **since))["result"]
        times = [each[0] for each in answer["XXBTZUSD"]]
        assert times == list(range(times[0], times[0] + 720 * 60, 60))
        assert 0 < client.sandbox.now_ns() / 1e9 - times[-1] < 150
        assert answer["last"] == times[-1]  # it is over, too: the made past ends before the sandbox began
        later = (await client.public("OHLC", pair="XBTUSD", since=str(times[-10])))["result"]["XXBTZUSD"]
        assert [each[0] for each in later] == times[-10:]


async def test_the_last_of_the_candles_is_the_last_one_that_is_over(kraken: Open) -> None:
    """As in an answer that was seen: github.com/ccxt/ccxt/pull/22607, whose last row is of the hour under way."""
    async with kraken(past_days=2) as client:
        await _traded(client)
        answer = (await client.public("OHLC", pair="XBTUSD", interval=1440))["result"]
        times = [each[0] for each in answer["XXBTZUSD"]]
        assert answer["last"] == times[-2]


async def test_tickers_and_candles(kraken: Open) -> None:
    async with kraken() as client, client.stream() as stream:
        await _traded(client)
        tickers = (await client.public("Ticker", "POST", pair="XBTUSD,ETHXBT"))["result"]
        assert list(tickers) == ["XXBTZUSD", "XETHXXBT"]
        assert tickers["XXBTZUSD"]["c"] == ["60000.0", "0.10000000"]
        assert set(tickers["XXBTZUSD"]) == set("abcvptlho")
        candles = (await client.public("OHLC", pair="XBTUSD", interval=5))["result"]
        ((time, *prices, trades),) = candles["XXBTZUSD"]
        assert time % 300 == 0
        assert (prices, trades) == (["60000.0"] * 5 + ["0.10000000"], 1)
        assert candles["last"] == time - 300  # the last one that is over
        assert (await client.public("OHLC", pair="XBTUSD", interval=7)) == {
            "error": ["EGeneral:Invalid arguments:interval"]
        }
        ack = await stream.ask("subscribe", channel="ohlc", symbol=["BTC/USD"], interval=5)
        assert ack["result"] == {"channel": "ohlc", "symbol": "BTC/USD", "interval": 5, "snapshot": True}
        (candle,) = (await stream.next())["data"]
        assert (candle["interval"], candle["open"], candle["trades"]) == (5, 60000, 1)


async def test_an_order_that_closes_what_another_opened(kraken: Open) -> None:
    async with kraken() as client:
        closing = {"close[ordertype]": "limit", "close[price]": "61000"}
        (txid,) = (await client.place("buy", "0.1", "60000", **closing))["result"]["txid"]
        assert list((await client.private("OpenOrders"))["result"]["open"]) == [txid]
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.1", "60000")
        (order,) = (await client.private("OpenOrders"))["result"]["open"].values()
        assert order["descr"]["order"] == "sell 0.10000000 XBTUSD @ limit 61000.0"


async def test_early_cancels_fill_the_counter_of_orders(kraken: Open) -> None:
    # 1 to place and 8 to cancel at once: 20 times fit into 180 exactly, and 3.75 a second are forgotten
    now = [10**18]
    async with kraken(now_ns=lambda: now[0]) as client:
        for _ in range(20):
            (txid,) = (await client.place("buy", "0.1", "50000"))["result"]["txid"]
            assert (await client.private("CancelOrder", txid=txid))["result"]["count"] == 1
        assert await client.place("buy", "0.1", "50000") == {"error": ["EOrder:Rate limit exceeded"]}
        other = {"pair": "ETHUSD", "type": "buy", "ordertype": "limit", "volume": "1", "price": "3000"}
        assert (await client.private("AddOrder", **other))["error"] == []
        now[0] += 10**9
        (txid,) = (await client.place("buy", "0.1", "50000"))["result"]["txid"]
        now[0] += 300 * 10**9
        assert (await client.private("CancelOrder", txid=txid))["result"]["count"] == 1


async def test_changes_of_an_order_that_is_closed_are_not_counted(kraken: Open) -> None:
    async with kraken() as client:
        (txid,) = (await client.place("buy", "0.1", "50000"))["result"]["txid"]
        counter = client.sandbox.desk.order_counter
        client.sandbox.exchange.cancel("alice", client.sandbox.exchange.orders("alice")[0].id, client.sandbox.now_ns())
        before = counter.value("alice", "BTC-USD", client.sandbox.now_ns())
        for _ in range(3):
            gone = {"error": ["EOrder:Unknown order"]}
            assert await client.private("AmendOrder", txid=txid, order_qty="0.2") == gone
            assert await client.private("EditOrder", txid=txid, pair="XBTUSD", volume="0.2") == gone
        assert counter.value("alice", "BTC-USD", client.sandbox.now_ns()) <= before


async def test_an_order_is_cancelled_once_however_often_it_is_named(kraken: Open) -> None:
    async with kraken() as client:
        (txid,) = (await client.place("buy", "1", "50000"))["result"]["txid"]
        gone = await client.private("CancelOrderBatch", as_json=True, orders=[txid, txid])
        assert gone == {"error": [], "result": {"count": 1}}


async def test_a_clock_that_is_set_back_fills_no_counter_of_orders(kraken: Open) -> None:
    async with kraken() as client:
        await client.place("buy", "0.1", "50000")
        client.sandbox.clock.step(-3600)
        assert (await client.place("buy", "0.1", "50000"))["error"] == []


async def test_what_a_key_may_do(kraken: Open) -> None:
    async with kraken() as client:
        facts = (await client.private("GetApiKeyInfo"))["result"]
        assert facts["api_key"] == "key-alice"
        assert {"query-funds", "modify-trades"} < set(facts["permissions"])
        assert "withdraw-funds" not in facts["permissions"]


async def test_trades_tell_the_type_of_their_order(kraken: Open) -> None:
    async with kraken() as client:
        await _traded(client)
        bob = Client(client.port, client.session, client.sandbox, "key-bob")
        await bob.place("sell", "0.2", "61000")
        assert (await client.place("buy", "0.1"))["error"] == []
        told = (await client.private("TradesHistory"))["result"]["trades"].values()
        assert [each["ordertype"] for each in told] == ["market", "limit"]
        public = (await client.public("Trades", pair="XBTUSD"))["result"]["XXBTZUSD"]
        assert [each[4] for each in public] == ["l", "m"]


async def test_the_amends_of_an_order(kraken: Open) -> None:
    async with kraken() as client:
        (txid,) = (await client.place("buy", "1", "50000"))["result"]["txid"]
        change = (await client.private("AmendOrder", txid=txid, order_qty="0.5", limit_price="50001"))["result"]
        told = (await client.private("OrderAmends", order_id=txid))["result"]
        assert told["count"] == 2
        original, amended = told["amends"]
        assert original.pop("timestamp") < amended.pop("timestamp")
        assert original.pop("amend_id") != amended["amend_id"]
        sizes = {"order_qty": "1.00000000", "remaining_qty": "1.00000000"}
        assert original == {"amend_type": "original", **sizes, "limit_price": "50000.0"}
        sizes = {"order_qty": "0.50000000", "remaining_qty": "0.50000000"}
        assert amended == {"amend_type": "user", "amend_id": change["amend_id"], **sizes, "limit_price": "50001.0"}
        unknown = await client.private("OrderAmends", order_id="OAAAAA-AAAAA-AAAAAA")
        assert unknown == {"error": ["EOrder:Unknown order"]}
