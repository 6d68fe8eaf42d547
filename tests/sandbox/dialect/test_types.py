"""Types of readings, value by value: what passes, as what, and what is malformed."""

from decimal import Decimal
from typing import Any

import pytest

from exconn.document import Findings, load
from exconn.sandbox.dialect.declared_types import build_types
from exconn.sandbox.dialect.names import Names
from exconn.sandbox.dialect.objects import build_object
from exconn.sandbox.dialect.place import root
from exconn.sandbox.dialect.types import TypeReader
from exconn.sandbox.dialect.wire import JsonText, Malformed, Number, Unknown
from exconn.sandbox.dialect.words import Words

FILE = b"""
types:
  money: {decimal: {whole: 3, places: 2, positive: true}}
  amount: {decimal: {sent: number}}
  either: {decimal: {sent: either}}
  limit: {integer: {least: 1, most: 500}}
  signed: {integer: {sent: number}}
  ms: {time: {unit: ms}}
  id: {text: {length: [1, 4], alphabet: A-Z0-9_-}}
  ids: {list: {of: id, most: 2, separated: ","}}
  pairs: {list: {of: symbol.rest, json: true}}
  window: {decimal: {most: 60000, places: 3, sent: either}}
  moment: {time: {unit: ms, finer: us, sent: either}}
  ending: {time: {unit: ms, finer: us, sent: either, ends: true}}
  last: {time: {unit: iso, ends: true}}
  form: {choice: [ACK, FULL]}
  length: {choice: {1m: 60, 1h: 3600, any: null}}
  parts: {time: {unit: s, fractions: true, sent: either}}
  start: {any_of: [parts, id]}
  several: {list: {of: id, least: 2, most: 3}}
  stamp: {time: {unit: iso}}
  published: {time: {unit: iso, fractions: true}}
  pair: {object: {reads: [symbol from asset as id, x_class from aclass as text or none], reads_as: symbol}}
"""
BAD = object()


@pytest.fixture(scope="module")
def types() -> TypeReader:
    names = Names({}, {"rest": {"BTC-USD": "btcusd"}}, {"rest": {"btcusd": "BTC-USD"}, "": {"btcusd": "BTC-USD"}}, {})
    words = {"side": Words("side", "side", {}, {"BUY": "buy", 1: "sell"})}
    return build_types(root(load(FILE, "t.yaml"), Findings()), words, names, further={"object": build_object})


VALUES: list[tuple[str, Any, Any]] = [
    ("length", "1m", 60),
    ("length", "any", None),
    ("several", ["A", "B"], ["A", "B"]),
    ("several", ["A"], BAD),
    ("several", ["A", "B", "C", "D"], BAD),
    ("stamp", "1970-01-01T00:00:01.5Z", 1_500_000_000),
    ("published", "1970-01-01T00:00:01.5Z", 1_599_999_999),
    ("published", "1970-01-01T00:00:01Z", 1_000_000_000),
    ("published", "1970-01-01T00:00:01.000000001Z", 1_000_000_001),
    ("pair", {"asset": "A", "aclass": "x"}, "A"),
    ("pair", {"aclass": "x"}, BAD),
    ("parts", "7", 7 * 10**9),
    ("parts", "7.5", 7_599_999_999),
    ("parts", Number("7.000000001"), 7_000_000_001),
    ("parts", "7.", BAD),
    ("parts", ".7", BAD),
    ("parts", "-7.5", BAD),
    ("parts", "7.0000000001", BAD),
    ("ms", "7.5", BAD),
    ("start", "7", 7 * 10**9),
    ("start", "A-1", "A-1"),
    ("start", "abcde", BAD),
    ("start", True, BAD),
    ("money", "1.50", Decimal("1.50")),
    ("money", JsonText("007"), Decimal(7)),
    ("money", "0.00", BAD),
    ("money", "1234", BAD),
    ("money", "1.234", BAD),
    ("money", "1.", BAD),
    ("money", ".5", BAD),
    ("money", "+1", BAD),
    ("money", "1e2", BAD),
    ("money", "NaN", BAD),
    ("money", "1_0", BAD),
    ("money", "１", BAD),
    ("money", "1\n", BAD),
    ("money", "", BAD),
    ("money", Number("1.5"), BAD),
    ("money", None, BAD),
    ("money", True, BAD),
    ("money", ["1"], BAD),
    ("amount", Number("1.5"), Decimal("1.5")),
    ("amount", "1.5", Decimal("1.5")),  # in a query, where all is text
    ("amount", JsonText("1.5"), BAD),
    ("amount", Number("1e2"), BAD),
    ("amount", Number("-1"), BAD),
    ("either", JsonText("1.5"), Decimal("1.5")),
    ("either", Number("1.5"), Decimal("1.5")),
    ("limit", "500", 500),
    ("limit", "0", BAD),
    ("limit", "501", BAD),
    ("limit", "1.0", BAD),
    ("limit", "9" * 30, BAD),
    ("signed", Number("-5"), -5),
    ("signed", Number("5.0"), BAD),
    ("signed", JsonText("5"), BAD),
    ("signed", True, BAD),
    ("ms", "1767225600000", 1767225600000 * 10**6),
    ("ms", "-1", BAD),
    ("moment", "1767225600000", 1767225600000 * 10**6),
    ("moment", Number("1767225600000000"), 1767225600000 * 10**6),
    ("ending", "1767225600000", 1767225600000 * 10**6 + 999_999),
    ("ending", Number("1767225600000001"), 1767225600000001 * 10**3 + 999),
    ("ending", "7.5", BAD),
    ("last", "1970-01-01T00:00:01Z", 1_999_999_999),
    ("last", "1970-01-01T00:00:01.5Z", 1_599_999_999),
    ("window", "60000", Decimal(60000)),
    ("window", Number("0.125"), Decimal("0.125")),
    ("window", "60000.001", BAD),
    ("form", "ACK", "ACK"),
    ("form", "ack", BAD),
    ("form", Number("1"), BAD),
    ("length", "1h", 3600),
    ("length", "60", BAD),
    ("pairs", '["btcusd"]', ["BTC-USD"]),
    ("pairs", ["btcusd"], ["BTC-USD"]),
    ("pairs", '["btcusd"', BAD),
    ("pairs", "btcusd", BAD),
    ("pairs", "[1]", BAD),
    ("id", "A_1-", "A_1-"),
    ("id", "a", BAD),
    ("id", "", BAD),
    ("id", "ABCDE", BAD),
    ("ids", ["A", "B"], ["A", "B"]),
    ("ids", "A,B", ["A", "B"]),
    ("ids", "A,B,C", BAD),
    ("ids", ["a"], BAD),
    ("ids", {"A": 1}, BAD),
    ("side", "BUY", "buy"),
    ("side", Number("1"), "sell"),
    ("side", "1", BAD),
    ("side", "buy", BAD),
    ("side", ["BUY"], BAD),
    ("side", None, BAD),
    ("symbol", "btcusd", "BTC-USD"),
    ("symbol.rest", "BTCUSD", Unknown("BTCUSD")),
    ("symbol.rest", Number("1"), BAD),
    ("flag", True, True),
    ("flag", "false", False),
    ("flag", JsonText("true"), BAD),
    ("flag", "1", BAD),
    ("text", "x", "x"),
    ("text", Number("1"), BAD),
]


@pytest.mark.parametrize(("name", "value", "expected"), VALUES, ids=lambda value: str(value)[:20])
def test_reading(types: TypeReader, name: str, value: Any, expected: Any) -> None:
    kind = types.find(name, root(load(FILE, "t.yaml"), Findings()))
    if expected is BAD:
        with pytest.raises(Malformed):
            kind.read(value)
    else:
        read = kind.read(value)
        assert (read, type(read)) == (expected, type(expected))


KINDS: list[tuple[str, Any, str]] = [
    ("amount", JsonText("1"), "wrong_kind"),
    ("amount", True, "wrong_kind"),
    ("money", Number("1"), "wrong_kind"),
    ("limit", Number("1"), "wrong_kind"),
    ("id", Number("1"), "wrong_kind"),
    ("text", None, "wrong_kind"),
    ("flag", JsonText("true"), "wrong_kind"),
    ("several", JsonText("A"), "wrong_kind"),
    ("flag", "yes", "malformed"),
    ("amount", Number("-1"), "malformed"),
    ("money", "1.234", "too_precise"),
    ("several", ["A"], "malformed"),
]


@pytest.mark.parametrize(("name", "value", "meaning"), KINDS, ids=lambda value: str(value)[:20])
def test_what_is_wrong_with_a_value(types: TypeReader, name: str, value: Any, meaning: str) -> None:
    with pytest.raises(Malformed) as refused:
        types.find(name, root(load(FILE, "t.yaml"), Findings())).read(value)
    assert refused.value.meaning == meaning
