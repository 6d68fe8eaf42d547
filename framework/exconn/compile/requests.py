"""Builders: one function an endpoint, from what a request is about to the bytes that are sent.

Rules: an order is built by a function of its own for each (type, side) that the exchange takes, with all constants
joined; a builder binds what it needs, signs the texts it is about to send, and returns them; it refuses with a
UsageError before anything is signed; it has no state, so that a request can be built again for the same arguments.
"""

import ast

from exconn.compile.drafts import Draft
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.placeholders import (
    argument,
    fence_length,
    offer_arguments,
    offer_context,
    offer_cursor,
    offer_expiry,
    offer_fence,
    offer_fresh,
    offer_pair,
    offer_side,
)
from exconn.compile.plans import planned
from exconn.compile.scope import Scope, unsayable
from exconn.compile.signing import Signing
from exconn.compile.templates import HEADER, Part, joined, json_parts, template_parts
from exconn.compile.wire import offer_wire, sent_body, sent_target
from exconn.spec.pieces import Object
from exconn.spec.tree import Endpoint, Recipe, Spec, Variant
from exconn.spec.walk import repeated_array

_HURRIED = ("place_order", "cancel_order")
PARAMETERS = ("arguments", "fresh", "context")


def emit_builder(spec: Spec, endpoint: Endpoint, unit: Unit, signing: Signing) -> str:
    """Define the endpoint's Builder in `unit`; returns its name."""
    if endpoint.variants:
        return _emit_choice(spec, endpoint, unit, signing)
    draft = Draft(
        stem=f"build_{endpoint.stem}",
        span=endpoint.span,
        method=endpoint.method,
        host=endpoint.host,
        path=endpoint.path,
        parts=endpoint.parts,
        recipe=recipe_of(spec, endpoint.signed),
        pages=endpoint.pages,
        fence=endpoint.fence,
        repeated=_repeated(spec, endpoint, unit),
        hurries=endpoint.operation in _HURRIED,
    )
    return _emit(draft, request_scope(spec, draft, unit, signing))


def _repeated(spec: Spec, endpoint: Endpoint, unit: Unit) -> dict[int, Part]:
    """What stands in the array of a list of orders: its element, written for each of them by a function of its own."""
    if endpoint.list_at is None:
        return {}
    array = repeated_array(Object(tuple(endpoint.parts.json.items()), endpoint.span), endpoint.list_at)
    if array is None:
        raise unsayable(f"list {endpoint.list_at} does not name an array of one element", endpoint.span)
    scope = Scope(unit)
    offer_arguments(scope)
    offer_pair(scope, spec, argument("pair"))
    offer_context(scope, spec)
    written = joined(json_parts(array.items[0], scope))
    scope.statements.append(at(ast.Return(written), array.span))
    item = unit.function(f"item_{endpoint.stem}", ("arguments", "context"), scope.statements, array.span)
    loop = ast.comprehension(
        ast.Name("each", ast.Store()), call(unit.use("orders_of"), name("arguments")), [], is_async=0
    )
    texts = ast.ListComp(call(name(item), name("each"), name("context")), [loop])
    return {id(array): at(call(attribute(const(","), "join"), texts), array.span)}


def recipe_of(spec: Spec, signed: str | None) -> Recipe | None:
    return None if signed is None else spec.signing[signed]


def request_scope(spec: Spec, draft: Draft, unit: Unit, signing: Signing) -> Scope:
    """Everything that a request's placeholders may name."""
    scope = Scope(unit)
    offer_fresh(scope)
    offer_expiry(scope, draft.recipe)
    offer_fence(scope, draft.fence)
    offer_arguments(scope)
    offer_cursor(scope)
    offer_pair(scope, spec, argument("pair"))
    offer_wire(draft, scope)
    if draft.recipe is not None:
        signing.offer(scope, draft.recipe)
    offer_context(scope, spec)
    return scope


def write_request(draft: Draft, scope: Scope) -> None:
    """The statements of a builder, ended by the return of its Request."""
    target, body = sent_target(draft, scope), sent_body(draft, scope)
    headers = [
        ast.Tuple([const(written), joined(template_parts(template, scope, HEADER))], ast.Load())
        for written, template in draft.headers
    ]
    named = {written.lower() for written, _ in draft.headers}
    if draft.content_type and "content-type" not in named:
        headers.insert(0, ast.Tuple([const("Content-Type"), const(draft.content_type)], ast.Load()))
    origin = scope.value("origin", draft.span)
    request = call(
        scope.unit.use("Request"),
        const(draft.method),
        origin.node(),
        target.node(),
        ast.Tuple([*headers], ast.Load()),
        body.node(),
        *_fence(draft),
    )
    scope.statements.append(at(ast.Return(request), draft.span))


def _fence(draft: Draft) -> list[ast.expr]:
    if draft.fence is None or draft.fence.seconds is None:
        return []
    return [ast.BinOp(attribute(name("fresh"), "time_ns"), ast.Add(), const(fence_length(draft.fence.seconds)))]


def _emit(draft: Draft, scope: Scope) -> str:
    write_request(draft, scope)
    body = scope.statements
    if draft.hurries:
        body = planned(draft.stem.removeprefix("build_"), body, scope.unit, draft.span)
    return _define(scope.unit, draft.stem, body, draft)


def _define(unit: Unit, stem: str, body: list[ast.stmt], draft: Draft) -> str:
    types: dict[str, ast.expr] = {each: unit.use(each.capitalize()) for each in PARAMETERS}
    return unit.function(stem, PARAMETERS, body, draft.span, unit.use("Request"), types)


def _emit_choice(spec: Spec, endpoint: Endpoint, unit: Unit, signing: Signing) -> str:
    """The builder that hands an order to the function of its type and side."""
    built: list[ast.expr] = []
    for variant in endpoint.variants:
        draft = _variant_draft(spec, endpoint, variant)
        scope = request_scope(spec, draft, unit, signing)
        offer_side(scope, spec, variant.side)
        built.append(name(_emit(draft, scope)))
    offers: list[ast.expr] = [_offer(variant, unit) for variant in endpoint.variants]
    table = unit.constant(f"{endpoint.stem}_builders".upper(), lambda: at(ast.Dict([*offers], built), endpoint.span))
    asked = ast.Tuple([argument("order_type"), argument("side")], ast.Load())
    build = ast.NamedExpr(ast.Name("build", ast.Store()), call(attribute(table, "get"), asked))
    refused = call(unit.use("not_offered"), argument("order_type"), argument("side"))
    body: list[ast.stmt] = [
        ast.If(ast.Compare(build, [ast.Is()], [const(None)]), [ast.Raise(refused)], []),
        ast.Return(call(name("build"), *map(name, PARAMETERS))),
    ]
    types: dict[str, ast.expr] = {each: unit.use(each.capitalize()) for each in PARAMETERS}
    stem = f"build_{endpoint.stem}"
    return unit.function(stem, PARAMETERS, body, endpoint.span, unit.use("Request"), types)


def _variant_draft(spec: Spec, endpoint: Endpoint, variant: Variant) -> Draft:
    return Draft(
        stem=f"build_{endpoint.stem}_{variant.order_type.name.lower()}_{variant.side.name.lower()}",
        span=variant.span,
        method=variant.method,
        host=endpoint.host,
        path=variant.path,
        parts=variant.parts,
        recipe=recipe_of(spec, endpoint.signed),
        fence=endpoint.fence,
        hurries=True,
    )


def _offer(variant: Variant, unit: Unit) -> ast.expr:
    """(type, side) of a variant."""
    order_type = attribute(unit.use_model("OrderType"), variant.order_type.name)
    side = attribute(unit.use_model("TradeType"), variant.side.name)
    return at(ast.Tuple([order_type, side], ast.Load()), variant.span)
