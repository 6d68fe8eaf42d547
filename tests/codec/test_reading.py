"""Rows: what counts as rows, what one bad row costs, how a place is told."""

import pytest

from exconn.codec import Context, Keyring, Symbols
from exconn.codec.numbers import BadValue
from exconn.codec.reading import absent, pair_of, read_rows, rows_of, unread, unreadable
from exconn.errors import Unread
from exconn.model import ServerTime, TradingRule, Unreadable


def context() -> Context:
    symbols = Symbols(("rest",))
    symbols.learn([TradingRule(trading_pair="BTC-USDT", symbols={"rest": "USDT_BTC"})])
    return Context(Keyring((), {}), {}, symbols, {})


@pytest.mark.parametrize(
    ("found", "optional", "rows"),
    [([1, 2], False, [1, 2]), ([], False, []), ({"a": 1}, False, [{"a": 1}]), (None, True, []), ("", True, [])],
)
def test_rows(found, optional, rows):
    assert rows_of(found, optional) == rows


@pytest.mark.parametrize(
    ("found", "optional", "why"),
    [
        (None, False, "no rows are there; where the exchange leaves an empty list out, read them as PATH || `[]`"),
        ("", False, "no rows are there; where the exchange leaves an empty list out, read them as PATH || `[]`"),
        ("text", True, "'text' is no list of rows"),
        (7, False, "7 is no list of rows"),
        (False, True, "false is no list of rows"),
    ],
)
def test_what_are_no_rows(found, optional, why):
    with pytest.raises(BadValue) as told:
        rows_of(found, optional)
    assert told.value.why == why


def test_one_bad_row_costs_only_itself():
    def read(row, message, context):
        if row == "bad":
            raise Unread("x.yaml:7", "time: no time")
        return ServerTime(row) if row else None

    reports = []
    read_rows([1, "bad", 0, 4], read, {}, context(), reports)
    assert reports == [ServerTime(1), Unreadable("x.yaml:7 row 2", "time: no time"), ServerTime(4)]


def test_a_known_symbol():
    assert pair_of(context(), "rest", "USDT_BTC") == "BTC-USDT"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("BTC_USDT", "'BTC_USDT' is no known symbol.rest"),
        (None, "null is no known symbol.rest"),
        ([], "an array"),
    ],
)
def test_an_unknown_symbol(value, why):
    with pytest.raises(BadValue, match=why):
        pair_of(context(), "rest", value)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (BadValue("no number"), "x.yaml:7: price: no number"),
        (RecursionError("maximum recursion depth"), "x.yaml:7: price: the value is nested too deep"),
    ],
)
def test_a_place_is_told_with_its_field(fault, text):
    assert str(unread("x.yaml:7: price", fault)) == text
    assert unreadable("x.yaml:7: price", fault) == Unreadable("x.yaml:7", text.removeprefix("x.yaml:7: "))


def test_a_fault_that_knows_its_place_keeps_it():
    assert unreadable("x.yaml:1: order", Unread("x.yaml:9", "side: bad")) == Unreadable("x.yaml:9", "side: bad")


def test_absent_says_so():
    with pytest.raises(BadValue, match=r"^required, but absent, null or empty$"):
        absent()


def test_a_symbol_may_be_a_number():
    symbols = Symbols(("rest",))
    symbols.learn([TradingRule(trading_pair="BTC-USDT", symbols={"rest": "1001"})])
    numbered = Context(Keyring((), {}), {}, symbols, {})
    assert pair_of(numbered, "rest", 1001) == pair_of(numbered, "rest", "1001") == "BTC-USDT"
    with pytest.raises(BadValue, match="true is no known symbol"):
        pair_of(numbered, "rest", True)
