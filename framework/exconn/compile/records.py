"""A record as a row function: (row, message, context) -> report, field after field in straight code.

Rules: each field is read under its own line of the YAML, and `place` names it while it is; absent, null and "" are the
same, and an error without `or none`; of alternative fields at least one must be there; a row that `only` leaves out
gives None; a balance row adds to its `holdings` instead of giving a report.
"""

import ast
from dataclasses import replace
from decimal import Decimal

from exconn.compile.access import MAPS, Access
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.facts import literal
from exconn.compile.levels import LevelForm, emit_both_sides, emit_side
from exconn.compile.matches import match_test, path_value
from exconn.compile.places import now_at
from exconn.compile.shapes import Form
from exconn.compile.statements import (
    assign,
    attempt,
    choose,
    does,
    each,
    empty_list,
    every,
    is_missing,
    is_none,
    items,
    negate,
    raises,
    returns,
    some,
    when,
)
from exconn.compile.symbols import symbol_table
from exconn.compile.values import Values
from exconn.spec.pieces import FeeReading, Levels, Path, Reading, Record, TestKind
from exconn.spec.vocabulary import BOOK_KINDS, FIELDS, REQUIRED

_REPORTS = {
    "order": "OrderReport",
    "fill": "FillReport",
    "book": "BookSnapshot",
    "book_snapshot": "BookSnapshot",
    "book_update": "BookUpdate",
    "book_checksum": "BookChecksum",
    "trade": "PublicTrade",
    "price": "LastPrice",
    "time": "ServerTime",
    "fee_rate": "FeeRate",
    "rights": "KeyRights",
}
_RENAMED = {"symbol": "pair", "time": "time_ns", "at": "time_ns"}


def emit_row_reader(record: Record, values: Values, form: LevelForm, access: Access = MAPS) -> str:
    """The row function of a record; `form`: what levels are made into; `access`: what its `row` and `message` are."""
    unit = values.unit
    body = [*_only(record, unit, access)]
    fields = sorted(record.fields.items(), key=lambda each: each[0] != "asset")  # first whose balance a bad row spoils
    for field, reading in fields:
        body += _field(field, reading, _natural(record, field), values, access)
        if record.kind == "balance" and field == "asset":
            body.append(does(call(attribute(name("holdings"), "open"), name("asset"))))
    body += _alternatives(record, unit)
    for field, levels in record.levels.items():
        body += _levels(record, field, levels, values, form, access)
    if record.fee is not None:
        body += _fee(record.fee, values, access)
    body += _told(record, unit, access)
    if record.kind == "rule" or record.matches:
        body.append(now_at(record.span, record.kind))
    body += _result(record, values, form, access)
    fault = raises(call(unit.use("unread"), name("place"), name("fault")), name("fault"))
    parameters = ("row", "message", "context", *(("holdings",) if record.kind == "balance" else ()))
    return unit.function(
        f"{record.kind}_row", parameters, [attempt(body, unit.use("ReadFault"), "fault", fault)], record.span
    )


def variable(field: str) -> str:
    """The local variable of a field; `symbol.rest` is held in `rest_symbol`."""
    return f"{field.partition('.')[2]}_symbol" if "." in field else field


def read_value(
    target: str, reading: Reading, natural: str, values: Values, unit: Unit, access: Access = MAPS
) -> list[ast.stmt]:
    """Assign what a reading gives, None where it is absent and may be."""
    fixed = values.fixed(reading, natural, unit, access)
    if fixed is not None or reading.path is None:
        return [at(assign(target, fixed or const(None)), reading.span)]
    quick = values.quick(reading, natural, unit)
    judged: ast.expr = name("value") if reading.or_none else call(unit.use("required"), name("value"))
    meaning = values.expression(reading, natural, judged, unit)
    if reading.or_none:
        meaning = choose(is_missing("value"), const(None), meaning)
    for test, short in reversed(quick):
        meaning = choose(test, short, meaning)
    found = values.found(reading, reading.path, unit, access)
    return [at(statement, reading.span) for statement in (*found, assign(target, meaning))]


def _natural(record: Record, field: str) -> str:
    return "text" if "." in field else FIELDS[record.kind][field]


def _only(record: Record, unit: Unit, access: Access) -> list[ast.stmt]:
    if record.only is None:
        return []
    test = negate(match_test(record.only, unit, access=access))
    return [now_at(record.only.span, "only"), at(when(test, returns(const(None))), record.only.span)]


def _field(field: str, reading: Reading, natural: str, values: Values, access: Access) -> list[ast.stmt]:
    return [now_at(reading.span, field), *read_value(variable(field), reading, natural, values, values.unit, access)]


def _alternatives(record: Record, unit: Unit) -> list[ast.stmt]:
    """Of fields that may all be None, at least one must not be; of a balance, all rows together tell that."""
    statements: list[ast.stmt] = []
    if record.kind == "balance":
        return statements
    for alternatives in REQUIRED[record.kind]:
        told = [field for field in alternatives if field in record.fields]
        if told and all(record.fields[field].or_none for field in told):
            statements.append(now_at(record.span, " or ".join(told)))
            nothing = every([is_none(name(field)) for field in told])
            statements.append(at(when(nothing, does(call(unit.use("absent")))), record.span))
    return statements


def _told(record: Record, unit: Unit, access: Access) -> list[ast.stmt]:
    """What a match of a field asks about must be there, unless being there is the question: silence grants no right."""
    statements: list[ast.stmt] = []
    for field, match in record.matches.items():
        for line in match.lines:
            if line.test.kind not in (TestKind.PRESENT, TestKind.EMPTY):
                silent = when(is_none(path_value(line.path, unit, access=access)), does(call(unit.use("absent"))))
                statements += [now_at(line.test.span, field), at(silent, line.test.span)]
    return statements


def _levels(
    record: Record, field: str, levels: Levels, values: Values, form: LevelForm, access: Access
) -> list[ast.stmt]:
    stem, inside = f"{record.kind}_{field}", access.rows(levels.rows)
    found = path_value(levels.rows, values.unit, access=access)
    place = access.place(levels.rows)
    form = replace(form, written=place is not None and place.form is Form.WRITTEN)
    targets = [field, *([f"{field}_texts"] if form.texts else [])]
    if place is not None and place.form is Form.LEVELS:  # a typed decoder has made numbers of them
        read = call(values.unit.use("typed_levels"), found)
    elif levels.side is not None:
        targets = ["bids", "asks", *(["texts"] if form.texts else [])]
        reader = emit_both_sides(stem, levels, levels.side, values, form, inside)
        read = call(name(reader), found, name("message"))
    else:
        read = call(name(emit_side(stem, levels, values, form, inside)), found, name("message"))
    stored: list[ast.expr] = [ast.Name(each, ast.Store()) for each in targets]
    target = ast.Tuple(stored, ast.Store()) if len(stored) > 1 else stored[0]
    return [now_at(levels.span, field), at(ast.Assign([target], read), levels.span)]


def _fee(fee: FeeReading, values: Values, access: Access) -> list[ast.stmt]:
    """`fees`: None where the exchange has not said."""
    unit = values.unit
    if fee.rows is None:
        paid = items(call(unit.use_model("FeePaid"), name("fee_asset"), name("fee_amount")))
        untold = some([is_none(name("fee_asset")), is_none(name("fee_amount"))])
        told = [*_fee_parts(fee, values, access), assign("fees", choose(untold, const(None), paid))]
    else:
        reader = call(name(_emit_fee_rows(fee, fee.rows, values, access)), name("value"), name("message"))
        told = [
            assign("value", path_value(fee.rows, unit, access=access)),
            assign("fees", choose(is_missing("value"), const(None), reader)),
        ]
    return [now_at(fee.span, "fee"), *(at(statement, fee.span) for statement in told)]


def _fee_parts(fee: FeeReading, values: Values, access: Access) -> list[ast.stmt]:
    return [
        *read_value("fee_asset", fee.asset, "asset", values, values.unit, access),
        *read_value("fee_amount", fee.amount, "decimal", values, values.unit, access),
    ]


def _emit_fee_rows(fee: FeeReading, rows: Path, values: Values, access: Access) -> str:
    """The function (rows found, message) -> the fees; None where one of them is not told, which is not zero."""
    unit = values.unit
    paid = call(unit.use_model("FeePaid"), name("fee_asset"), name("fee_amount"))
    untold = some([is_none(name("fee_asset")), is_none(name("fee_amount"))])
    loop = [
        *_fee_parts(fee, values, access.rows(rows)),
        when(untold, returns(const(None))),
        does(call(attribute(name("fees"), "append"), paid)),
    ]
    body = [
        assign("fees", empty_list()),
        each("row", call(unit.use("typed_rows" if access.place(rows) is not None else "rows_of"), name("found")), loop),
        returns(call(name("tuple"), name("fees"))),
    ]
    return unit.function("fill_fees", ("found", "message"), body, fee.span)


def _result(record: Record, values: Values, form: LevelForm, access: Access) -> list[ast.stmt]:
    """What the row function ends with."""
    unit = values.unit
    if record.kind == "balance":
        parts = [name(field) if field in record.fields else const(None) for field in ("total", "available", "held")]
        return [at(does(call(attribute(name("holdings"), "add"), name("asset"), *parts)), record.span)]
    told: dict[str, ast.expr] = {
        _RENAMED.get(field, field): name(variable(field)) for field in record.fields if "." not in field
    }
    if record.kind == "rule":
        before, table = symbol_table(record, values)
        told |= {f"is_{field}": match_test(match, unit, access=access) for field, match in record.matches.items()}
        if values.spec.price_steps:
            told["price_steps"] = unit.constant("PRICE_STEPS", lambda: _price_steps(values))
        rule = returns(call(unit.use("trading_rule"), **told, symbols=table))
        return [at(statement, record.span) for statement in (*before, rule)]
    told |= _sides(record, form)
    if record.fee is not None:
        told["fees"] = name("fees")
    told |= {field: match_test(match, unit, access=access) for field, match in record.matches.items()}
    return [at(returns(call(unit.use_model(_REPORTS[record.kind]), **told)), record.span)]


def _price_steps(values: Values) -> ast.expr:
    """Quote asset -> its bands of prices."""
    table = {
        quote: tuple((Decimal(band.start), Decimal(band.step)) for band in bands)
        for quote, bands in values.spec.price_steps.items()
    }
    return literal(table, values.unit)


def _sides(record: Record, form: LevelForm) -> dict[str, ast.expr]:
    """`bids` and `asks` of the kinds that have them, and their `texts` where a checksum needs them."""
    if record.kind not in BOOK_KINDS:
        return {}
    told: dict[str, ast.expr] = {"bids": name("bids"), "asks": name("asks")}
    if form.texts:
        told["texts"] = name("texts") if "levels" in record.levels else items(name("bids_texts"), name("asks_texts"))
    return told
