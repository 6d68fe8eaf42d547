"""From a trader's words to the order that is sent: rounding, rules, quote amounts, the user's own limits."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.codec import (
    Arguments,
    ClientIdRule,
    Codec,
    Context,
    Endpoint,
    Facts,
    Fresh,
    Keyring,
    Reply,
    Request,
    Sees,
    Symbols,
)
from exconn.errors import ExconnError, RuleBroken, UsageError
from exconn.market import MarketSettings, OrderBook, PriceRounding, Surroundings
from exconn.market.freshness import MarketTime
from exconn.market.intents import Intents
from exconn.market.probing import Needs
from exconn.market.rules import TradingRules
from exconn.model import BookSnapshot, OrderType, TradeType, TradingRule, s_decimal_0, s_decimal_nan

D = Decimal
BUY, SELL = TradeType.BUY, TradeType.SELL
LIMIT, MAKER, MARKET = OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.MARKET
RULE = TradingRule(
    trading_pair="A-Q",
    min_order_size=D("0.1"),
    max_order_size=D(100),
    min_price_increment=D("0.05"),
    min_base_amount_increment=D("0.01"),
    min_quote_amount_increment=D("0.001"),
    min_notional_size=D(5),
)


def build(arguments: Arguments, fresh: Fresh, context: Context) -> Request:
    """An exchange that wants quote for a market buy, base for all else."""
    wants_quote = arguments.order_type is MARKET and arguments.side is BUY
    if (arguments.quote_amount if wants_quote else arguments.amount) is None:
        raise UsageError("this order needs another amount")
    return Request("POST", "https://x.example", "/")


def intents(client_id: ClientIdRule | None = None, **settings: Any) -> Intents:
    endpoint = Endpoint(
        operation="place_order", method="POST", path="/", build=build, read=lambda *_: Reply([]), kinds=("fill",)
    )
    offers = tuple((kind, side) for kind in (LIMIT, MARKET) for side in (BUY, SELL))
    facts = Facts(
        name="x",
        docs="",
        hosts={"main": {}},
        offers=offers,
        client_id=client_id,
        sees={"order_by_client_id": Sees(2.0), "open": Sees(0.5)},
    )
    codec = Codec(facts=facts, endpoints={"place_order": endpoint}, sockets={})
    rules = TradingRules(Symbols(), lambda: ())
    rules.load([RULE, replace(RULE, trading_pair="B-Q"), replace(RULE, trading_pair="C-Q", is_open=False)])
    book = OrderBook()
    book.apply_snapshot(BookSnapshot(bids=[(99.0, 1.0)], asks=[(101.0, 1.0)], last_id=1))
    surroundings = Surroundings(lambda: 5_000_000_000, lambda: 0.0, None, lambda: "")  # type: ignore[arg-type]
    needs = Needs(codec, Context(Keyring((), {}), {}, Symbols(), {}))
    return Intents(codec, rules, {"A-Q": book}, needs, MarketTime(surroundings), MarketSettings(**settings))


# asked -> (amount, quote_amount, price) as sent
MADE = [
    (("A-Q", BUY, "1.239", LIMIT, "99.99"), ("1.23", None, "99.95")),
    (("A-Q", SELL, "500", LIMIT, "99.95"), ("100.00", None, "99.95")),
    (("A-Q", SELL, "1", MARKET, "NaN"), ("1.00", None, "0")),
    (("A-Q", BUY, "1", MARKET, "0"), ("1.00", "102.010", "0")),
]


@pytest.mark.parametrize(("asked", "sent"), MADE)
def test_orders_as_they_are_sent(asked: Any, sent: Any) -> None:
    pair, side, amount, order_type, price = asked
    order = intents().make("id", pair, side, D(amount), order_type, D(price))
    assert (order.amount, order.quote_amount, order.price) == tuple(each and D(each) for each in sent)
    assert (order.created_ns, order.sees_ns, order.tells_trades) == (5_000_000_000, 2_000_000_000, True)


def test_prices_may_be_rounded_half_to_even() -> None:
    made = intents(price_rounding=PriceRounding.HALF_EVEN).make("id", "A-Q", BUY, D(1), LIMIT, D("99.99"))
    assert made.price == 100


def test_a_new_rule_is_in_force_at_once() -> None:
    made = intents()
    assert made.make("id", "A-Q", BUY, D("1.239"), LIMIT, D(100)).amount == D("1.23")
    made._rules.rules["A-Q"] = replace(RULE, min_base_amount_increment=D("0.1"))
    assert made.make("id", "A-Q", BUY, D("1.239"), LIMIT, D(100)).amount == D("1.2")


REFUSED: list[tuple[Any, type[ExconnError], str]] = [
    (("X-Q", BUY, "1", LIMIT, "100"), UsageError, "'X-Q' is not traded here"),
    (("A-Q", BUY, "1", MAKER, "100"), UsageError, "this exchange takes no LIMIT_MAKER BUY orders"),
    (("A-Q", BUY, "NaN", LIMIT, "100"), UsageError, "amount must be a number, not NaN"),
    (("A-Q", BUY, "1", LIMIT, "Infinity"), UsageError, "price must be a number, not Infinity"),
    (("A-Q", BUY, "1E+999999", LIMIT, "100"), UsageError, "amount 1E+999999 is larger than any amount"),
    (("A-Q", BUY, "1", LIMIT, "1E+999999"), UsageError, "1E+999999 is larger than any price or amount"),
    (("A-Q", BUY, "0.099", LIMIT, "100"), RuleBroken, "amount 0.099 is under min_order_size 0.1 of A-Q"),
    (("A-Q", BUY, "1", LIMIT, "0.01"), RuleBroken, "must be above 0"),
    (("A-Q", BUY, "0.1", LIMIT, "40"), RuleBroken, "is under min_notional_size 5 of A-Q"),
    (("C-Q", SELL, "1", LIMIT, "100"), RuleBroken, "C-Q is halted: the exchange takes no orders on it at present"),
    (("B-Q", BUY, "1", MARKET, "0"), UsageError, "a market order in quote needs the live book of B-Q"),
]


def test_an_id_that_the_exchange_would_not_take_is_not_sent() -> None:
    made = intents(ClientIdRule(length=4, alphabet="abc"))
    assert made.make("abcc", "A-Q", BUY, D(1), LIMIT, D(100)).client_id == "abcc"
    with pytest.raises(UsageError, match="client id 'abccc' has more than 4 characters"):
        made.make("abccc", "A-Q", BUY, D(1), LIMIT, D(100))


def test_a_market_order_knows_what_it_may_pay() -> None:
    made = [intents().make("id", "A-Q", side, D(1), MARKET, D(0)).reckoned_price for side in (BUY, SELL)]
    assert made == [D("102.01"), D("99.99")]
    assert intents().make("id", "A-Q", BUY, D(1), LIMIT, D(100)).reckoned_price is None
    assert intents().make("id", "B-Q", SELL, D(1), MARKET, D(0)).reckoned_price is None


@pytest.mark.parametrize(("asked", "kind", "message"), REFUSED)
def test_orders_that_are_not_sent(asked: Any, kind: type[ExconnError], message: str) -> None:
    pair, side, amount, order_type, price = asked
    with pytest.raises(kind) as caught:
        intents().make("id", pair, side, D(amount), order_type, D(price))
    assert message in str(caught.value)


SANITY: list[tuple[dict[str, Any], Any, str | None]] = [
    ({"price_collar": D("0.05")}, ("A-Q", BUY, "1", LIMIT, "106"), None),
    ({"price_collar": D("0.05")}, ("A-Q", BUY, "1", LIMIT, "106.10"), "outside the market's collar of 0.05 around 101"),
    ({"price_collar": D("0.05")}, ("A-Q", SELL, "1", LIMIT, "94"), "outside the market's collar of 0.05 around 99"),
    ({"price_collar": D("0.05")}, ("A-Q", SELL, "1", LIMIT, "200"), None),
    ({"max_order_notional": D(500)}, ("A-Q", BUY, "5", LIMIT, "100"), None),
    ({"max_order_notional": D(500)}, ("A-Q", BUY, "5", LIMIT, "100.05"), "is over the market's max_order_notional 500"),
    ({"max_order_notional": D(506)}, ("A-Q", BUY, "5", MARKET, "0"), "notional 510.05"),
    ({"max_order_notional": D(496)}, ("A-Q", SELL, "5", MARKET, "0"), None),
    ({"max_order_notional": D(500)}, ("B-Q", SELL, "5", MARKET, "0"), "cannot be told without a live book"),
]


@pytest.mark.parametrize(("settings", "asked", "message"), SANITY)
def test_the_users_own_limits(settings: dict[str, Any], asked: Any, message: str | None) -> None:
    pair, side, amount, order_type, price = asked
    make = intents(**settings).make
    if message is None:
        make("id", pair, side, D(amount), order_type, D(price))
        return
    with pytest.raises(RuleBroken) as caught:
        make("id", pair, side, D(amount), order_type, D(price))
    assert message in str(caught.value)


def test_the_limit_of_a_minute_counts_what_was_sent() -> None:
    made = intents(max_notional_per_minute=D(250))
    for _ in range(2):
        made.make("id", "A-Q", BUY, D(1), LIMIT, D(100))
    with pytest.raises(RuleBroken, match=r"300(\.0*)? in a minute is over max_notional_per_minute 250"):
        made.make("id", "A-Q", BUY, D(1), LIMIT, D(100))
    made.make("id", "A-Q", BUY, D("0.5"), LIMIT, D(100))


def test_a_price_of_nothing_is_no_price() -> None:
    assert intents().make("id", "A-Q", SELL, D(1), MARKET, s_decimal_nan).price == s_decimal_0


@pytest.mark.parametrize(("unique", "comes_again"), [("forever", False), ("while_open", True), ("never", True)])
def test_where_an_id_may_come_again_the_order_knows(unique: str, comes_again: bool) -> None:
    order = intents(ClientIdRule(unique=unique)).make("id", "A-Q", BUY, D(1), LIMIT, D(99))
    assert order.id_comes_again is comes_again
