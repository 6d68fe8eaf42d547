"""Names of the spec become identifiers of the reading units, and never hide what those units stand on."""

import ast
import builtins

import pytest

import exconn.codec
import exconn.model
from exconn.compile.program import write

SPEC = """
words:
  {name}: {{buy: a, sell: b}}
decisions:
  {name}: [{{when: {{a: 1}}, is: open}}]
symbols: {{{name}: learnt}}
endpoints:
  {name}:
    http: GET /x
    lasts: session
    gives: {{{name}: data.x}}
    errors: {{auth: [9]}}
  open_orders:
    http: GET /y
    reply: {{order: {{rows: d, exchange_order_id: id, state: by {name}, side: s as {name}, reason: r as {name}}}}}
  trading_rules:
    http: GET /z
    reply: {{rule: {{rows: d, "symbol.{name}": n, base: b, quote: q, price_step: p, size_step: s}}}}
sockets:
  {name}:
    connect: {{host: ws, path: /u}}
    frames: json
    route: [op]
    silence: 30
    subscribe: [{{send: {{op: "{{verb}}"}}}}]
    errors: {{auth: [9]}}
    control: {{subscribed: {{op: [x, y]}}, error: {{match: {{op: e}}, code: c}}}}
    messages:
      - match: {{op: z, a: 1}}
        price: {{price: p}}
"""


NAMES = ["frame", "number", "read", "error", "order", "holdings", "class", "len", "row", "value"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_the_spec_hides_another(spec_of, name):
    ours = {*exconn.codec.__all__, *exconn.model.__all__, *dir(builtins)}
    program = write(spec_of(SPEC.format(name=name)))
    for unit in program.units:
        if unit.title not in ("readings", "replies", "streams"):
            continue
        for function in ast.walk(program.module(unit)):
            if isinstance(function, ast.FunctionDef | ast.Module):
                stored = {each.id for each in ast.walk(function) if isinstance(each, ast.Name) and _is_stored(each)}
                read = {each.id for each in ast.walk(function) if isinstance(each, ast.Name) and not _is_stored(each)}
                assert not stored & ours & read
        defined = {each.name for each in program.module(unit).body if isinstance(each, ast.FunctionDef)}
        assert defined
        assert not defined & ours
    assert program.load().name == "quay"


def _is_stored(each: ast.Name) -> bool:
    return isinstance(each.ctx, ast.Store)
