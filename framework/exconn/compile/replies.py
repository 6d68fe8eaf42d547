"""One reader an endpoint: (answer, arguments, context) -> Reply, or the error that the answer stands for.

Rules: status, body and envelope are judged before anything is read; a reply is a success only where the envelope says
so, and one that asks for nothing to be there can say so of objects and arrays alone; rows that are not there mean that
there is no order only behind an envelope; what a whole reply must hold (an order's id after placing, the one price that
was asked for) is demanded at the end, and `place` names the piece of the spec that is being read, so that a fault is
told with its line. Large replies go through a typed decoder first; what it, or the envelope, refuses is read again by
the general one, which alone says what is wrong with a whole answer.
"""

import ast

from exconn.compile.access import MAPS, Access, Attributes
from exconn.compile.batches import emit_judge, read_list
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.errors import emit_refusal
from exconn.compile.matches import match_test, path_value, success_test
from exconn.compile.pages import counts_rows, next_page
from exconn.compile.places import now_at, place_text
from exconn.compile.readings import Readings
from exconn.compile.shapes import Form
from exconn.compile.statements import (
    assign,
    attempt,
    does,
    empty_list,
    is_missing,
    is_there,
    negate,
    raises,
    returns,
    when,
)
from exconn.spec.pieces import Record
from exconn.spec.tree import Endpoint, Given
from exconn.spec.vocabulary import LOOKUPS

_PARAMETERS = ("answer", "arguments", "context")
_LARGE = frozenset({"trading_rules", "book_snapshot", "open_orders", "balances"})
"""Replies of many rows or levels; a small one gains nothing beside its request."""
_ONE_OF = {
    "server_time": ("ServerTime", "time"),
    "book_snapshot": ("BookSnapshot", "book"),
    "last_price": ("LastPrice", "price"),
    "key_rights": ("KeyRights", "rights"),
}


def emit_reader(endpoint: Endpoint, unit: Unit, readings: Readings) -> str:
    """Define the endpoint's reader in `unit`; returns its name."""
    meaning = unit.use_unit(readings.unit, readings.meaning(endpoint.stem, endpoint.errors))
    refusal = emit_refusal(readings.spec, endpoint, endpoint.envelope, meaning, unit)
    body = [*_typed(endpoint, unit, readings), _opening(endpoint, refusal, unit)]
    judge = emit_judge(readings.spec, endpoint, meaning, unit) if endpoint.list_at is not None else ""
    read = _reading(endpoint, refusal, judge, unit, readings)
    if read:
        body.append(_told_with_place(read, endpoint, unit))
    body += _demands(endpoint, unit)
    body.append(at(returns(_reply(endpoint, unit)), endpoint.span))
    annotations = {each: unit.use(each.capitalize()) for each in _PARAMETERS}
    return unit.function(
        f"read_{endpoint.stem}_reply", _PARAMETERS, body, endpoint.span, unit.use("Reply"), annotations
    )


def _told_with_place(read: list[ast.stmt], endpoint: Endpoint, unit: Unit) -> ast.stmt:
    fault = raises(call(unit.use("unread"), name("place"), name("fault")), name("fault"))
    return at(attempt(read, unit.use("ReadFault"), "fault", fault), endpoint.span)


def _typed(endpoint: Endpoint, unit: Unit, readings: Readings) -> list[ast.stmt]:
    """Return the reply as the typed decoder has it, where it takes the answer; nothing where none is of use."""
    if endpoint.operation not in _LARGE or endpoint.pages is not None or endpoint.gives:
        return []
    decoders, survey = readings.decoders, readings.decoders.survey()
    if endpoint.envelope is not None:
        survey.lines(endpoint.envelope.success.lines, survey.top)
    for record in endpoint.reply:
        survey.record(record)
    if survey.top.form is not Form.OBJECT or not survey.top.has_many:
        return []
    access = Attributes(survey.top, survey.top)
    decoder = unit.use_unit(decoders.unit, decoders.emit(f"{endpoint.operation}_reply", survey.top, endpoint.span))
    read = [assign("reports", empty_list()), *_records(endpoint, unit, readings, access)]
    read += [*_demands(endpoint, unit), returns(_reply(endpoint, unit))]
    if endpoint.envelope is not None:
        success = endpoint.envelope.success
        read = [
            now_at(success.span, "success"),
            at(when(match_test(success, unit, "message", access), *read), success.span),
        ]
    return [
        at(assign("message", call(attribute(decoder, "read_answer"), name("answer"))), endpoint.span),
        at(when(is_there(name("message")), _told_with_place(read, endpoint, unit)), endpoint.span),
    ]


def _says_something(endpoint: Endpoint) -> bool:
    """Whether the body is looked at; an operation without envelope and reply succeeds by its status alone."""
    return bool(endpoint.envelope or endpoint.reply or endpoint.gives or endpoint.pages)


def _opening(endpoint: Endpoint, refusal: str, unit: Unit) -> ast.stmt:
    """`message = answered(...)`, or only the check of the status."""
    judged = (const(endpoint.operation), name("answer"), name(refusal))
    if _says_something(endpoint):
        return at(assign("message", call(unit.use("answered"), *judged)), endpoint.span)
    return at(does(call(unit.use("accepted"), *judged)), endpoint.span)


def _reading(endpoint: Endpoint, refusal: str, judge: str, unit: Unit, readings: Readings) -> list[ast.stmt]:
    """Everything between the body and the reply."""
    body: list[ast.stmt] = []
    if endpoint.envelope is not None:
        error = call(name(refusal), name("message"), name("answer"))
        success = endpoint.envelope.success
        holds = success_test(success, unit, is_lookup=endpoint.operation in LOOKUPS)
        failed = when(negate(holds), raises(error))
        body += [now_at(success.span, "success"), at(failed, success.span)]
    if endpoint.reply:
        body.append(at(assign("reports", empty_list()), endpoint.span))
        if judge:
            body += read_list(endpoint, judge, unit, readings)
        else:
            body += _records(endpoint, unit, readings)
    if endpoint.gives:
        body.append(at(assign("given", ast.Dict([], [])), endpoint.span))
        for given in endpoint.gives:
            body += _given(given, unit, readings)
    if endpoint.pages is not None:
        body += [now_at(endpoint.pages.span, "pages"), *next_page(endpoint, endpoint.pages, unit)]
    return body


def _records(endpoint: Endpoint, unit: Unit, readings: Readings, access: Access = MAPS) -> list[ast.stmt]:
    """All records of the reply; the rows of the first that has them are kept where the pages count them."""
    body: list[ast.stmt] = []
    optional = endpoint.operation in LOOKUPS and endpoint.envelope is not None
    keep = counts_rows(endpoint)
    balances = [record for record in endpoint.reply if record.kind == "balance"]
    if balances:
        body.append(open_holdings(balances[0], unit))
    for record in endpoint.reply:
        body += read_record(record, unit, readings, optional, keep, access)
        keep = keep and record.rows is None
    if balances:
        body.append(close_holdings(balances[0]))
    return body


def open_holdings(record: Record, unit: Unit) -> ast.stmt:
    """`holdings = Holdings("file:line")`, before the first balance record is read."""
    where = place_text(record.span, record.kind).rpartition(": ")[0]
    return at(assign("holdings", call(unit.use("Holdings"), const(where))), record.span)


def close_holdings(record: Record) -> ast.stmt:
    """`reports.extend(holdings.reports())`, after the last."""
    add = call(attribute(name("reports"), "extend"), call(attribute(name("holdings"), "reports")))
    return at(does(add), record.span)


def read_record(
    record: Record,
    unit: Unit,
    readings: Readings,
    optional: bool = False,
    keep: bool = False,
    access: Access = MAPS,
) -> list[ast.stmt]:
    """Read one record into `reports` (and `holdings`). `optional`: no rows at all are no fault. `access`: what the
    message is, where it is the row as well."""
    inside = access if record.rows is None else access.rows(record.rows)
    reader = unit.use_unit(readings.unit, readings.row_reader(record, inside))
    into = (name("message"), name("context"), *((name("holdings"),) if record.kind == "balance" else ()))
    if record.rows is None:
        if record.kind == "balance":
            read = [does(call(reader, name("message"), *into))]
        else:
            keep_it = does(call(attribute(name("reports"), "append"), name("report")))
            read = [
                assign("report", call(reader, name("message"), *into)),
                when(is_there(name("report")), keep_it),
            ]
        return [now_at(record.span, record.kind), *(at(each, record.span) for each in read)]
    rows_of = unit.use("rows_of" if access.place(record.rows) is None else "typed_rows")
    wanted = path_value(record.rows, unit, "message", access)
    found: ast.expr = call(rows_of, wanted, *([const(True)] if optional else []))
    runtime = "read_holdings" if record.kind == "balance" else "read_rows"
    body = [now_at(record.rows.span, f"rows of {record.kind}")]
    if keep:
        body.append(at(assign("rows", found), record.rows.span))
        found = name("rows")
    body.append(at(does(call(unit.use(runtime), found, reader, *into, name("reports"))), record.rows.span))
    return body


def _given(given: Given, unit: Unit, readings: Readings) -> list[ast.stmt]:
    """Read one value of a preparation; one that is absent and may be is left out."""
    reading = given.reading
    if reading.path is None:
        return []
    meaning = readings.values.expression(reading, "given", name("value"), unit)
    target = ast.Subscript(name("given"), const(given.name), ast.Store())
    take = ast.Assign([target], meaning)
    statements = [assign("value", path_value(reading.path, unit, "message"))]
    if reading.or_none:
        statements.append(when(negate(is_missing("value")), take))
    else:
        statements += [when(is_missing("value"), does(call(unit.use("absent")))), take]
    return [now_at(reading.span, given.name), *(at(statement, reading.span) for statement in statements)]


def _demands(endpoint: Endpoint, unit: Unit) -> list[ast.stmt]:
    """What the reply as a whole must hold."""
    operation, reports = const(endpoint.operation), name("reports")
    if not endpoint.reply:
        return []
    if endpoint.list_at is not None:
        where = place_text(endpoint.span, "order").rpartition(": ")[0]
        demand = call(unit.use("one_answer"), name("arguments"), reports, name("refused"), const(where))
    elif endpoint.operation == "place_order":
        shows_id = any(record.kind == "order" and "exchange_order_id" in record.fields for record in endpoint.reply)
        demand = call(unit.use("placed"), operation, reports, const(shows_id))
    elif endpoint.operation in LOOKUPS:
        demand = call(unit.use("looked_up"), operation, reports)
    elif endpoint.operation in _ONE_OF:
        kind, what = _ONE_OF[endpoint.operation]
        where = place_text(endpoint.span, what).rpartition(": ")[0]
        demand = call(unit.use("needed_one"), reports, unit.use_model(kind), const(where), const(what))
    else:
        return []
    return [at(does(demand), endpoint.span)]


def _reply(endpoint: Endpoint, unit: Unit) -> ast.expr:
    told: dict[str, ast.expr] = {}
    if endpoint.pages is not None:
        told["next"] = name("cursor")
    if endpoint.gives:
        told["given"] = name("given")
    if endpoint.list_at is not None:
        told["refused"] = name("refused")
    return call(unit.use("Reply"), name("reports") if endpoint.reply else empty_list(), **told)
