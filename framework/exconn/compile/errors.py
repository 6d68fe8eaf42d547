"""Error rows as functions (code, text, http) -> Meaning, and the function that turns a failed reply into its error.

Rules: an endpoint's own rows are asked before the general ones; among rows of one list, more conditions win over fewer,
then what tells more (a code, a text, a status), then what proves less, so that the document's order never decides what
was executed; what no row claims is UNLISTED.
"""

import ast
from collections.abc import Sequence

from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.matches import path_value, value_test
from exconn.compile.statements import assign, attempt, compare, every, items, returns, when
from exconn.document import Span
from exconn.spec.pieces import Path, TestKind
from exconn.spec.tree import Endpoint, Envelope, ErrorRow, Spec
from exconn.spec.vocabulary import ERROR_MEANINGS

_ASKED = ("code", "text", "http")


def emit_meaning(owner: str, rows: Sequence[ErrorRow], otherwise: str | None, unit: Unit, span: Span) -> str:
    """The classifying function; `otherwise`: the function that is asked where no row claims the error."""
    ordered = sorted(rows, key=_precedence)
    body: list[ast.stmt] = [
        at(when(every(_conditions(row, unit)), returns(_meaning(row, unit))), row.span) for row in ordered
    ]
    if otherwise is None:
        body.append(returns(attribute(unit.use("Meaning"), "UNLISTED")))
    else:
        body.append(returns(call(name(otherwise), *map(name, _ASKED))))
    return unit.function(f"{owner}_meaning", _ASKED, body, span)


def _precedence(row: ErrorRow) -> tuple[object, ...]:
    told = (row.code is not None, row.text is not None, bool(row.http))
    loose = row.code is not None and row.code.kind not in (TestKind.IS, TestKind.ANY_OF)
    meaning = ERROR_MEANINGS.index(row.meaning)
    return -sum(told), *(not each for each in told), loose, -len(row.text or ""), -meaning


def _meaning(row: ErrorRow, unit: Unit) -> ast.expr:
    return attribute(unit.use("Meaning"), row.meaning.upper())


def _conditions(row: ErrorRow, unit: Unit) -> list[ast.expr]:
    conditions: list[ast.expr] = []
    if row.code is not None:
        conditions.append(value_test(row.code, name("code"), unit))
    if row.text is not None:
        conditions.append(call(unit.use("holds"), name("text"), const(row.text)))
    if row.http:
        statuses = items(*map(const, row.http))
        one = len(row.http) == 1
        conditions.append(compare(name("http"), ast.Eq() if one else ast.In(), const(row.http[0]) if one else statuses))
    return conditions


def code_and_text(code: Path | None, text: Path | None, unit: Unit, span: Span) -> list[ast.stmt]:
    """Assign `code` and `text`, both None where the paths cannot be followed."""
    nothing = at(assign("code", const(None)), span), at(assign("text", const(None)), span)
    read: list[ast.stmt] = [
        at(assign(target, path_value(path, unit, "message")), path.span)
        for target, path in (("code", code), ("text", text))
        if path is not None
    ]
    return [*nothing, *([at(attempt(read, unit.use("ReadFault"), None, ast.Pass()), span)] if read else [])]


def emit_refusal(
    spec: Spec, endpoint: Endpoint, envelope: Envelope | None, meaning: ast.expr, unit: Unit, of: str = ""
) -> str:
    """The function (message, answer) -> ExchangeError of an endpoint, by its envelope or by that `of` its rows."""
    span = endpoint.span if envelope is None else envelope.span
    paths = (None, None) if envelope is None else (envelope.code, envelope.text)
    body = code_and_text(*paths, unit, span)
    asked = call(meaning, name("code"), name("text"), attribute(name("answer"), "status"))
    told = (name("code"), name("text"), name("answer"), items(*map(const, _wait_headers(spec, endpoint))))
    body.append(returns(call(unit.use("exchange_error"), const(endpoint.operation), asked, *told)))
    return unit.function(f"{endpoint.stem}{of}_refusal", ("message", "answer"), body, span)


def _wait_headers(spec: Spec, endpoint: Endpoint) -> list[str]:
    """The headers of the endpoint's pools that may tell when to come back, in lower case."""
    named = [spec.limits[pool].retry_after for pool, _ in endpoint.costs if pool in spec.limits]
    return list(dict.fromkeys(header.lower() for header in [*named, "retry-after"] if header))
