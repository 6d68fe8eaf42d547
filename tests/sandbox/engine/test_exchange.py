"""The facade: accounts, listings, queries, cancel-all and the ledger."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.sandbox.engine import Exchange, Instrument, Kind, NewOrder, Placed, Reject, Side, Status

D = Decimal

OTHER = Instrument("OTHER", "BBB", "QQQ", tick=D(1), lot=D(1))


def test_ids_start_where_told_and_a_refusal_takes_none() -> None:
    exchange = Exchange(first_order_id=500, first_trade_id=70, first_sequence=9)
    exchange.list_instrument(OTHER, 0)
    for name in ("ann", "bob"):
        exchange.open_account(name)
        exchange.deposit(name, "BBB", D(9), 0)
        exchange.deposit(name, "QQQ", D(900), 0)
    order = NewOrder("OTHER", Side.SELL, Kind.LIMIT, D(1), D(100))
    assert exchange.book("OTHER").sequence == 9
    exchange.place("ann", replace(order, amount=D(100)), 1)
    exchange.place("ann", order, 1)
    exchange.place("bob", replace(order, side=Side.BUY), 2)
    (fill,) = exchange.fills("bob")
    assert (fill.order_id, fill.trade_id, fill.number, exchange.book("OTHER").sequence) == (501, 70, 1, 11)


def test_orders_fills_and_accounts_are_told_apart(desk: Any) -> None:
    desk.exchange.list_instrument(OTHER, 0)
    first = desk.placed("ann", "buy 1 @ 100")
    second = desk.exchange.place("ann", NewOrder("OTHER", Side.BUY, Kind.LIMIT, D(1), D(5)), 9).order
    third = desk.placed("ann", "buy 1 @ 101")
    desk.placed("bob", "sell 1 @ 101")
    fourth = desk.placed("ann", "buy 1 @ 99")
    exchange = desk.exchange
    assert [o.id for o in exchange.orders("ann")] == [first.id, second.id, third.id, fourth.id]
    assert [o.id for o in exchange.orders("ann", "PAIR")] == [first.id, third.id, fourth.id]
    assert [o.id for o in exchange.orders("ann", open_only=True)] == [first.id, second.id, fourth.id]
    assert [o.id for o in exchange.orders("ann", "PAIR", open_only=True)] == [first.id, fourth.id]
    assert [f.order_id for f in exchange.fills("ann")] == [third.id]
    assert exchange.fills("ann", "OTHER") == []
    assert exchange.order("bob", first.id) is None
    assert exchange.order_by_client_id("ann", "never") is None
    assert (exchange.accounts(), exchange.accounts(house=True)) == (("ann", "bob", "cy"), ("house",))
    assert [i.symbol for i in exchange.instruments()] == ["PAIR", "OTHER"]


def test_cancel_all_takes_one_instrument_or_all_and_leaves_the_halted(desk: Any) -> None:
    desk.exchange.list_instrument(OTHER, 0)
    mine = [desk.placed("ann", "buy 1 @ 100"), desk.placed("ann", "sell 1 @ 200")]
    other = desk.exchange.place("ann", NewOrder("OTHER", Side.BUY, Kind.LIMIT, D(1), D(5)), 9).order
    kept = desk.placed("bob", "buy 1 @ 99")
    assert [c.order.id for c in desk.exchange.cancel_all("ann", 10, "PAIR")] == [order.id for order in mine]
    desk.exchange.list_instrument(replace(OTHER, status=Status.HALTED), 11)
    assert desk.exchange.cancel_all("ann", 12) == ()
    assert desk.exchange.cancel("ann", other.id, 12).detail == "OTHER is halted; nothing is taken now"
    desk.exchange.list_instrument(replace(OTHER, status=Status.CANCEL_ONLY), 13)
    assert [c.order.id for c in desk.exchange.cancel_all("ann", 14)] == [other.id]
    assert desk.again("bob", kept).is_open


def test_a_delisted_instrument_is_unknown_and_relisting_continues_its_book(desk: Any) -> None:
    order = desk.placed("ann", "buy 1 @ 100")
    instrument = desk.exchange.instrument("PAIR")
    desk.exchange.delist("PAIR", 5)
    assert desk.exchange.instrument("PAIR") is None
    assert desk.rejected("ann", "buy 1 @ 100").reason == Reject.UNKNOWN_SYMBOL
    assert desk.again("ann", order).reason == "delisted"
    desk.exchange.list_instrument(instrument, 6)
    assert isinstance(desk.place("ann", "buy 1 @ 100"), Placed)
    assert desk.exchange.book("PAIR").sequence == 3


def test_rules_may_change_under_resting_orders(desk: Any) -> None:
    order = desk.placed("ann", "buy 1.01 @ 100.5")
    coarse = replace(desk.exchange.instrument("PAIR"), tick=D(1), lot=D("0.1"))
    desk.exchange.list_instrument(coarse, 5)
    assert desk.rejected("bob", "sell 1.01 @ 100").reason == Reject.SIZE_OFF_LOT
    desk.placed("bob", "sell 1 @ 100")
    assert desk.again("ann", order).remaining == D("0.01")


def test_book_depth_and_unknown_symbols(desk: Any) -> None:
    for price in (98, 99, 100):
        desk.placed("ann", f"buy 1 @ {price}")
    assert desk.exchange.book("PAIR", 2).bids == ((100, 1), (99, 1))
    for ask in (desk.exchange.book, desk.exchange.last_price, desk.exchange.trades):
        with pytest.raises(KeyError, match="no instrument 'NONE'; list it with list_instrument"):
            ask("NONE")


def test_an_account_opens_once(desk: Any) -> None:
    with pytest.raises(ValueError, match="account 'ann' is already open; choose another name"):
        desk.exchange.open_account("ann")


def test_house_orders_are_forgotten_and_tell_no_balances(desk: Any) -> None:
    desk.exchange.open_account("crowd", house=True)
    assert desk.exchange.deposit("crowd", "AAA", D(5), 0) == ()
    resting = desk.placed("crowd", "sell 2 @ 100", client_id="x")
    desk.placed("ann", "buy 2 @ 100")
    assert desk.exchange.order("crowd", resting.id) is None
    assert desk.exchange.order_by_client_id("crowd", "x") is None
    assert (desk.exchange.orders("crowd"), desk.exchange.fills("crowd")) == ([], [])
    assert desk.placed("crowd", "sell 1 @ 100").is_open


def test_the_ledger_is_plain_exact_text(desk: Any) -> None:
    desk.placed("bob", "sell 2.50 @ 100.5")
    desk.placed("ann", "buy 1 @ 101", client_id="mine")
    ledger = desk.exchange.ledger()
    ann = ledger["accounts"]["ann"]
    assert ann["kind"] == "client"
    assert ann["balances"] == {
        "AAA": {"total": "1001", "held": "0", "available": "1001"},
        "QQQ": {"total": "899.5", "held": "0", "available": "899.5"},
    }
    (order,), (fill,) = ann["orders"], ann["fills"]
    assert order == {
        "id": "2",
        "client_id": "mine",
        "symbol": "PAIR",
        "side": "buy",
        "kind": "limit",
        "time_in_force": "gtc",
        "post_only": "no",
        "price": "101",
        "amount": "1",
        "quote_amount": "",
        "state": "filled",
        "reason": "filled",
        "filled": "1",
        "filled_quote": "100.5",
        "average_price": "100.5",
        "held": "0",
        "held_asset": "QQQ",
        "fills": "1",
        "created": "2",
        "updated": "2",
    }
    assert fill["trade_id"] == "1"
    assert (fill["price"], fill["amount"], fill["fee"], fill["fee_asset"]) == ("100.5", "1", "0", "AAA")
    assert ledger["instruments"]["PAIR"] == {
        "status": "trading",
        "last": "100.5",
        "trades": "1",
        "sequence": "2",
        "bids": [],
        "asks": [["100.5", "1.5"]],
    }
