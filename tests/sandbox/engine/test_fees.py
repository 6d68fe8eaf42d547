"""Fees: rates, assets, the token and its fallbacks, rounding; and that every fee arrives at the house."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.engine import (
    FeeAsset,
    FeeSchedule,
    Instrument,
    Kind,
    Liquidity,
    NewOrder,
    Rounding,
    Side,
)
from exconn.sandbox.engine.fees import Deal, charge

D = Decimal

PAIR = Instrument("PAIR", "AAA", "QQQ", tick=D("0.01"), lot=D("0.001"))
MAKER, TAKER = Liquidity.MAKER, Liquidity.TAKER
BUY, SELL = Side.BUY, Side.SELL
RECEIVED = FeeSchedule(D("0.001"), D("0.002"))
QUOTE = FeeSchedule(D("0.001"), D("0.002"), FeeAsset.QUOTE)
TOKEN = FeeSchedule(D("0.001"), D("0.002"), FeeAsset.TOKEN, "TTT", D("0.25"))

# the deal is 3 AAA for 30 QQQ each; a token is worth 4 QQQ and 1 token is available, unless said otherwise
CHARGES = [
    (RECEIVED, BUY, TAKER, "AAA", "0.006"),
    (RECEIVED, BUY, MAKER, "AAA", "0.003"),
    (RECEIVED, SELL, TAKER, "QQQ", "0.18"),
    (QUOTE, BUY, TAKER, "QQQ", "0.18"),
    (QUOTE, SELL, MAKER, "QQQ", "0.09"),
    (TOKEN, BUY, TAKER, "TTT", "0.03375"),
    (TOKEN, SELL, MAKER, "TTT", "0.016875"),
    (FeeSchedule(D("0.2"), D("0.2"), FeeAsset.TOKEN, "TTT"), BUY, TAKER, "AAA", "0.6"),
    (FeeSchedule(D("0.01"), D("0.01"), FeeAsset.TOKEN, "XXX"), SELL, TAKER, "QQQ", "0.9"),
    (FeeSchedule(D("0.01"), D("0.01"), FeeAsset.TOKEN, "AAA", D("0.5")), BUY, TAKER, "AAA", "0.03"),
    (FeeSchedule(D("0.01"), D("0.01"), FeeAsset.TOKEN, "QQQ", D("0.5")), BUY, TAKER, "QQQ", "0.45"),
    (FeeSchedule(), BUY, TAKER, "AAA", "0"),
    (FeeSchedule(D("-0.001"), D("0.002")), SELL, MAKER, "QQQ", "-0.09"),
    (FeeSchedule(D("-0.001"), D("0.002"), FeeAsset.TOKEN, "TTT"), SELL, MAKER, "TTT", "-0.0225"),
]


@pytest.mark.parametrize(("schedule", "side", "liquidity", "asset", "amount"), CHARGES)
def test_charge(schedule: FeeSchedule, side: Side, liquidity: Liquidity, asset: str, amount: str) -> None:
    prices = {("TTT", "QQQ"): D(4)}
    fee = charge(schedule, Deal(PAIR, side, liquidity, D(3), D(90)), lambda *pair: prices.get(pair), lambda _: D(1))
    assert (fee.asset, fee.amount) == (asset, D(amount))


ROUNDINGS = [
    # rounding, digits, fee of 1.2345, fee of -1.2345 (a rebate)
    (Rounding.UP, 3, "1.235", "-1.235"),
    (Rounding.DOWN, 3, "1.234", "-1.234"),
    (Rounding.CEILING, 3, "1.235", "-1.234"),
    (Rounding.FLOOR, 3, "1.234", "-1.235"),
    (Rounding.HALF_UP, 3, "1.235", "-1.235"),
    (Rounding.HALF_EVEN, 3, "1.234", "-1.234"),
    (Rounding.UP, 0, "2", "-2"),
    (Rounding.DOWN, 8, "1.2345", "-1.2345"),
]


@pytest.mark.parametrize(("rounding", "digits", "fee", "rebate"), ROUNDINGS)
def test_rounding(rounding: Rounding, digits: int, fee: str, rebate: str) -> None:
    schedule = FeeSchedule(digits=digits, rounding=rounding)
    assert (schedule.round(D("1.2345"), "AAA"), schedule.round(D("-1.2345"), "AAA")) == (D(fee), D(rebate))


def test_digits_of_single_assets() -> None:
    schedule = FeeSchedule(digits=8, asset_digits={"QQQ": 2})
    assert (schedule.round(D("1.2345"), "QQQ"), schedule.round(D("1.2345"), "AAA")) == (D("1.23"), D("1.2345"))


@pytest.mark.parametrize("schedule", [RECEIVED, QUOTE, FeeSchedule(D("-0.001"), D("0.002"), FeeAsset.QUOTE)])
def test_the_house_gets_what_both_sides_pay(open_desk: Callable[..., Any], schedule: FeeSchedule) -> None:
    desk = open_desk(fees=schedule)
    desk.placed("bob", "sell 2 @ 100")
    desk.placed("ann", "buy 1.5 @ 100")
    (trade,) = desk.exchange.trades("PAIR")
    for asset in ("AAA", "QQQ"):
        paid = sum((fill.fee for fill in (trade.maker, trade.taker) if fill.fee_asset == asset), D(0))
        house = desk.exchange.balances("house").get(asset)
        assert (house.total if house else D(0)) == paid
        assert sum(desk.funds(name, asset)[0] for name in ("ann", "bob", "cy")) + paid == 3000


def test_a_token_fee_uses_the_last_price_and_falls_back(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(fees=FeeSchedule(D(0), D("0.01"), FeeAsset.TOKEN, "TTT", D("0.5"), digits=4))
    exchange = desk.exchange
    exchange.list_instrument(Instrument("TOK", "TTT", "QQQ", tick=D("0.1"), lot=D("0.1")), 0)
    exchange.deposit("bob", "TTT", D(5), 0)
    exchange.deposit("ann", "TTT", D("0.1"), 0)
    desk.placed("bob", "sell 10 @ 100")
    assert desk.placed("ann", "buy 1 @ 100").fills[0].fee_asset == "AAA"  # no price yet
    exchange.place("bob", NewOrder("TOK", SELL, Kind.LIMIT, D(1), D(8)), 5)
    exchange.place("cy", NewOrder("TOK", BUY, Kind.LIMIT, D(1), D(8)), 6)
    paid = desk.placed("ann", "buy 1 @ 100").fills[0]
    assert (paid.fee_asset, paid.fee) == ("TTT", D("0.0625"))
    short = desk.placed("ann", "buy 1 @ 100").fills[0]
    assert (short.fee_asset, short.fee) == ("AAA", D("0.01"))
    assert desk.funds("ann", "TTT") == (D("0.0375"), 0)


def test_a_token_is_priced_from_the_inverse_pair(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(fees=FeeSchedule(D(0), D("0.01"), FeeAsset.TOKEN, "TTT", digits=4))
    desk.exchange.list_instrument(Instrument("INV", "QQQ", "TTT", tick=D("0.1"), lot=D("0.1")), 0)
    for account in ("ann", "bob"):
        desk.exchange.deposit(account, "TTT", D(5), 0)
    desk.exchange.place("bob", NewOrder("INV", SELL, Kind.LIMIT, D(1), D("0.5")), 5)
    desk.exchange.place("ann", NewOrder("INV", BUY, Kind.LIMIT, D(1), D("0.5")), 6)
    desk.placed("bob", "sell 1 @ 100")
    assert desk.placed("ann", "buy 1 @ 100").fills[0].fee == D("0.5")


# MyExchange's rule: the token is MXT, and everything is valued in USDT
EXCHANGE = FeeSchedule(
    D("0.0008"), D("0.0010"), FeeAsset.TOKEN, "MXT", D("0.25"), rounding=Rounding.UP, valued_in="USDT"
)
PRICES = {("BTC", "USDT"): D(65000), ("MXT", "USDT"): D("0.5")}
VALUED = [
    # base, quote, side, liquidity, amount, value, other prices, fee
    ("BTC", "USDT", BUY, TAKER, "0.01", "650.10", {("MXT", "USDT"): D("0.7")}, "0.69653572 MXT"),
    ("BTC", "USDT", BUY, MAKER, "0.04", "2600", {}, "3.12 MXT"),
    ("ETH", "BTC", BUY, TAKER, "1", "0.05", {}, "4.875 MXT"),
    ("ETH", "BTC", SELL, TAKER, "1", "0.05", {}, "4.875 MXT"),
    ("ETH", "BTC", BUY, TAKER, "1", "0.05", {("BTC", "USDT"): None}, "0.001 ETH"),
    ("ETH", "BTC", SELL, TAKER, "1", "0.05", {("MXT", "USDT"): None}, "0.00005 BTC"),
    ("MXT", "USDT", SELL, TAKER, "100", "60", {}, "0.09 MXT"),  # by 0.5, and not by this deal's 0.6
    ("MXT", "USDT", BUY, TAKER, "100", "60", {("MXT", "USDT"): None}, "0.1 MXT"),
    ("MXT", "BTC", BUY, TAKER, "100", "0.002", {}, "0.195 MXT"),
    # a product of 26 decimals over 3: a hair above eight digits still rounds up
    ("X", "USDT", BUY, TAKER, "1", "4.000000000000000000000001", {("MXT", "USDT"): D(3)}, "0.00100001 MXT"),
]


@pytest.mark.parametrize(("base", "quote", "side", "liquidity", "amount", "value", "prices", "expected"), VALUED)
def test_a_token_fee_is_valued_in_one_asset(
    base: str, quote: str, side: Side, liquidity: Liquidity, amount: str, value: str, prices: Any, expected: str
) -> None:
    known = {**PRICES, **prices}
    pair = Instrument(f"{quote}_{base}", base, quote, tick=D("0.00001"), lot=D("0.00001"))
    deal = Deal(pair, side, liquidity, D(amount), D(value))
    fee = charge(EXCHANGE, deal, lambda *pair: known.get(pair), lambda _: D(10))
    assert f"{fee.amount.normalize():f} {fee.asset}" == expected


def test_a_fee_is_judged_before_the_fill_is_credited(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(
        fees=FeeSchedule(D(0), D("0.01"), FeeAsset.TOKEN, "AAA", D("0.5")),
        instrument=Instrument("PAIR", "AAA", "QQQ", tick=D("0.5"), lot=D("0.01")),
    )
    desk.exchange.withdraw("ann", "AAA", D(1000), 1)
    desk.placed("bob", "sell 9 @ 100")
    first = desk.placed("cy", "buy 1 @ 100").fills[0]
    assert (first.fee_asset, first.fee) == ("AAA", D("0.01"))  # no last price yet: of what it received, undiscounted
    (empty,) = desk.placed("ann", "buy 1 @ 100").fills
    assert (empty.fee_asset, empty.fee) == ("AAA", D("0.01"))  # nothing available before the fill: no discount
    (paid,) = desk.placed("ann", "buy 1 @ 100").fills
    assert (paid.fee_asset, paid.fee) == ("AAA", D("0.005"))
    assert desk.funds("ann", "AAA") == (D("1.985"), 0)


def test_an_account_may_have_its_own_schedule(desk: Any) -> None:
    desk.exchange.set_fees(FeeSchedule(D("0.001"), D("0.001")))
    desk.exchange.set_fees(FeeSchedule(D(0), D("0.01")), "ann")
    desk.placed("bob", "sell 1 @ 100")
    desk.placed("ann", "buy 1 @ 100")
    (trade,) = desk.exchange.trades("PAIR")
    assert (trade.maker.fee, trade.taker.fee) == (D("0.1"), D("0.01"))


def test_a_fee_on_top_is_held_and_never_overdraws(open_desk: Callable[..., Any]) -> None:
    schedule = FeeSchedule(D("0.003"), D("0.001"), FeeAsset.QUOTE, digits=0, rounding=Rounding.UP)
    desk = open_desk(fees=schedule, funds="102")
    order = desk.placed("ann", "buy 1 @ 100")
    assert desk.funds("ann", "QQQ") == (102, 101)
    for _ in range(4):
        desk.placed("bob", "sell 0.25 @ 100")
    assert desk.again("ann", order).state == "filled"
    # rounding up asks for 1 at each of four fills; only what is neither spent nor still held can be taken
    assert [fill.fee for fill in desk.exchange.fills("ann")] == [1, 0, 0, 1]
    assert desk.funds("ann", "QQQ") == (0, 0)


WRONG = [
    ({"asset": FeeAsset.TOKEN}, "fees: the asset policy is token, but no token is named; set token"),
    ({"discount": D("1.5")}, "fees: discount is 1.5; give a fraction between 0 and 1"),
]


@pytest.mark.parametrize(("fields", "text"), WRONG)
def test_wrong_schedule(fields: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        FeeSchedule(**fields)


@pytest.mark.parametrize(("maker", "taker", "held"), [("0.001", "0.003", "100.3"), ("0.003", "0.001", "100.3")])
def test_a_fee_on_top_is_held_at_the_worse_rate(
    open_desk: Callable[..., Any], maker: str, taker: str, held: str
) -> None:
    desk = open_desk(fees=FeeSchedule(D(maker), D(taker), FeeAsset.QUOTE))
    desk.placed("ann", "buy 1 @ 100")
    assert desk.funds("ann", "QQQ") == (1000, D(held))


def test_a_dearer_schedule_takes_nothing_more_from_an_order_that_rests(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(fees=FeeSchedule(asset=FeeAsset.QUOTE), funds="100")
    order = desk.placed("ann", "buy 1 @ 100")
    desk.exchange.set_fees(FeeSchedule(D("0.1"), D("0.1"), FeeAsset.QUOTE))
    desk.placed("bob", "sell 0.05 @ 100")
    assert desk.funds("ann", "QQQ") == (95, 95)
    desk.placed("bob", "sell 0.95 @ 100")
    assert desk.again("ann", order).state == "filled"
    assert [fill.fee for fill in desk.exchange.fills("ann")] == [0, 0]
    assert desk.funds("ann", "QQQ") == (0, 0)
