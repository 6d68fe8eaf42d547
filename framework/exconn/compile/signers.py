"""Recipes for requests that are no operation of the spec: a function that signs whatever request it is given.

Rules: only recipes that endpoints use are made; the recipe's own function computes, so that such a request and one of
the spec are signed by the same code; a recipe that names what only an operation has (a pair, an order, a certain field
of its body) has no such function.
"""

import ast

from exconn.compile.emit import Unit, Unwritten, at, attribute, call, const, name
from exconn.compile.holes import recipe_holes
from exconn.compile.placeholders import offer_context, offer_expiry, offer_fresh
from exconn.compile.scope import Charset, Local, Maker, Scope, Value
from exconn.compile.signing import BODY_BYTES, Signing
from exconn.compile.templates import HEADER, PLAIN, Place, joined, json_parts, template_parts
from exconn.document import Span
from exconn.spec.pieces import Body, Template
from exconn.spec.tree import Placement, Recipe, Spec

_GIVEN = ("method", "origin", "path")
_OPENED = ("http_path", "query", "query_sorted", "path_query", "params", "params_plain", "content_type")
_PARAMETERS = ("unsigned", "fresh", "context")


def unwritten_signers(spec: Spec, unit: Unit, signing: Signing) -> dict[str, Unwritten]:
    """Recipe -> its function (unsigned, fresh, context) -> Request, for each recipe of an endpoint."""
    used = {endpoint.signed for endpoint in spec.endpoints.values()}
    parts = {}
    for each, recipe in spec.signing.items():
        if each in used and all(map(_scope(spec, recipe, unit, signing).offers, recipe_holes(recipe))):
            parts[each] = _unwritten(spec, recipe, unit, signing)
    return parts


def _unwritten(spec: Spec, recipe: Recipe, unit: Unit, signing: Signing) -> Unwritten:
    stem = f"signed_{recipe.name}"
    return Unwritten(unit, stem, lambda: _emit(recipe, stem, _scope(spec, recipe, unit, signing), unit))


def _emit(recipe: Recipe, stem: str, scope: Scope, unit: Unit) -> str:
    placed = _placed(recipe.before, scope)
    types = _content_type(recipe)
    told = {} if types is None else {"types": const(types)}
    if recipe.after.json or recipe.after.form:
        told["late"] = const("json" if recipe.after.json else "form")
    scope.bind(
        "opened", call(unit.use("open_request"), name("unsigned"), placed, const(recipe.name), **told), recipe.span
    )
    closed = call(unit.use("close_request"), name("opened"), _placed(recipe.after, scope))
    scope.statements.append(at(ast.Return(closed), recipe.span))
    types_of: dict[str, ast.expr] = {each: unit.use(each.capitalize()) for each in _PARAMETERS}
    return unit.function(stem, _PARAMETERS, scope.statements, recipe.span, unit.use("Request"), types_of)


def _scope(spec: Spec, recipe: Recipe, unit: Unit, signing: Signing) -> Scope:
    scope = Scope(unit)
    offer_fresh(scope)
    offer_expiry(scope, recipe)
    for given in _GIVEN:
        scope.offer(given, _bound(given, attribute(name("unsigned"), given)))
    scope.offer("host", lambda inner, span: _host(inner, span))
    for text in _OPENED:
        scope.offer(text, _bound(text, attribute(name("opened"), text)))
    scope.offer("body", _bound("body_text", attribute(name("opened"), "body")))
    scope.offer(BODY_BYTES, _body_bytes)
    signing.offer(scope, recipe)
    offer_context(scope, spec)
    return scope


def _bound(stem: str, node: ast.expr) -> Maker:
    return lambda scope, span: scope.bind(stem, node, span)


def _host(scope: Scope, span: Span) -> Value:
    return scope.bind("host", call(scope.unit.use("authority"), scope.value("origin", span).node()), span)


def _body_bytes(scope: Scope, span: Span) -> Local:
    text = scope.value("body", span).node()
    return scope.bind("body", call(scope.unit.use("utf8"), text), span, Charset.BYTES)


def _placed(placement: Placement, scope: Scope) -> ast.expr:
    tables: dict[str, ast.expr] = {}
    for table, place in (("headers", HEADER), ("query", PLAIN), ("form", PLAIN), ("params", PLAIN)):
        fields: dict[str, Template] = getattr(placement, table)
        if fields:
            tables[table] = _pairs([(field, _text(each, scope, place)) for field, each in fields.items()])
    if placement.json:
        tables["json"] = _pairs([(field, _json(body, scope)) for field, body in placement.json.items()])
    for flag in ("drop_body", "own_first"):
        if getattr(placement, flag):
            tables[flag] = const(True)
    return call(scope.unit.use("Placed"), **tables)


def _text(template: Template, scope: Scope, place: Place) -> ast.expr:
    return joined(template_parts(template, scope, place))


def _json(body: Body, scope: Scope) -> ast.expr:
    return joined(json_parts(body, scope))


def _pairs(fields: list[tuple[str, ast.expr]]) -> ast.expr:
    rows: list[ast.expr] = [ast.Tuple([const(field), text], ast.Load()) for field, text in fields]
    return ast.Tuple(rows, ast.Load())


def _content_type(recipe: Recipe) -> str | None:
    """The content type that the recipe itself writes, where it is a constant."""
    for headers in (recipe.before.headers, recipe.after.headers):
        for field, template in headers.items():
            if field.lower() == "content-type" and not template.holes:
                return "".join(part for part in template.parts if isinstance(part, str))
    return "" if recipe.after.drop_body else None
