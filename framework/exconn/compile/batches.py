"""The reply to a list of orders, row by row: what each row says of its order, by the envelope that rows have.

Rules: a row is judged by its envelope before it counts; without an envelope of rows every row is a success; an error
has the endpoint's own meanings, as the error of a whole reply has.
"""

import ast

from exconn.compile.emit import Unit, at, call, const, name
from exconn.compile.errors import emit_refusal
from exconn.compile.matches import match_test, path_value
from exconn.compile.places import now_at
from exconn.compile.readings import Readings
from exconn.compile.statements import assign, does, empty_list, returns, when
from exconn.spec.tree import Endpoint, Envelope, Spec

_JUDGED = ("row", "message", "answer")


def emit_judge(spec: Spec, endpoint: Endpoint, meaning: ast.expr, unit: Unit) -> str:
    """The function (row, message, answer) -> the row's error, or None."""
    envelope = _envelope(spec, endpoint)
    body: list[ast.stmt] = []
    if envelope is not None:
        refusal = emit_refusal(spec, endpoint, envelope, meaning, unit, of="_row")
        success = envelope.success
        body.append(at(when(match_test(success, unit), returns(const(None))), success.span))
        body.append(returns(call(name(refusal), name("row"), name("answer"))))
    else:
        body.append(returns(const(None)))
    return unit.function(f"{endpoint.stem}_judge", _JUDGED, body, endpoint.span)


def _envelope(spec: Spec, endpoint: Endpoint) -> Envelope | None:
    named = [record.envelope for record in endpoint.reply if record.envelope is not None]
    return spec.envelopes[named[0]] if named else None


def read_list(endpoint: Endpoint, judge: str, unit: Unit, readings: Readings) -> list[ast.stmt]:
    """Read all rows into `reports` and `refused`."""
    body = [at(assign("refused", empty_list()), endpoint.span)]
    for record in endpoint.reply:
        if record.rows is None:
            continue
        reader = unit.use_unit(readings.unit, readings.row_reader(record))
        rows = call(unit.use("rows_of"), path_value(record.rows, unit, "message"))
        into = (name("message"), name("context"), name(judge), name("answer"), name("reports"), name("refused"))
        body.append(now_at(record.rows.span, f"rows of {record.kind}"))
        body.append(at(does(call(unit.use("read_answers"), rows, reader, *into)), record.rows.span))
    return body
