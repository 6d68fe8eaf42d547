"""Levels of a book as functions (rows found, message) -> levels, one loop each.

Rules: price and size are public numbers (floats, or exact where the book says so); a level of price 0 only moves the
ids and is left out; a row that is `gone` has size 0; where the side is told by a sign, the size is taken without it.
One bad level makes the whole book unreadable.
"""

import ast

from exconn.compile.access import Access
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.matches import match_test, path_value
from exconn.compile.statements import assign, choose, compare, does, each, empty_list, is_missing, items, returns, when
from exconn.compile.values import Values
from exconn.spec.pieces import Levels, Path, Reading


def emit_side(stem: str, levels: Levels, values: Values, exact: bool, access: Access) -> str:
    """The function that gives the levels of one side; `access`: what a row and the message are."""
    unit = values.unit
    row = items(name("price"), _number(levels.size, unit, exact, access))
    body = [at(_append(name("levels"), row), levels.size.span)]
    return unit.function(
        stem,
        ("found", "message"),
        [assign("levels", empty_list()), _loop(levels, [], body, unit, exact, access), returns(name("levels"))],
        levels.span,
    )


def emit_both_sides(stem: str, levels: Levels, side: Reading, values: Values, exact: bool, access: Access) -> str:
    """The function that gives (bids, asks) of rows that tell their side."""
    unit = values.unit
    signed = side.cast is not None and side.cast.name == "sign"
    size = _number(levels.size, unit, exact, access, signed)
    if levels.gone is not None:
        size = choose(match_test(levels.gone, unit, access=access), const(0) if exact else const(0.0), size)
    bought = compare(name("side"), ast.Is(), attribute(unit.use_model("TradeType"), "BUY"))
    book = choose(bought, name("bids"), name("asks"))
    body = [at(_append(book, items(name("price"), size)), levels.size.span)]
    statements = [
        assign("bids", empty_list()),
        assign("asks", empty_list()),
        _loop(levels, _side(side, values, access), body, unit, exact, access),
        returns(items(name("bids"), name("asks"))),
    ]
    return unit.function(stem, ("found", "message"), statements, levels.span)


def _loop(
    levels: Levels, before: list[ast.stmt], body: list[ast.stmt], unit: Unit, exact: bool, access: Access
) -> ast.stmt:
    price = at(assign("price", _number(levels.price, unit, exact, access)), levels.price.span)
    return each("row", call(unit.use("rows_of"), name("found")), [*before, price, when(name("price"), *body)])


def _side(side: Reading, values: Values, access: Access) -> list[ast.stmt]:
    fixed = values.fixed(side, "side", values.unit, access)
    if fixed is not None or side.path is None:
        return [at(assign("side", fixed or const(None)), side.span)]
    read = [
        assign("value", path_value(side.path, values.unit, access=access)),
        when(is_missing("value"), does(call(values.unit.use("absent")))),
        assign("side", values.expression(side, "side", name("value"), values.unit)),
    ]
    return [at(statement, side.span) for statement in read]


def _number(path: Path, unit: Unit, exact: bool, access: Access, signed: bool = False) -> ast.expr:
    if signed:
        runtime = "absolute" if exact else "read_magnitude"
    else:
        runtime = "read_exact" if exact else "read_number"
    return call(unit.use(runtime), path_value(path, unit, access=access))


def _append(target: ast.expr, row: ast.expr) -> ast.stmt:
    return does(call(ast.Attribute(target, "append", ast.Load()), row))
