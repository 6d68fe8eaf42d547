"""What no call can mean: a pair that is no text, an amount that is no number, a side that is only true. Each public
function says so at once, by name, and nothing is told, tracked or sent."""

import inspect
from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import UsageError
from exconn.market import Clock, Market
from exconn.market.given import decimal_of, shown
from exconn.model import MarketEvent, OrderType, TradeType
from exconn.testing.virtual import World

D = Decimal
PAIR = "BTC-USDT"
LIMIT = OrderType.LIMIT
HUGE = 10**5000  # has no text: Python writes no more than 4300 digits

NO_TEXT: list[Any] = [None, ["BTC-USDT"], {"pair": PAIR}, b"BTC-USDT", 7, True, D("sNaN")]
NO_NUMBER: list[Any] = [["1"], {}, b"1", True, False, "", "1,5", "a lot", object(), TradeType.BUY]
WRONG: dict[str, tuple[str, list[Any]]] = {
    "pair": ("a pair is a text, BASE-QUOTE, not ", NO_TEXT),
    "id": ("a client id is a text, not ", [*NO_TEXT, ""]),
    "asset": ("an asset is a text, not ", NO_TEXT),
    "amount": (" is no number; give prices and amounts as Decimal", [*NO_NUMBER, None]),
    "price": (" is no number; give prices and amounts as Decimal", NO_NUMBER),
    "type": ("order_type is a member of OrderType, not ", [None, "LIMIT", 2, ["LIMIT"], {}, D("sNaN"), TradeType.BUY]),
    "side": ("a side is a member of TradeType, not ", [None, "BUY", 1, True, ["BUY"], LIMIT]),
    "is_buy": ("is_buy is True or False, not ", [None, "sell", TradeType.SELL, 0, 1, []]),
    "seconds": (" is a number of seconds, not ", [None, "5", [5], D(5), float("nan"), HUGE]),
}
ASKED = ("pair", "amount", "type", "price")
CALLS: dict[str, tuple[str, ...]] = {
    "buy": ASKED,
    "sell": ASKED,
    "cancel": ("pair", "id"),
    "execute_buy": ("id", *ASKED),
    "execute_sell": ("id", *ASKED),
    "execute_cancel": ("pair", "id"),
    "place_order": ("id", "pair", "amount", "is_buy", "type", "price"),
    "cancel_all": ("seconds",),
    "get_order": ("id",),
    "did_timeout_tx": ("id",),
    "stop_tracking_order": ("id",),
    "get_order_book": ("pair",),
    "get_price": ("pair", "is_buy"),
    "get_order_price_quantum": ("pair", "price"),
    "get_order_size_quantum": ("pair", "amount"),
    "quantize_order_price": ("pair", "price"),
    "quantize_order_amount": ("pair", "amount", "price"),
    "get_fee": ("asset", "asset", "type", "side", "amount", "price"),
    "get_balance": ("asset",),
    "get_available_balance": ("asset",),
    "tick": ("seconds",),
}
RIGHT: dict[str, Any] = {
    "pair": PAIR,
    "id": "mine",
    "asset": "BTC",
    "amount": D("0.001"),
    "price": D(60000),
    "type": LIMIT,
    "side": TradeType.BUY,
    "is_buy": True,
    "seconds": 5.0,
}


@pytest.mark.parametrize("name", CALLS)
async def test_a_wrong_argument_is_named_and_goes_no_further(virtual_world: World, open_floor: Any, name: str) -> None:
    async with open_floor() as floor:
        call, words = getattr(floor.market, name), CALLS[name]
        floor.told.clear()
        requests = len(floor.world.network.connections), len(floor.ledger()["orders"])
        for at, word in enumerate(words):
            text, values = WRONG[word]
            for value in values:
                given = [RIGHT[each] for each in words]
                given[at] = value
                with pytest.raises(UsageError) as error:
                    answer = call(*given)
                    if inspect.isawaitable(answer):
                        await answer
                assert text in str(error.value), (value, str(error.value))
                assert shown(value) in str(error.value)
        assert floor.told == [] and floor.market.in_flight_orders == {}
        assert requests == (len(floor.world.network.connections), len(floor.ledger()["orders"]))


async def test_what_is_no_order_is_not_tracked(virtual_world: World, open_floor: Any) -> None:
    words = ("id", "pair", "type", "side", "price", "amount")
    async with open_floor() as floor:
        for at, word in enumerate(words):
            for value in WRONG[word][1]:
                given = [RIGHT[each] for each in words]
                given[at] = value
                with pytest.raises(UsageError):
                    floor.market.start_tracking_order(*given)
        assert floor.market.in_flight_orders == {}


def test_other_arguments_that_cannot_be(codec: Any) -> None:
    market = Market(codec, [PAIR, PAIR], {"api_key": "a-key", "secret_key": "a-secret-of-tests"})
    assert market.trading_pairs == [PAIR]
    for pairs in (PAIR, b"BTC-USDT", None, 5):
        with pytest.raises(UsageError, match="trading pairs are a list of texts, each BASE-QUOTE, not "):
            Market(codec, pairs, trading_required=False)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"a pair is a text, BASE-QUOTE, not \['BTC-USDT'\]"):
        Market(codec, [["BTC-USDT"]], trading_required=False)  # type: ignore[list-item]
    with pytest.raises(UsageError, match="an event's tag is a member of MarketEvent or OrderBookEvent, or its number"):
        market.add_listener("OrderFilled", print)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="a listener is called with each event; 5 cannot be called"):
        market.add_listener(MarketEvent.OrderFilled, 5)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="trading rules are read from the exchange's JSON answer, not from <object"):
        market._format_trading_rules(object())  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="timestamp is a number of seconds, not 'now'"):
        market.c_start(Clock(), "now")  # type: ignore[arg-type]


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("buy", (PAIR, D(1), LIMIT, D(1))),
        ("sell", (PAIR, D(1))),
        ("cancel", (PAIR, "mine")),
        ("c_start", (Clock(), 1.0)),
    ],
)
def test_what_works_in_the_background_needs_a_loop(codec: Any, name: str, given: tuple[Any, ...]) -> None:
    market = Market(codec, [PAIR], {"api_key": "a-key", "secret_key": "a-secret-of-tests"})
    with pytest.raises(UsageError, match="a market works in a running event loop: call this from a coroutine"):
        getattr(market, name)(*given)


async def test_values_that_no_order_may_have_are_told_as_failures(virtual_world: World, open_floor: Any) -> None:
    asked: list[tuple[Any, Any, str]] = [
        (D("NaN"), 60000, "amount must be a number, not NaN"),
        (D("sNaN"), 60000, "amount must be a number, not sNaN"),
        (D("Infinity"), 60000, "amount must be a number, not Infinity"),
        (float("inf"), 60000, "amount must be a number, not Infinity"),
        (-1, 60000, "amount -1 is under min_base_amount_increment"),
        (HUGE, 60000, "amount 1.00000E+5000 is larger than any amount"),
        ("0.001", None, "price 0 of a LIMIT order must be above 0"),
        ("0.001", D("NaN"), "price 0 of a LIMIT order must be above 0"),
        ("0.001", D("-Infinity"), "price must be a number, not -Infinity"),
        ("0.001", -1.5, "price -1.5 of a LIMIT order must be above 0"),
    ]
    async with open_floor() as floor:
        for number, (amount, price, text) in enumerate(asked):
            with pytest.raises(UsageError, match=text.replace("+", r"\+")):
                await floor.market.execute_buy(f"o{number}", PAIR, amount, LIMIT, price)
            assert floor.names(f"o{number}") == ["OrderFailure"]
            assert text in floor.events(f"o{number}")[0][1].error_message
        assert floor.market.in_flight_orders == {} and floor.ledger()["orders"] == []


@pytest.mark.parametrize(
    ("value", "number"),
    [(D("0.10"), "0.10"), (7, "7"), (0.1 + 0.2, "0.30000000000000004"), ("1e-3", "0.001"), (10**30, "1" + "0" * 30)],
)
def test_a_number_is_what_its_text_says(value: Any, number: str) -> None:
    assert decimal_of(value) == D(number)


def test_long_values_are_not_shown_whole() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert shown("x" * 5000) == "'" + "x" * 79 + "..."
    assert (shown(HUGE), shown(Broken())) == ("<int>", "<Broken>")
