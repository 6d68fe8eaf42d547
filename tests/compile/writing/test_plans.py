"""Plans: what is kept for a pair, that nothing else is, and that what cannot be made is not kept."""

import ast
from collections.abc import Callable
from typing import Any

import pytest

from exconn.compile.emit import Unit
from exconn.compile.plans import planned
from exconn.document import Span
from exconn.errors import UsageError
from exconn.model import OrderType, TradeType

BenchOf = Callable[..., Any]

SPLIT = [
    (  # neighbours are joined, constants with them, and the order stays
        "s = symbol_text(context.symbols, 'rest', arguments.pair)\n"
        "q = ''.join(('a=', fresh.time_ns, '&s=', percent(s), '&b=', needed(arguments.client_id)))\n"
        "return q",
        "s = symbol_text(context.symbols, 'rest', arguments.pair)\n"
        "kept_1 = '&s=' + percent(s) + '&b='\n"
        "return (kept_1,)",
        "(kept_1,) = context.plans.find((plan_x, arguments.pair)) or "
        "context.plans.keep((plan_x, arguments.pair), plan_x(arguments, context))\n"
        "q = ''.join(('a=', fresh.time_ns, kept_1, needed(arguments.client_id)))\n"
        "return q",
    ),
    (  # what is of no pair is kept once for all; a text of constants and moments stays whole
        "k = context.keys.text('key')\n"
        "t = 'n' + str(fresh.nonce) + 'm'\n"
        "return Request(t, (('K', header_text(k)), ('T', t)))",
        "k = context.keys.text('key')\nkept_1 = ('K', header_text(k))\nreturn (kept_1,)",
        "(kept_1,) = context.plans.find((plan_x, '')) or context.plans.keep((plan_x, ''), plan_x(arguments, context))\n"
        "t = 'n' + str(fresh.nonce) + 'm'\nreturn Request(t, (kept_1, ('T', t)))",
    ),
    (  # a variable that is bound twice, or that only a branch needs, stays; what a branch names is told
        "k = context.keys.text('key')\nq = 'k=' + k\n"
        "if arguments.cursor is not None:\n    c = percent(k)\n    q += c\nreturn q",
        "k = context.keys.text('key')\nkept_1 = 'k=' + k\nreturn (k, kept_1)",
        "k, kept_1 = context.plans.find((plan_x, '')) or context.plans.keep((plan_x, ''), plan_x(arguments, context))\n"
        "q = kept_1\nif arguments.cursor is not None:\n    c = percent(k)\n    q += c\nreturn q",
    ),
]
LEFT = [
    "return Request(context.hosts['rest'], given_text(context.given, 'token'))",
    "s = sign_rest(context.keys, 'constant')\nreturn s",
    "m = fresh.time_ns + 5000\nreturn Request('ab', m, ('A', 'b'))",
    "return base_text({'A': 'B'}, arguments.pair) if arguments.cursor else ''",
]


def _split(text: str) -> tuple[list[str], list[ast.stmt]]:
    unit = Unit("requests")
    rest = planned("x", _body(text), unit, Span("", 1, 1))
    functions = [each for each in unit.body if isinstance(each, ast.FunctionDef)]
    return ["\n".join(map(ast.unparse, each.body)) for each in functions], rest


def _body(text: str) -> list[ast.stmt]:
    [function] = ast.parse("def f():\n" + "\n".join(f"    {line}" for line in text.split("\n"))).body
    assert isinstance(function, ast.FunctionDef)
    return function.body


@pytest.mark.parametrize(("text", "plan", "rest"), SPLIT)
def test_what_is_standing_goes_into_the_plan(text: str, plan: str, rest: str) -> None:
    plans, left = _split(text)
    assert plans == [plan]
    assert "\n".join(map(ast.unparse, left)) == "\n".join(map(ast.unparse, _body(rest)))


@pytest.mark.parametrize("text", LEFT)
def test_what_may_change_stays(text: str) -> None:
    plans, left = _split(text)
    assert plans == []
    assert [ast.unparse(each) for each in left] == [ast.unparse(each) for each in _body(text)]


SPEC = """
credentials: {api_key: {secret: false}, secret: {secret: true}}
symbols: {rest: learnt}
words: {side: {buy: BUY, sell: SELL}}
signing:
  rest:
    values: {s: {hmac_sha256: "{query}", key: secret, as: hex}}
    after: {headers: {Key: "{api_key}"}, query: {sign: "{s}"}}
endpoints:
  place_order:
    http: POST /order
    signed: rest
    query: {symbol: "{symbol.rest}", side: "{side}", id: "{client_id}"}
    types: {LIMIT: {query: {price: "{price}"}}}
    reply: {order: {exchange_order_id: id}}
  cancel_order:
    http: DELETE /order
    signed: rest
    query: {symbol: "{symbol.rest}", id: "{client_id}"}
    reply: {order: {exchange_order_id: id}}
"""


def test_pairs_and_operations_have_plans_of_their_own(bench_of: BenchOf) -> None:
    bench = bench_of(SPEC, {"api_key": "key-1", "secret": "s"})
    for _ in range(2):
        for pair, symbol in (("BTC-USDT", "btc%2Fusdt"), ("ETH-USDT", "eth%2Fusdt")):
            placing = bench.order(OrderType.LIMIT, TradeType.SELL, pair=pair)
            canceling = bench.build("cancel_order", pair=pair)
            assert placing.target.startswith(f"/order?symbol={symbol}&side=SELL&id=mine-1&price=65000.00&sign=")
            assert canceling.target.startswith(f"/order?symbol={symbol}&id=mine-1&sign=")
            assert placing.headers == canceling.headers == (("Key", "key-1"),)
    assert repr(bench.context.plans) == "<Plans, 4 kept>"


def test_what_cannot_be_made_is_asked_for_again(bench_of: BenchOf) -> None:
    bench = bench_of(SPEC, {"api_key": "key-1", "secret": "s"})
    for _ in range(2):
        with pytest.raises(UsageError, match=r"unknown trading pair 'NO-PAIR'"):
            bench.build("cancel_order", pair="NO-PAIR")
    assert repr(bench.context.plans) == "<Plans, 0 kept>"
