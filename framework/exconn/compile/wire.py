"""The texts of a request: path, query, target, parameters and body, offered to its scope and written when asked for.

Rules: what is signed is a text that the request sends, or the beginning of one that signing completes; the cursor of a
later page is the only field that a request may lack at run time; pairs keep their order; an empty query has no `?`.
"""

import ast
from collections.abc import Mapping
from types import MappingProxyType

from exconn.codec.encoding import percent
from exconn.codec.hashes import sorted_query
from exconn.compile.drafts import MOVED, Draft, Where
from exconn.compile.emit import at, call, const, name
from exconn.compile.placeholders import argument
from exconn.compile.scope import Charset, Known, Local, Maker, Scope, Value
from exconn.compile.signing import BODY_BYTES
from exconn.compile.templates import (
    PATH,
    PLAIN,
    QUERY,
    Part,
    constant_text,
    joined,
    json_fields,
    json_parts,
    separated,
    template_parts,
)
from exconn.document import Span
from exconn.spec.pieces import Body, Object, Template
from exconn.spec.placeholders import BODY_FIELD


def offer_wire(draft: Draft, scope: Scope) -> None:
    """Everything that a recipe may sign of the request itself."""
    scope.know("method", Known(draft.method))
    scope.know("content_type", Known(draft.content_type))
    offers: dict[str, Maker] = {
        "origin": lambda inner, span: _origin(draft, inner),
        "host": lambda inner, span: _host(inner, span),
        "path": lambda inner, span: text(inner, "path", template_parts(draft.path, inner, PATH), draft.path.span),
        "http_path": lambda inner, span: text(inner, "http_path", template_parts(draft.path, inner, PLAIN), span),
        "query": lambda inner, span: _query(draft, inner),
        "query_sorted": _query_sorted,
        "path_query": lambda inner, span: _path_query(draft, inner, span),
        "params": lambda inner, span: _params(draft, inner, span, plain=False),
        "params_plain": lambda inner, span: _params(draft, inner, span, plain=True),
        "body": lambda inner, span: _body_text(draft, inner),
        BODY_BYTES: _body_bytes,
    }
    for placeholder, maker in offers.items():
        scope.offer(placeholder, maker)
    for number, (field, value) in enumerate(draft.fields("json").items()):
        scope.offer(f"{BODY_FIELD}{field}", _body_field(f"body_field_{number}", value, draft.repeated))
    for number, (field, later) in enumerate(draft.moved.items(), 1):
        first = getattr(draft.parts, draft.own_place)[field]
        scope.offer(f"{MOVED}{field}", _moved(f"moved_{number}", first, later))


def _moved(stem: str, first: Template, later: Template) -> Maker:
    """The text of a field on the first page, or on a later one."""

    def bind(scope: Scope, span: Span) -> Value:
        asked = ast.Compare(argument("cursor"), [ast.IsNot()], [const(None)])
        written = [joined(template_parts(each, scope, PLAIN)) for each in (later, first)]
        return scope.bind(stem, ast.IfExp(asked, *written), span)

    return bind


def text(scope: Scope, stem: str, parts: list[Part], span: Span) -> Value:
    """The parts as one value: known, a variable that is there already, or a new one."""
    known = constant_text(parts)
    if known is not None:
        return Known(known)
    if len(parts) == 1 and isinstance(parts[0], ast.Name):
        return Local(parts[0].id)
    return scope.bind(stem, joined(parts), span)


def late_query(draft: Draft, scope: Scope) -> list[Part]:
    """What signing adds to the query, as encoded pairs."""
    return _pairs(draft.late_fields("query"), scope, plain=False)


def sent_target(draft: Draft, scope: Scope) -> Value:
    """The request's target as it is sent: path and whole query."""
    late = late_query(draft, scope)
    if not late:
        return scope.value("path_query", draft.span)
    signed = scope.value("path_query", draft.span)
    query = scope.value("query", draft.span)
    mark: Part = "?" if isinstance(query, Known) and not query.text else "&"
    if _may_be_empty(draft):
        mark = at(ast.IfExp(query.node(), const("&"), const("?")), draft.span)
    return text(scope, "target", [*_value_parts(signed), mark, *late], draft.span)


def sent_body(draft: Draft, scope: Scope) -> Value:
    """The body as it is sent, bytes."""
    if draft.after.drop_body:
        return Known("", Charset.BYTES)
    late = draft.late_fields(draft.body_place) if draft.body_place != "query" else {}
    if not late:
        return scope.value(BODY_BYTES, draft.span)
    signed = scope.value("body", draft.span)
    if draft.body_place == "form":
        whole = separated([_value_parts(signed), _pairs(late, scope, plain=False)], "&")
        whole = whole if _value_parts(signed) else whole[1:]
    else:
        fields = separated(json_fields(Object(tuple(late.items()), draft.span), scope), ",")
        opened = at(ast.Subscript(signed.node(), ast.Slice(upper=const(-1)), ast.Load()), draft.span)
        whole = [opened, "," if draft.fields("json") else "", *fields, "}"]
    return scope.bind("sent_body", call(scope.unit.use("utf8"), joined(whole)), draft.span, Charset.BYTES)


def _origin(draft: Draft, scope: Scope) -> Value:
    hosts = ast.Attribute(name("context"), "hosts", ast.Load())
    return scope.bind("origin", ast.Subscript(hosts, const(draft.host), ast.Load()), draft.span)


def _host(scope: Scope, span: Span) -> Value:
    origin = scope.value("origin", span)
    return scope.bind("host", call(scope.unit.use("authority"), origin.node()), span)


def _query(draft: Draft, scope: Scope) -> Value:
    parts = _pairs(draft.fields("query"), scope, plain=False)
    return text(scope, "query", _with_cursor(draft, scope, "query", parts), draft.span)


def _query_sorted(scope: Scope, span: Span) -> Value:
    query = scope.value("query", span)
    if isinstance(query, Known):
        return Known(sorted_query(query.text))
    return scope.bind("query_sorted", call(scope.unit.use("sorted_query"), query.node()), span)


def _path_query(draft: Draft, scope: Scope, span: Span) -> Value:
    path, query = scope.value("path", span), scope.value("query", span)
    if isinstance(query, Known) and not query.text:
        return path
    whole: list[Part] = [*_value_parts(path), "?", *_value_parts(query)]
    if not _may_be_empty(draft):
        return text(scope, "target", whole, draft.span)
    return scope.bind("target", ast.IfExp(query.node(), joined(whole), path.node()), draft.span)


def _may_be_empty(draft: Draft) -> bool:
    return bool(draft.cursor_fields("query")) and not draft.fields("query")


def _params(draft: Draft, scope: Scope, span: Span, plain: bool) -> Value:
    """The request's own parameters as pairs, wherever they go."""
    stem = "params_plain" if plain else "params"
    groups = [_pairs(draft.fields(where), scope, plain, draft.repeated) for where in ("query", "form", "json")]
    parts = separated([group for group in groups if group], "&")
    return text(scope, stem, _with_cursor(draft, scope, stem, parts, plain=plain), span)


def _body_text(draft: Draft, scope: Scope) -> Value:
    place = draft.body_place
    if place == "query":
        return Known("")
    if place == "form":
        parts = _with_cursor(draft, scope, "body_text", _pairs(draft.fields("form"), scope, plain=False))
        return text(scope, "body_text", parts, draft.span)
    body = Object(tuple(draft.fields("json").items()), draft.span)
    fields = separated(json_fields(body, scope, draft.repeated), ",")
    return text(scope, "body_text", ["{", *_with_cursor(draft, scope, "fields", fields), "}"], draft.span)


def _body_field(stem: str, value: Body, repeated: Mapping[int, Part]) -> Maker:
    """A field of the body: a text as it is, anything else as the JSON that is sent."""
    if isinstance(value, Template):
        return lambda scope, span: text(scope, stem, template_parts(value, scope, PLAIN), span)
    return lambda scope, span: text(scope, stem, json_parts(value, scope, repeated), span)


def _body_bytes(scope: Scope, span: Span) -> Value:
    body = scope.value("body", span)
    if isinstance(body, Known):
        return Known(body.text, Charset.BYTES)
    return scope.bind("body", call(scope.unit.use("utf8"), body.node()), span, Charset.BYTES)


def _with_cursor(draft: Draft, scope: Scope, stem: str, parts: list[Part], plain: bool = False) -> list[Part]:
    """`parts`, and behind them the cursor's fields where there is a cursor; `stem` says which text this is."""
    where = _PLACE_OF.get(stem, draft.cursor_place)
    send = draft.cursor_fields(where)
    if not send:
        return parts
    written = scope.bind(stem, joined(parts), draft.span)
    later = scope.branch()
    if stem == "fields":
        added = separated(json_fields(Object(tuple(send.items()), draft.span), later), ",")
    else:
        added = _pairs({**send}, later, plain)
    mark = "," if stem == "fields" else "&"
    more = joined([mark if parts else "", *added])
    later.statements.append(at(ast.AugAssign(ast.Name(stem, ast.Store()), ast.Add(), more), draft.span))
    asked = ast.Compare(argument("cursor"), [ast.IsNot()], [const(None)])
    scope.statements.append(at(ast.If(asked, later.statements, []), draft.span))
    return [written.node()]


_PLACE_OF: dict[str, Where] = {"query": "query", "body_text": "form", "fields": "json"}


def _pairs(
    fields: dict[str, Body], scope: Scope, plain: bool, repeated: Mapping[int, Part] = MappingProxyType({})
) -> list[Part]:
    """`name=value` pairs joined by `&`, percent-encoded unless plain; a value that is no template is its JSON."""
    groups = [
        [_pair_name(field, plain), *_pair_value(value, scope, plain, repeated)] for field, value in fields.items()
    ]
    return separated(groups, "&")


def _pair_name(field: str, plain: bool) -> str:
    return f"{field if plain else percent(field)}="


def _pair_value(value: Body, scope: Scope, plain: bool, repeated: Mapping[int, Part]) -> list[Part]:
    if isinstance(value, Template):
        return template_parts(value, scope, PLAIN if plain else QUERY)
    written = json_parts(value, scope, repeated)
    if plain:
        return written
    known = constant_text(written)
    if known is not None:
        return [percent(known)]
    return [at(call(scope.unit.use("percent"), joined(written)), value.span)]


def _value_parts(value: Value) -> list[Part]:
    if isinstance(value, Known):
        return [value.text] if value.text else []
    return [value.node()]
