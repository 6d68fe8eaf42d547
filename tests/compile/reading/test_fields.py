"""Every natural type with each `as` it takes: what the wire says, what the report holds, how it is refused."""

from decimal import Decimal

import pytest

from exconn.errors import Unread
from exconn.model import Liquidity, OrderState, TradeType

D = Decimal

FILLS = """
words:
  side: {{buy: BID, sell: ASK}}
  liquidity: {{maker: true, taker: false}}
  reason: {{user: u}}
  open_reason: {{user: u, otherwise: unchanged}}
  states: {{filled: EXEC, open: ACTIVE, match: prefix}}
assets:
  names: {{BTC: [XXBT, XBT]}}
  drop_suffix: [.S]
decisions:
  state:
    - {{when: {{left: {{zero: true}}}}, is: filled}}
    - {{when: {{live: true}}, is: open}}
endpoints:
  open_orders:
    http: GET /orders
    reply:
      order: {{exchange_order_id: id, {order}}}
  fills_since:
    http: GET /fills
    reply:
      fill: {{trade_id: id, price: p, exchange_order_id: id, amount: a, {fill}}}
  fee_rates:
    http: GET /fees
    reply:
      fee_rate: {{{fee_rate}}}
"""
DEFAULT = {
    "order": "state: always open",
    "fill": "side: always buy",
    "fee_rate": "maker: m, taker: t",
}


def spec_text(kind, reading):
    return FILLS.format(**{**DEFAULT, kind: reading})


OPERATIONS = {"order": "open_orders", "fill": "fills_since", "fee_rate": "fee_rates"}
BASE = {"code": 0, "id": "7", "p": "1", "a": "2"}


@pytest.mark.parametrize(
    ("kind", "reading", "wire", "field", "value"),
    [
        ("order", "reason: r", "why not", "reason", "why not"),
        ("order", "reason: r", 17, "reason", "17"),
        ("order", "reason: r or none", None, "reason", None),
        ("order", "reason: r or none", "", "reason", None),
        ("order", "reason: r as reason", "u", "reason", "user"),
        ("order", "reason: r as open_reason", "else", "reason", "else"),
        ("order", "client_id: r as prefixed(t-)", "t-abc", "client_id", "abc"),
        ("order", "client_id: 'r as split_pair(:, 1)'", "a:b", "client_id", "b"),
        ("order", "price: r", "65000.10", "price", D("65000.10")),
        ("order", "price: r", 65000, "price", D("65000")),
        ("order", "amount: r as absolute", "-1.5", "amount", D("1.5")),
        ("order", "amount: r as negated", "-1.5", "amount", D("1.5")),
        ("order", "filled: \"r as decimal_part(' ', 0)\"", "1.5 BTC", "filled", D("1.5")),
        ("order", "time: r as ms", 1767225600000, "time_ns", 1767225600000_000_000),
        ("order", "time: r as s", "1767225600.5", "time_ns", 1767225600_500_000_000),
        ("order", "time: r as us", 1767225600000001, "time_ns", 1767225600000_001_000),
        ("order", "time: r as ns", "1767225600000000001", "time_ns", 1767225600000_000_001),
        ("order", "time: r as iso", "2026-01-01T00:00:00.000001Z", "time_ns", 1767225600000_001_000),
        ("order", "symbol: r as symbol.rest", "BTC-USDT", "pair", "BTC-USDT"),
        ("order", "side: r as side", "ASK", "side", TradeType.SELL),
        ("order", "side: r as sign", "-0.1", "side", TradeType.SELL),
        ("order", "side: always sell", None, "side", TradeType.SELL),
        ("order", "state: r as states", "EXECUTED @ 5", "state", OrderState.FILLED),
        ("order", "state: by state", None, "state", OrderState.OPEN),
        ("order", "state: always canceled", None, "state", OrderState.CANCELED),
        ("fill", "liquidity: r as liquidity", True, "liquidity", Liquidity.MAKER),
        ("fill", "liquidity: r as liquidity", False, "liquidity", Liquidity.TAKER),
        ("fee_rate", "maker: r as percent, taker: t", "0.1", "maker", D("0.001")),
        ("fee_rate", "maker: r as pow10_neg, taker: t", 3, "maker", D("0.001")),
    ],
)
def test_a_field(reading_of, kind, reading, wire, field, value):
    body = {**BASE, "t": "0", "live": True, "left": "1", "r": wire}
    (report,) = reading_of(spec_text(kind, reading)).reply(OPERATIONS[kind], body).reports
    read = getattr(report, field)
    assert (read, str(read)) == (value, str(value))


@pytest.mark.parametrize(
    ("kind", "reading", "wire", "why"),
    [
        ("order", "price: r", None, "price: required, but absent, null or empty"),
        ("order", "price: r", "", "price: required, but absent, null or empty"),
        ("order", "price: r", "NaN", "price: 'NaN' is not a number"),
        ("order", "price: r", "1_000", "price: '1_000' is not a number"),
        ("order", "price: r", True, "price: true is not a number"),
        ("order", "price: r or none", "x", "price: 'x' is not a number"),
        ("order", "reason: r", {"a": 1}, "reason: an object is not a text"),
        ("order", "time: r as ms", "soon", "time: 'soon' is not a number"),
        ("order", "time: r as iso", 5, "time: 5 is not an ISO 8601 moment"),
        ("order", "symbol: r as symbol.rest", "ETH-USDT", "symbol: 'ETH-USDT' is no known symbol.rest"),
        ("order", "side: r as side", "bid", "side: 'bid' is not a word of words.side"),
        ("order", "side: r as sign", "0", "side: zero has no sign to tell a side by"),
        ("order", "state: r as states", "LOST", "state: 'LOST' is not a word of words.states"),
        ("order", "state: by state", None, "state: no row of decisions.state holds"),
        ("order", "reason: r as reason", "x", "reason: 'x' is not a word of words.reason"),
        ("order", "reason: \"join(', ', r)\"", 5, "reason: In function join(), invalid type for value"),
    ],
)
def test_a_field_that_cannot_be_read(reading_of, kind, reading, wire, why):
    with pytest.raises(Unread) as told:
        reading_of(spec_text(kind, reading)).reply(OPERATIONS[kind], {**BASE, "left": "1", "r": wire})
    assert told.value.why.startswith(why)


@pytest.mark.parametrize(
    ("theirs", "ours"), [("XXBT", "BTC"), ("XBT", "BTC"), ("XBT.S", "BTC"), ("eth", "ETH"), ("DOT.S", "DOT")]
)
def test_an_asset(reading_of, theirs, ours):
    reading = reading_of(spec_text("fill", "fee: {asset: c, amount: f}"))
    (fill,) = reading.reply("fills_since", {**BASE, "c": theirs, "f": "0.1"}).reports
    assert fill.fees[0].asset == ours
