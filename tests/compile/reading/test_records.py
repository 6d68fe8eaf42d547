"""Every kind of record: its whole report, its defaults, and what a bad row costs."""

from decimal import Decimal

import pytest

from exconn.errors import Unread
from exconn.model import (
    BalanceReport,
    BookChecksum,
    BookSnapshot,
    BookUpdate,
    FeePaid,
    FeeRate,
    FillReport,
    KeyRights,
    LastPrice,
    Liquidity,
    OrderReport,
    OrderState,
    PublicTrade,
    ServerTime,
    TradeType,
    TradingRule,
    Unreadable,
)

D = Decimal

KINDS = """
symbols: {rest: "{base:lower}{quote:lower}", ws: learnt, book: "{quote}_{base}"}
assets: {names: {BTC: [XXBT, XBT]}}
words:
  side: {buy: BID, sell: ASK}
  liquidity: {maker: M, taker: T}
  state: {open: NEW, filled: DONE}
endpoints:
  server_time:
    http: GET /time
    reply: {time: {at: data.now as ms}}
  trading_rules:
    http: GET /rules
    reply:
      rule:
        rows: data
        only: {live: true}
        symbol.ws: name
        base: base
        quote: quote
        price_step: tick
        size_step: lot or none
        size_decimals: dec or none
        min_notional: least or none
  book_snapshot:
    http: GET /book
    reply:
      book:
        rows: data
        last_id: seq
        time: ts as ms
        bids: {rows: b}
        asks: {rows: a, price: p, size: s}
  last_price:
    http: GET /last
    reply: {price: {price: data.last}}
  open_orders:
    http: GET /open
    reply:
      order:
        rows: data
        exchange_order_id: id or none
        client_id: cid or none
        state: st as state
        symbol: s as symbol.rest
        side: sd as side
        price: px or none
        amount: sz
        filled: done
        filled_quote: cost
        average_price: avg or none
        reason: why or none
        time: ts as ms
  fills_since:
    http: GET /fills
    reply:
      fill:
        rows: data
        trade_id: id
        client_id: cid
        price: px
        amount: sz or none
        quote_amount: cost or none
        liquidity: lq as liquidity
        fee: {rows: fees, asset: c, amount: v as negated or none}
  fills_of_order:
    http: GET /fills/of
    reply:
      fill:
        rows: data
        trade_id: id
        exchange_order_id: oid
        price: px
        amount: sz
        fee: {asset: c or none, amount: v or none}
  balances:
    http: GET /balances
    reply:
      balance:
        - {rows: data, only: {t: trade}, asset: c, available: v, held: z or none}
        - {rows: data, only: {t: frozen}, asset: c, available: z or none, held: v}
  fee_rates:
    http: GET /fees
    reply:
      fee_rate: {rows: data, symbol: s as symbol.rest, maker: m, taker: t}
  key_rights:
    http: GET /key
    reply:
      rights: {withdraw: {data.can: {contains: W}}, trade: {data.can: {contains: T}}}
sockets:
  market:
    connect: {host: ws, path: /m}
    frames: json
    silence: 30
    subscribe: [{send: {op: "{verb}"}}]
    messages:
      - match: {ch: book}
        book_update:
          symbol: s as symbol.rest
          first_id: f
          last_id: l
          previous_id: p
          checksum: crc or none
          levels: {rows: d, side: "[2] as side", gone: {"[3]": X}}
      - match: {ch: full}
        book_snapshot:
          levels: {rows: d, size: "[2]", side: "[2] as sign", gone: {"[1]": 0}}
      - match: {ch: sum}
        book_checksum: {symbol: s as symbol.rest, checksum: crc}
      - match: {ch: tape}
        trade: {rows: d, price: p, amount: q as absolute, side: q as sign, trade_id: id, time: /ts as us}
      - match: {ch: last}
        price: {rows: d, symbol: s as symbol.rest, price: p}
"""
MS = 1767225600000
NS = MS * 1_000_000
RULE = {"live": True, "name": "XBT-EUR", "base": "XXBT", "quote": "eur", "tick": "0.1", "lot": "0.001"}


@pytest.mark.parametrize(
    ("operation", "data", "reports"),
    [
        ("server_time", {"now": MS}, [ServerTime(NS)]),
        (
            "trading_rules",
            [
                {**RULE, "least": "5"},
                {**RULE, "live": False},
                {**RULE, "base": "ETH", "name": "ETH-EUR", "dec": 2},
            ],
            [
                TradingRule(
                    trading_pair="BTC-EUR",
                    symbols={"rest": "xxbteur", "ws": "XBT-EUR", "book": "EUR_XXBT"},
                    min_price_increment=D("0.1"),
                    min_base_amount_increment=D("0.001"),
                    min_notional_size=D(5),
                    min_order_value=D(5),
                ),
                TradingRule(
                    trading_pair="ETH-EUR",
                    symbols={"rest": "etheur", "ws": "ETH-EUR", "book": "EUR_ETH"},
                    min_price_increment=D("0.1"),
                    min_base_amount_increment=D("0.01"),
                    size_decimals=2,
                ),
            ],
        ),
        (
            "book_snapshot",
            {"seq": 7, "ts": MS, "b": [["2.5", "1"], ["2", 3]], "a": [{"p": "3", "s": "0.5"}]},
            [BookSnapshot(bids=[(2.5, 1.0), (2.0, 3.0)], asks=[(3.0, 0.5)], last_id=7, time_ns=NS)],
        ),
        ("last_price", {"last": "65000.0"}, [LastPrice(D("65000.0"))]),
        (
            "open_orders",
            [
                {
                    "id": 7,
                    "cid": "a",
                    "st": "NEW",
                    "s": "BTC-USDT",
                    "sd": "BID",
                    "px": "1.50",
                    "sz": "2",
                    "done": "1",
                    "cost": "1.4",
                    "avg": "1.4",
                    "why": "x",
                    "ts": MS,
                },
                {"cid": "b", "st": "DONE", "s": "BTC-USDT", "sd": "ASK", "sz": 2, "done": 2, "cost": 3, "ts": MS},
            ],
            [
                OrderReport(
                    exchange_order_id="7",
                    client_id="a",
                    state=OrderState.OPEN,
                    pair="BTC-USDT",
                    side=TradeType.BUY,
                    price=D("1.50"),
                    amount=D(2),
                    filled=D(1),
                    filled_quote=D("1.4"),
                    average_price=D("1.4"),
                    reason="x",
                    time_ns=NS,
                ),
                OrderReport(
                    client_id="b",
                    state=OrderState.FILLED,
                    pair="BTC-USDT",
                    side=TradeType.SELL,
                    amount=D(2),
                    filled=D(2),
                    filled_quote=D(3),
                    time_ns=NS,
                ),
            ],
        ),
        (
            "fills_since",
            [
                {"id": 1, "cid": "a", "px": "2", "sz": "3", "lq": "M", "fees": [{"c": "XBT", "v": "-0.1"}]},
                {"id": 2, "cid": "a", "px": "2", "cost": "6", "lq": "T", "fees": []},
                {"id": 3, "cid": "a", "px": "2", "cost": "6", "lq": "T"},
                {
                    "id": 4,
                    "cid": "a",
                    "px": "2",
                    "sz": "3",
                    "lq": "M",
                    "fees": [{"c": "XBT", "v": "-0.1"}, {"c": "EUR"}],
                },
            ],
            [
                FillReport(
                    trade_id="1",
                    client_id="a",
                    price=D(2),
                    amount=D(3),
                    liquidity=Liquidity.MAKER,
                    fees=(FeePaid("BTC", D("0.1")),),
                ),
                FillReport(
                    trade_id="2", client_id="a", price=D(2), quote_amount=D(6), liquidity=Liquidity.TAKER, fees=()
                ),
                FillReport(trade_id="3", client_id="a", price=D(2), quote_amount=D(6), liquidity=Liquidity.TAKER),
                FillReport(trade_id="4", client_id="a", price=D(2), amount=D(3), liquidity=Liquidity.MAKER),
            ],
        ),
        (
            "fills_of_order",
            [
                {"id": 1, "oid": 9, "px": "2", "sz": "3", "c": "eur", "v": "0.2"},
                {"id": 2, "oid": 9, "px": "2", "sz": "3", "c": "eur"},
            ],
            [
                FillReport(
                    trade_id="1", exchange_order_id="9", price=D(2), amount=D(3), fees=(FeePaid("EUR", D("0.2")),)
                ),
                FillReport(trade_id="2", exchange_order_id="9", price=D(2), amount=D(3)),
            ],
        ),
        (
            "balances",
            [
                {"t": "trade", "c": "XXBT", "v": "1.0"},
                {"t": "frozen", "c": "XBT", "v": "0.5"},
                {"t": "trade", "c": "EUR", "v": "7"},
                {"t": "frozen", "c": "EUR", "v": "0"},
                {"t": "loan", "c": "EUR", "v": "9"},
            ],
            [BalanceReport("BTC", D("1.5"), D("1.0")), BalanceReport("EUR", D(7), D(7))],
        ),
        (
            "fee_rates",
            [{"s": "BTC-USDT", "m": "-0.0001", "t": "0.001"}],
            [FeeRate(D("-0.0001"), D("0.001"), "BTC-USDT")],
        ),
        ("key_rights", {"can": ["R", "T"]}, [KeyRights(withdraw=False, trade=True)]),
    ],
)
def test_a_reply(reading_of, operation, data, reports):
    assert reading_of(KINDS).reply(operation, {"code": 0, "data": data}).reports == reports


@pytest.mark.parametrize(
    ("frame", "reports"),
    [
        (
            {
                "ch": "book",
                "s": "BTC-USDT",
                "f": 2,
                "l": "3",
                "p": 1,
                "d": [["1.5", "2", "BID"], ["1.6", "9", "ASK", "X"], ["0", "1", "ASK"]],
            },
            [BookUpdate(pair="BTC-USDT", bids=[(1.5, 2.0)], asks=[(1.6, 0.0)], first_id=2, last_id=3, previous_id=1)],
        ),
        (
            {"ch": "full", "d": [[1.5, 2, 0.1], [1.6, 1, -0.2], [1.7, 0, -1]]},
            [BookSnapshot(bids=[(1.5, 0.1)], asks=[(1.6, 0.2), (1.7, 0.0)])],
        ),
        (
            {"ch": "sum", "s": "BTC-USDT", "crc": -12},
            [BookChecksum(-12, "BTC-USDT")],
        ),
        (
            {"ch": "tape", "ts": MS * 1000, "d": [{"p": "2", "q": "-0.5", "id": 4}, {"p": 3, "q": 1, "id": 5}]},
            [
                PublicTrade(price=2.0, amount=0.5, side=TradeType.SELL, trade_id="4", time_ns=NS),
                PublicTrade(price=3.0, amount=1.0, side=TradeType.BUY, trade_id="5", time_ns=NS),
            ],
        ),
        ({"ch": "last", "d": {"s": "BTC-USDT", "p": "3"}}, [LastPrice(D(3), "BTC-USDT")]),
    ],
)
def test_a_message(reading_of, frame, reports):
    assert reading_of(KINDS).frame(frame, "market").reports == reports


@pytest.mark.parametrize(
    ("operation", "data", "where", "why"),
    [
        ("open_orders", [{"st": "NEW"}], "quay.yaml:51 row 1", "symbol: required, but absent, null or empty"),
        (
            "open_orders",
            [{"st": "NEW", "s": "BTC-USDT", "sd": "BID", "sz": 1, "done": 0, "cost": 0, "ts": MS}],
            "quay.yaml:47 row 1",
            "exchange_order_id or client_id: required, but absent, null or empty",
        ),
        (
            "fills_since",
            [{"id": 1, "cid": "a", "px": "2", "lq": "M"}],
            "quay.yaml:64 row 1",
            "amount or quote_amount: ",
        ),
        ("trading_rules", [{**RULE, "tick": "0"}], "quay.yaml:22 row 1", "rule: price_step must be above zero"),
        ("trading_rules", [RULE | {"live": False}, {**RULE, "base": None}], "quay.yaml:25 row 2", "base: required"),
        ("fee_rates", [["x"]], "quay.yaml:91 row 1", "symbol: required, but absent"),
    ],
)
def test_a_bad_row(reading_of, operation, data, where, why):
    (report,) = reading_of(KINDS).reply(operation, {"code": 0, "data": data}).reports
    assert isinstance(report, Unreadable)
    assert report.where == where
    assert report.why.startswith(why)


def test_good_rows_survive_a_bad_one(reading_of):
    amounts = (("A", "1"), ("B", "x"), ("B", "1"), ("C", "3"))
    rows = [{"t": kind, "c": asset, "v": amount} for asset, amount in amounts for kind in ("trade", "frozen")]
    reports = reading_of(KINDS).reply("balances", {"code": 0, "data": rows}).reports
    assert [each.asset for each in reports if isinstance(each, BalanceReport)] == ["A", "C"]
    assert [each.why for each in reports if isinstance(each, Unreadable)] == [
        "available: 'x' is not a number",
        "held: 'x' is not a number",
    ]


@pytest.mark.parametrize(
    ("operation", "data", "text"),
    [
        ("server_time", {}, "quay.yaml:17: at: required, but absent, null or empty"),
        ("server_time", {"now": "soon"}, "quay.yaml:17: at: 'soon' is not a number"),
        ("balances", None, "quay.yaml:86: rows of balance: no rows are there; where"),
        ("open_orders", "none", "quay.yaml:47: rows of order: 'none' is no list of rows"),
        ("book_snapshot", [], "quay.yaml:31: the reply holds no book"),
        ("book_snapshot", {"seq": 1, "ts": MS, "b": [["1", "x"]], "a": []}, "quay.yaml:38 row 1: bids: 'x' is not a"),
        ("book_snapshot", {"seq": 1, "ts": MS, "b": [["1", "-2"]], "a": []}, "quay.yaml:38 row 1: bids: '-2' is neg"),
        ("book_snapshot", {"seq": 1, "ts": MS, "b": []}, "quay.yaml:39 row 1: asks: no rows are there"),
        ("key_rights", {"may": ["W"]}, "quay.yaml:95: withdraw: required, but absent, null or empty"),
        ("last_price", {"last": None}, "quay.yaml:42: price: required"),
    ],
)
def test_a_whole_reply_without_sense(reading_of, operation, data, text):
    with pytest.raises(Unread) as told:
        reading_of(KINDS).reply(operation, {"code": 0, "data": data})
    assert str(told.value).startswith(text)


def test_exact_levels(reading_of):
    text = """
order_book: {start: rest, chain: none, on_gap: resnapshot, levels: exact}
endpoints:
  book_snapshot:
    http: GET /book
    reply: {book: {bids: {rows: b}, asks: {rows: a}}}
"""
    (book,) = reading_of(text).reply("book_snapshot", {"code": 0, "b": [["1.10", "2.0"]], "a": []}).reports
    assert str(book.bids) == "[(Decimal('1.10'), Decimal('2.0'))]"


TOTAL_FIRST = """
endpoints:
  balances:
    http: GET /balances
    reply: {balance: {rows: data, total: sum_, asset: coin}}
"""


def test_a_broken_row_spoils_the_sum_of_its_asset_wherever_the_asset_is_written(reading_of):
    rows = [{"coin": "BTC", "sum_": "1"}, {"coin": "BTC", "sum_": "x"}, {"coin": "ETH", "sum_": "2"}]
    reports = reading_of(TOTAL_FIRST).reply("balances", {"code": 0, "data": rows}).reports
    assert [type(report).__name__ for report in reports] == ["Unreadable", "BalanceReport"]
    assert reports[1].asset == "ETH"
