"""Templates over records: kinds, suffixes, rows, maps by key, fields that may be left out; words and names."""

import dataclasses
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from exconn.document import Findings, load
from exconn.sandbox.actions.trading import OrdersRow
from exconn.sandbox.dialect.formats import Defaults
from exconn.sandbox.dialect.names import build_names
from exconn.sandbox.dialect.place import root
from exconn.sandbox.dialect.placeholders import Placeholders
from exconn.sandbox.dialect.records import RECORDS
from exconn.sandbox.dialect.scope import Scope
from exconn.sandbox.dialect.templates import Workshop
from exconn.sandbox.dialect.wire import Number
from exconn.sandbox.dialect.words import build_words
from exconn.sandbox.engine import Close, Kind, Order, SelfTrade, Side, State, TimeInForce

FILE = b"""
assets: {rest: {BTC: XXBT, USD: ZUSD}, ws: {BTC: XBT}}
symbols: {rest: "{base.rest}{quote.rest}", ws: "{base.ws}/{quote.ws}", low: "{base:lower}-{quote:lower}"}
instruments:
  - {base: BTC, quote: USD}
  - {base: ADA, quote: USD, names: {rest: ADAUSD}}
words:
  side: {buy: [BUY, B], sell: [SELL, S]}
  letter: {of: side, buy: b, sell: s}
  type: {LIMIT: limit, LIMIT_MAKER: limit, MARKET: market}
  state: {open: 1, otherwise: 0}
  reason: {requested: user, otherwise: null}
  flag: {"true": "Y", "false": "N"}
"""
ORDER = Order(
    7, "c7", "a", "BTC-USD", Side.BUY, Kind.LIMIT, TimeInForce.GTC, True, SelfTrade.NONE,
    Decimal("65000.00"), Decimal("1E+2"), None, "USD", 1_700_000_000_123_456_789, 1_700_000_001_000_000_000,
)  # fmt: skip
CLOSED = replace(ORDER, id=8, state=State.CANCELLED, reason=Close.REQUESTED, filled=Decimal("0.50"))


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    place = root(load(FILE, "t.yaml"), Findings())
    made = Workshop(Placeholders(build_names(place), build_words(place), Defaults(), frozenset({"id", "a.b"})), {})
    place.findings.raise_errors()
    return made


def render(workshop: Workshop, template: str, row: Any, record: str = "order", **scope: Any) -> Any:
    place = root(load(template.encode(), "x.yaml"), Findings())
    made = workshop.render(place, RECORDS[record])
    place.findings.raise_errors()
    return msgspec.json.encode(made(row, Scope(5_000_000, **scope))).decode()


CASES = [
    ('"{exchange_order_id}"', '"7"'),
    ('"{exchange_order_id:number}"', "7"),
    ('"id-{exchange_order_id}-{client_id}"', '"id-7-c7"'),
    ('"{price}"', '"65000"'),
    ('"{price:as_is}"', '"65000.00"'),
    ('{formats: {digits: 1}, give: "{price}"}', '"65000.0"'),
    ('{formats: {digits: 3, time: s}, give: {a: "{quote_amount:zero}"}}', '{"a":"0.000"}'),
    ('{formats: {time: s}, give: "{created}"}', "1700000000"),
    ('[{formats: {money: number}, give: "{price}"}, "{price}"]', '[65000,"65000"]'),
    ('"{price:number}"', "65000"),
    ('"{amount}"', '"100"'),
    ('"{quote_amount}"', "null"),
    ('"{quote_amount:zero}"', '"0"'),
    ('"{{{client_id}}}"', '"{c7}"'),
    ('"{{1,2}}"', '"{1,2}"'),
    ('{either: [{only: {side: sell}, give: 1}, {only: {side: buy}, give: 2}, 3]}', "2"),
    ('{either: [{only: {side: sell}, give: 1}, 3]}', "3"),
    ('{a: {either: [{only: {side: sell}, give: 1}]}, b: 1}', '{"b":1}'),
    ('{only: {sent.id: {present: false}}, give: 1}', "1"),
    ('"at {price:as_is} of {quote_amount}"', '"at 65000.00 of "'),
    ('"{created}"', "1700000000123"),
    ('"{created:us}"', "1700000000123456"),
    ('"{created:ns}"', "1700000000123456789"),
    ('"{created:s}"', "1700000000"),
    ('"{created:s_text}"', '"1700000000"'),
    ('"{created:iso}"', '"2023-11-14T22:13:20.123456Z"'),
    ('"{now}"', "5"),
    ('"{side}"', '"BUY"'),
    ('"{side:letter}"', '"b"'),
    ('"{state}"', "1"),
    ('"{reason}"', "null"),
    ('"{is_open}"', "true"),
    ('"{is_open:flag}"', '"Y"'),
    ('"{symbol.rest}"', '"XXBTZUSD"'),
    ('"{symbol.ws}"', '"XBT/USD"'),
    ('"{symbol.low}"', '"btc-usd"'),
    ('"{symbol.low:upper}"', '"BTC-USD"'),
    ('"{base}"', '"BTC"'),
    ('"{base.rest:lower}"', '"xxbt"'),
    ("[1, x, null, true, {a: {b: []}}]", '[1,"x",null,true,{"a":{"b":[]}}]'),
    ('{a: {only: {side: buy}, give: 1}, b: {only: {side: [sell]}, give: 2}}', '{"a":1}'),
    ('[{only: {quote_amount: {present: true}}, give: 1}, {only: {filled: {zero: true}}, give: 2}]', "[2]"),
    ('{only: {client_id: {starts: c}, state: {not: filled}}, give: "{side}"}', '"BUY"'),
    ('{only: {client_id: {contains: c}}, give: "{side}"}', '"BUY"'),
    ('{a: {only: {client_id: {contains: "/"}}, give: "{side}"}}', "{}"),
]  # fmt: skip


@pytest.mark.parametrize(("template", "expected"), CASES)
def test_a_template_over_an_order(workshop: Workshop, template: str, expected: str) -> None:
    assert render(workshop, template, ORDER) == expected


def test_rows_and_maps(workshop: Workshop) -> None:
    row = OrdersRow([ORDER, CLOSED])
    assert render(workshop, '{each: orders, give: "{exchange_order_id}"}', row, "orders") == '["7","8"]'
    by_id = '{each: orders, key: "{exchange_order_id}", give: {why: "{reason}", done: "{filled}"}}'
    expected = '{"7":{"why":null,"done":"0"},"8":{"why":"user","done":"0.5"}}'
    assert render(workshop, by_id, row, "orders") == expected


def test_the_only_row(workshop: Workshop) -> None:
    template = '{sole: orders, give: "{client_id}"}'
    assert render(workshop, template, OrdersRow([ORDER]), "orders") == '"c7"'
    assert render(workshop, template, OrdersRow([]), "orders") == "null"


FIXED = [
    ("65000.00", 8, '"65000.00000000"'),
    ("1E+2", 2, '"100.00"'),
    ("0.123456789", 8, '"0.12345678"'),
    ("5", 0, '"5"'),
]


@pytest.mark.parametrize(("price", "digits", "written"), FIXED)
def test_a_count_of_digits(workshop: Workshop, price: str, digits: int, written: str) -> None:
    fixed = workshop.under(dataclasses.replace(workshop.placeholders.defaults, digits=digits))
    assert render(fixed, '"{price}"', replace(ORDER, price=Decimal(price))) == written


SENT = [("{above: 100}", "101", True), ("{above: 100}", "100", False), ("{above: 100}", "x", False), ('"5"', "5", True)]


@pytest.mark.parametrize(("match", "sent", "holds"), SENT)
def test_matches_over_what_was_sent(workshop: Workshop, match: str, sent: str, holds: bool) -> None:
    template = f"{{either: [{{only: {{sent.id: {match}}}, give: true}}, false]}}"
    assert render(workshop, template, ORDER, sent={"id": sent}) == str(holds).lower()


def test_habits_of_writing(workshop: Workshop) -> None:
    other = workshop.under(Defaults(money="number", digits="as_is", time="iso", id="number"))
    template = '["{price}", "{price:text}", "{exchange_order_id}", "{updated}", "{client_id}"]'
    assert render(other, template, ORDER) == '[65000.00,"65000.00",7,"2023-11-14T22:13:21.000000Z","c7"]'


def test_what_was_sent_comes_back_as_it_came(workshop: Workshop) -> None:
    sent = {"id": Number("1.50"), "a.b": {"x": [Number("7"), "y", None]}}
    assert render(workshop, '["{sent.id}", "{sent.a.b}"]', ORDER, sent=sent) == '[1.50,{"x":[7,"y",null]}]'
    assert render(workshop, '"<{sent.id}>"', ORDER, sent={"id": "x" * 99}) == f'"<{"x" * 64}>"'
    assert render(workshop, '"{sent.id}"', ORDER, sent={}) == "null"


def test_names_are_read_in_every_form_and_exceptions_hold(workshop: Workshop) -> None:
    names = workshop.placeholders.names
    assert names.symbols["rest"] == {"BTC-USD": "XXBTZUSD", "ADA-USD": "ADAUSD"}
    assert names.read_symbols["ws"] == {"XBT/USD": "BTC-USD", "ADA/USD": "ADA-USD"}
    assert names.read_symbols[""]["ada-usd"] == "ADA-USD"
    assert workshop.placeholders.words["side"].read == {"BUY": "buy", "B": "buy", "SELL": "sell", "S": "sell"}
    assert workshop.placeholders.words["type"].read == {"market": "MARKET"}
