"""The facts of a spec, and any constant data, as Python literals.

Rules: `literal` writes down plain values, Decimals, enums of the model, frozen structs of the codec and names of what
other units define, and nothing else; fields at their default are left out, so that a written codec says only what the
spec says; floats are finite.
"""

import ast
import math
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from exconn.codec import facts
from exconn.compile.emit import Named, Unit, attribute, call, const
from exconn.spec.pieces import Object
from exconn.spec.tree import ClientId, Endpoint, OrderBook, Pool, Sees, Spec
from exconn.spec.walk import names_pair, repeated_array, request_templates, templates_of

_SCALARS = (str, bytes, int, bool, type(None))


def literal(value: object, unit: Unit) -> ast.expr:
    """The expression that makes an equal value in `unit`; ValueError for what is no constant data."""
    if isinstance(value, Enum):
        return attribute(unit.use_model(type(value).__name__), value.name)
    if isinstance(value, _SCALARS):
        return const(value)
    if isinstance(value, float) and math.isfinite(value):
        return const(value)
    if isinstance(value, Decimal):
        return call(unit.use("Decimal"), const(str(value)))
    if isinstance(value, tuple):
        return ast.Tuple([literal(each, unit) for each in value], ast.Load())
    if isinstance(value, list):
        return ast.List([literal(each, unit) for each in value], ast.Load())
    if isinstance(value, Mapping):
        return ast.Dict([literal(key, unit) for key in value], [literal(each, unit) for each in value.values()])
    if isinstance(value, Struct):
        return call(unit.use(type(value).__name__), **literal_fields(value, unit))
    if isinstance(value, Named):
        return unit.use_unit(value.unit, value.identifier)
    raise ValueError(f"{type(value).__name__} is no constant data")


def literal_fields(value: Struct, unit: Unit) -> dict[str, ast.expr]:
    """The fields of a struct that are not at their default, by name."""
    given: dict[str, ast.expr] = {}
    for field in fields(value):
        held = getattr(value, field.name)
        default = field.default if field.default is not NODEFAULT else _made_default(field.default_factory)
        if held != default or type(held) is not type(default):
            given[field.name] = literal(held, unit)
    return given


def _made_default(factory: object) -> object:
    return factory() if callable(factory) else NODEFAULT


def facts_of(spec: Spec) -> facts.Facts:
    """Everything about the exchange that is no function."""
    private = {step.key: step.key_kind for recipe in spec.signing.values() for step in recipe.values}
    place = spec.endpoints.get("place_order")
    cancel = spec.endpoints.get("cancel_order")
    fence = place.fence if place is not None else None
    return facts.Facts(
        name=spec.name,
        docs=spec.docs,
        hosts={group: dict(origins) for group, origins in spec.hosts.items()},
        learnt=_learnt(spec),
        credentials=tuple(
            facts.CredentialField(
                name=each.name,
                secret=each.secret,
                encoding=each.encoding,
                choice=each.choice,
                default=each.default,
                private=private.get(each.name),
            )
            for each in spec.credentials.values()
        ),
        client_id=_client_id(spec.client_id),
        forms=tuple(spec.symbols),
        pools=tuple(_pool(each) for each in spec.limits.values()),
        offers=tuple((each.order_type, each.side) for each in place.variants) if place is not None else (),
        fence=facts.Fence(fence.kind, fence.seconds) if fence is not None else facts.Fence(),
        same_id=(place.same_id if place is not None else None) or "second_order",
        effect=(cancel.effect if cancel is not None else None) or "requested",
        sees={name: facts.Sees(each.new_after, each.closed_for) for name, each in _seeing(spec)},
        reach={name: each.reach for name, each in spec.endpoints.items() if each.reach is not None},
        switch=_switch(spec),
        cancels=_batch(cancel),
        book=_book(spec.order_book),
        fees=facts.FeeFacts(Decimal(spec.fees.maker), Decimal(spec.fees.taker)) if spec.fees is not None else None,
    )


def _switch(spec: Spec) -> facts.Switch | None:
    endpoint = spec.endpoints.get("dead_mans_switch")
    switch = endpoint.switch if endpoint is not None else None
    return None if switch is None else facts.Switch(switch.seconds, switch.refresh)


def _batch(cancel: Endpoint | None) -> facts.Batch | None:
    if cancel is None or cancel.list_at is None:
        return None
    array = repeated_array(Object(tuple(cancel.parts.json.items()), cancel.span), cancel.list_at)
    inside = [] if array is None else list(templates_of(array))
    outside = [each for each in request_templates(cancel) if not any(each is template for template in inside)]
    return facts.Batch(cancel.at_most or 1, names_pair(outside))


def _learnt(spec: Spec) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        group: {name: tuple(f"wss://{host}" for host in listed) for name, listed in names.items()}
        for group, names in spec.learnt_hosts.items()
        if names
    }


def _client_id(rule: ClientId | None) -> facts.ClientIdRule | None:
    if rule is None:
        return None
    sizes = {"length": rule.length, "bits": rule.bits}
    given = {name: size for name, size in sizes.items() if size is not None}
    return facts.ClientIdRule(kind=rule.kind, prefix=rule.prefix, alphabet=rule.alphabet, unique=rule.unique, **given)


def _pool(pool: Pool) -> facts.Pool:
    told = {} if pool.retry_after is None else {"retry_after": pool.retry_after}
    return facts.Pool(
        name=pool.name,
        per=pool.per,
        allow=pool.allow,
        burst=pool.burst,
        refill=pool.refill,
        each=pool.each,
        used=pool.used,
        by=pool.by,
        sizes={word: _size(size) for word, size in pool.sizes.items()},
        **told,
    )


def _size(pool: Pool) -> facts.PoolSize:
    return facts.PoolSize(per=pool.per, allow=pool.allow, burst=pool.burst, refill=pool.refill)


def _seeing(spec: Spec) -> list[tuple[str, Sees]]:
    return [(name, each.sees) for name, each in spec.endpoints.items() if each.sees is not None]


def _book(book: OrderBook | None) -> facts.BookFacts | None:
    if book is None:
        return None
    sums = book.checksum
    checksum = None
    if sums is not None:
        checksum = facts.Checksum(
            algorithm=sums.algorithm,
            levels=sums.levels,
            layout=sums.layout,
            number=sums.number,
            join=sums.join,
            asks=sums.asks,
            absent=sums.absent,
        )
    return facts.BookFacts(
        start=book.start,
        chain=book.chain,
        on_gap=book.on_gap,
        depth=book.depth,
        exact=book.levels == "exact",
        checksum=checksum,
    )
