"""Worked signatures: each is compiled as an endpoint of its own, beside those of the spec.

Rules: the documents' example is signed by the very recipe and the very compiler that sign our requests; its path, query
and body are constants of that endpoint, and what is sent is compared to the byte, the body too. Only compact JSON and
forms can be sent, so an example printed with blanks that were not signed has to be written without them.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes

from exconn.document import Diagnostic, DocumentError, Span
from exconn.spec import Spec
from exconn.spec.pieces import Array, Body, Constant, Object, Template
from exconn.spec.tree import Endpoint, Parts

from .tree import Case, Cases, WorkedSignature


def with_signatures(spec: Spec, cases: Cases) -> Spec:
    """`spec` with one endpoint more for each worked signature. DocumentError where one cannot be said."""
    worked = {
        case.subject.endpoint: _endpoint(spec, case, case.subject)
        for case in cases.cases
        if isinstance(case.subject, WorkedSignature)
    }
    return replace(spec, endpoints={**spec.endpoints, **worked})


def _endpoint(spec: Spec, case: Case, worked: WorkedSignature) -> Endpoint:
    span = case.span
    if worked.recipe not in spec.signing:
        known = ", ".join(spec.signing) or "none"
        raise _unsayable(f"there is no recipe {worked.recipe!r}", span, f"the recipes of the spec are {known}")
    path, _, query = worked.target.partition("?")
    return Endpoint(
        operation=worked.endpoint,
        span=span,
        doc=case.source,
        method=worked.method,
        host=next(iter(next(iter(spec.hosts.values())))),
        path=Template((path,), span),
        signed=worked.recipe,
        costs=(),
        envelope=None,
        parts=_parts(query, worked.body, span),
        variants=(),
        reply=(),
        errors=(),
    )


def _parts(query: str, body: str, span: Span) -> Parts:
    fields = dict(_pairs(query, span))
    if not body:
        return Parts(query=fields)
    if not body.startswith("{"):
        return Parts(query=fields, form=dict(_pairs(body, span)))
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _unsayable(f"the body is no JSON: {error}", span, "write it as the documents show it") from None
    return Parts(query=fields, json={key: _body(value, span) for key, value in found.items()})


def _pairs(text: str, span: Span) -> Iterator[tuple[str, Template]]:
    for pair in text.split("&") if text else ():
        name, _, value = pair.partition("=")
        yield unquote_to_bytes(name).decode(), Template((unquote_to_bytes(value).decode(),), span)


def _body(value: Any, span: Span) -> Body:
    if isinstance(value, str):
        return Template((value,), span)
    if isinstance(value, dict):
        return Object(tuple((key, _body(each, span)) for key, each in value.items()), span)
    if isinstance(value, list):
        return Array(tuple(_body(each, span) for each in value), span)
    if isinstance(value, float):
        raise _unsayable("the body holds a number with a fraction", span, "sign another example of the documents")
    return Constant(value, span)


def _unsayable(message: str, span: Span, hint: str) -> DocumentError:
    return DocumentError([Diagnostic("bad-signature", message, span, hint)])
