"""Every reason for refusing, its text, the order of the rules, and that a refusal changes nothing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.sandbox.engine import (
    ClientIds,
    Instrument,
    Kind,
    NewOrder,
    Placed,
    Policy,
    Reject,
    SelfTrade,
    Side,
    Status,
    TimeInForce,
)

D = Decimal

RULES = Instrument(
    "PAIR",
    "AAA",
    "QQQ",
    tick=D("0.5"),
    lot=D("0.1"),
    min_size=D("0.2"),
    max_size=D(50),
    min_price=D(10),
    max_price=D(500),
    min_notional=D(20),
    max_notional=D(4000),
    quote_step=D("0.1"),
    max_open=3,
)

REFUSED = [
    # order, options, reason, text
    ("buy 1 @ 9.5", {}, "price_out_of_range", "price 9.5 is not between 10 and 500"),
    ("buy 1 @ 500.5", {}, "price_out_of_range", "price 500.5 is not between 10 and 500"),
    ("buy 1 @ -1", {}, "price_out_of_range", "price -1 is not between 10 and 500"),
    ("buy 1 @ NaN", {}, "price_out_of_range", "price NaN is not between 10 and 500"),
    ("buy 1 @ 1e-40", {}, "price_out_of_range", "price 1E-40 is not between 10 and 500"),
    ("buy 1 @ 100.3", {}, "price_off_tick", "price 100.3 is not a multiple of 0.5"),
    ("buy 0.1 @ 100", {}, "size_too_small", "amount 0.1 is below 0.2 or not a number above 0"),
    ("buy -1 @ 100", {}, "size_too_small", "amount -1 is below 0.2 or not a number above 0"),
    ("buy Infinity @ 100", {}, "size_too_small", "amount Infinity is below 0.2 or not a number above 0"),
    ("buy 51 @ 100", {}, "size_too_large", "amount 51 is above 50"),
    ("buy 0.25 @ 100", {}, "size_off_lot", "amount 0.25 is not a multiple of 0.1"),
    ("buy 1 @ 19.5", {}, "notional_too_small", "value 19.5 is below 20 QQQ"),
    ("buy 10 @ 401", {}, "notional_too_large", "value 4010 is above 4000 QQQ"),
    ("buy 10 quote", {}, "notional_too_small", "value 10 is below 20 QQQ"),
    ("buy 0 quote", {}, "size_too_small", "quote_amount 0 is not a number above 0"),
    ("buy 20.05 quote", {}, "size_off_lot", "quote_amount 20.05 is not a multiple of 0.1"),
    ("buy 20.1 quote", {}, "notional_too_small", "quote_amount 20.1 pays for no lot at 220"),
    ("buy 20 @ 100", {}, "insufficient_balance", "needs 2000 QQQ, and 970 is available"),
    ("sell 4", {}, "insufficient_balance", "needs 3 AAA, and 1 is available"),
    ("buy 1 @ 220", {"post_only": True}, "would_cross", "price 220 would trade with the best price 220"),
    ("buy 3 @ 220", {"time_in_force": TimeInForce.FOK}, "fok_unfillable", "the book cannot fill it at once"),
    ("buy 1 @ 100", {"client_id": "held"}, "duplicate_client_id", "client id held belongs to order 3"),
]


def _open(open_desk: Callable[..., Any], policy: Policy | None = None, instrument: Instrument = RULES) -> Any:
    """bob offers 0.5 at 220 and bids 3 at 50; ann has 1 AAA, and one open order that holds 30 QQQ."""
    desk = open_desk(policy, instrument=instrument)
    desk.exchange.withdraw("ann", "AAA", D(999), 0)
    desk.placed("bob", "sell 0.5 @ 220")
    desk.placed("bob", "buy 3 @ 50")
    desk.placed("ann", "buy 1 @ 30", client_id="held")
    return desk


@pytest.mark.parametrize(("order", "options", "reason", "text"), REFUSED)
def test_refusal(open_desk: Callable[..., Any], order: str, options: dict[str, Any], reason: str, text: str) -> None:
    desk = _open(open_desk)
    before = desk.exchange.ledger()
    rejected = desk.rejected("ann", order, **options)
    assert (rejected.reason, rejected.detail) == (reason, text)
    assert desk.exchange.ledger() == before


SHAPES = [
    ({"kind": Kind.LIMIT, "amount": D(1)}, "a limit order needs a price"),
    ({"kind": Kind.MARKET, "amount": D(1), "price": D(100)}, "a market order has no price"),
    ({"kind": Kind.LIMIT, "price": D(100)}, "give either amount or quote_amount"),
    ({"kind": Kind.MARKET, "amount": D(1), "quote_amount": D(50)}, "give either amount or quote_amount"),
    ({"kind": Kind.LIMIT, "quote_amount": D(50), "price": D(100)}, "only a market order may be sized in quote"),
    ({"kind": Kind.MARKET, "amount": D(1), "post_only": True}, "only a limit order can be post-only"),
    (
        {"kind": Kind.LIMIT, "amount": D(1), "price": D(9), "post_only": True, "time_in_force": TimeInForce.IOC},
        "a post-only order must rest",
    ),
]


@pytest.mark.parametrize(("fields", "text"), SHAPES)
def test_shape(desk: Any, fields: dict[str, Any], text: str) -> None:
    rejected = desk.exchange.place("ann", NewOrder("PAIR", Side.BUY, **fields), 1)
    assert (rejected.reason, rejected.detail) == (Reject.INVALID_ORDER, text)


def test_unknown_symbol(desk: Any) -> None:
    rejected = desk.exchange.place("ann", NewOrder("NONE", Side.BUY, Kind.MARKET, D(1)), 1)
    assert (rejected.reason, rejected.detail) == (Reject.UNKNOWN_SYMBOL, "NONE is not listed")


def test_unknown_account_is_the_callers_mistake(desk: Any) -> None:
    with pytest.raises(KeyError, match="no account 'zoe'; open it with open_account"):
        desk.exchange.place("zoe", NewOrder("NONE", Side.BUY, Kind.MARKET, D(1)), 1)


def test_no_liquidity_needs_an_empty_side(desk: Any) -> None:
    rejected = desk.rejected("ann", "buy 1")
    assert (rejected.reason, rejected.detail) == (Reject.NO_LIQUIDITY, "nobody offers the other side of PAIR")


def test_too_many_open(open_desk: Callable[..., Any]) -> None:
    desk = _open(open_desk)
    for _ in range(2):
        desk.placed("ann", "buy 1 @ 30")
    assert desk.rejected("ann", "buy 1 @ 30").detail == "3 orders are open on PAIR; cancel one first"


ORDER_OF_RULES = [
    # an order that breaks this rule and every later one it can, by the rule that answers
    ("buy 0.15 @ 9.3", "price_out_of_range"),
    ("buy 0.15 @ 100.3", "price_off_tick"),
    ("buy 0.15 @ 100", "size_too_small"),
    ("buy 51.05 @ 220", "size_too_large"),
    ("buy 20.05 @ 220", "size_off_lot"),
    ("buy 20 @ 220", "notional_too_large"),
    ("buy 18 @ 220", "duplicate_client_id"),
]


@pytest.mark.parametrize(("order", "reason"), ORDER_OF_RULES)
def test_the_first_broken_rule_answers(open_desk: Callable[..., Any], order: str, reason: str) -> None:
    desk = _open(open_desk)
    assert desk.rejected("ann", order, client_id="held", post_only=True).reason == reason
    desk.exchange.list_instrument(replace(RULES, status=Status.HALTED), 9)
    assert desk.rejected("ann", order, client_id="held", post_only=True).reason == Reject.HALTED


def test_funds_come_before_crossing(open_desk: Callable[..., Any]) -> None:
    assert _open(open_desk).rejected("ann", "buy 18 @ 220", post_only=True).reason == Reject.INSUFFICIENT_BALANCE


STATUSES = [
    # status, limit, post-only, market
    (Status.TRADING, True, True, True),
    (Status.POST_ONLY, False, True, False),
    (Status.LIMIT_ONLY, True, True, False),
    (Status.CANCEL_ONLY, False, False, False),
    (Status.HALTED, False, False, False),
]


@pytest.mark.parametrize(("status", "limit", "post_only", "market"), STATUSES)
def test_status(open_desk: Callable[..., Any], status: Status, limit: bool, post_only: bool, market: bool) -> None:
    desk = _open(open_desk)
    desk.exchange.list_instrument(replace(RULES, status=status), 9)
    tries = [desk.place("ann", "buy 1 @ 40"), desk.place("ann", "buy 1 @ 40", post_only=True)]
    tries.append(desk.place("ann", "buy 0.1 quote" if not market else "buy 110 quote"))
    assert [isinstance(outcome, Placed) for outcome in tries] == [limit, post_only, market]
    assert all(
        outcome.detail == f"PAIR is {status}; this order is not taken now"
        for outcome in tries
        if not isinstance(outcome, Placed)
    )


CLIENT_IDS = [
    # policy, taken while the first is open, taken after it closed
    (ClientIds.FOREVER, True, True),
    (ClientIds.WHILE_OPEN, True, False),
    (ClientIds.REUSABLE, False, False),
]


@pytest.mark.parametrize(("policy", "open_taken", "closed_taken"), CLIENT_IDS)
def test_client_ids(open_desk: Callable[..., Any], policy: ClientIds, open_taken: bool, closed_taken: bool) -> None:
    desk = open_desk(Policy(client_ids=policy))
    desk.placed("ann", "buy 1 @ 30", client_id="x")
    assert isinstance(desk.place("bob", "buy 1 @ 30", client_id="x"), Placed)
    assert isinstance(desk.place("ann", "buy 1 @ 31", client_id="x"), Placed) is not open_taken
    desk.exchange.cancel_all("ann", 5)
    again = desk.place("ann", "buy 1 @ 32", client_id="x")
    assert isinstance(again, Placed) is not closed_taken
    latest = desk.exchange.order_by_client_id("ann", "x")
    assert latest.price == (D(30) if closed_taken else D(32))


CLOSES = [
    ("buy 1 @ 220", {"post_only": True}, Reject.WOULD_CROSS, "would_cross"),
    ("buy 3 @ 220", {"time_in_force": TimeInForce.FOK}, Reject.FOK_UNFILLABLE, "fok_unfillable"),
    ("sell 1 @ 30", {"self_trade": SelfTrade.REJECT}, Reject.SELF_TRADE, "self_trade"),
]


@pytest.mark.parametrize(("order", "options", "reject", "close"), CLOSES)
def test_a_policy_may_close_instead_of_refusing(
    open_desk: Callable[..., Any], order: str, options: dict[str, Any], reject: Reject, close: str
) -> None:
    strict, lenient = _open(open_desk), _open(open_desk, Policy(closes=frozenset({reject})))
    for desk in (strict, lenient):
        desk.exchange.cancel("bob", 2, 8)
    assert strict.rejected("ann", order, **options).reason == reject
    before = lenient.exchange.balances("ann"), lenient.book()
    closed = lenient.placed("ann", order, **options)
    assert (closed.state, closed.reason, closed.filled, closed.held) == ("expired", close, 0, 0)
    assert (lenient.exchange.balances("ann"), lenient.book()) == before


def test_a_preview_agrees_with_place_and_changes_nothing(open_desk: Callable[..., Any]) -> None:
    desk = _open(open_desk, Policy(closes=frozenset({Reject.WOULD_CROSS})))
    before = desk.exchange.ledger()
    buy = NewOrder("PAIR", Side.BUY, Kind.LIMIT, D(1), D(220))
    assert desk.exchange.preview("ann", buy, 0).id == 0
    assert desk.exchange.preview("ann", replace(buy, post_only=True), 0).id == 0
    assert desk.exchange.preview("ann", replace(buy, amount=D(10)), 0).reason == Reject.INSUFFICIENT_BALANCE
    assert desk.exchange.ledger() == before


WRONG = [
    (lambda: Policy(closes=frozenset({Reject.HALTED})), "policy: closes has halted; allowed are would_cross"),
    (lambda: replace(RULES, tick=D(0)), "instrument PAIR: tick is 0; give a positive number"),
    (lambda: replace(RULES, lot=D("NaN")), "instrument PAIR: lot is NaN; give a positive number"),
    (lambda: replace(RULES, quote="AAA"), "instrument PAIR: base and quote are both AAA; give two assets"),
]


@pytest.mark.parametrize(("build", "text"), WRONG)
def test_wrong_parameters(build: Callable[[], object], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        build()


def test_assets_of_a_symbol_never_change(desk: Any) -> None:
    with pytest.raises(ValueError, match="instrument PAIR trades AAA/QQQ; list other assets as a new symbol"):
        desk.exchange.list_instrument(replace(RULES, quote="ZZZ"), 1)
