"""Builds endpoints: the request with its types laid over it, what the reply says, what is promised about the outcome.

Rules: a field in both the request and a type is an error, nested mappings are laid into each other; a type without a
side stands for both; the envelope is the named one, else `default`, else none.
"""

from dataclasses import replace

from exconn.document import Findings, Mapping, Node, Scalar, Span, quoted
from exconn.model import OrderType, TradeType
from exconn.spec.build.errors import build_errors
from exconn.spec.build.nodes import integer, mapping, match, path, place, rows_of, scalar, seconds, text
from exconn.spec.build.readings import Readings
from exconn.spec.build.records import Records
from exconn.spec.build.signing import read_json
from exconn.spec.names import Names, named_entries
from exconn.spec.pieces import Body, Object, Record, Template
from exconn.spec.read import read_fields, read_template
from exconn.spec.read.place import inside
from exconn.spec.tree import AgeCost, Endpoint, Envelope, Fence, Given, Pages, Parts, Sees, Switch, Variant
from exconn.spec.vocabulary import OPERATIONS, RENEWAL

_SIDES = {"buy": TradeType.BUY, "sell": TradeType.SELL}


class Endpoints:
    """Builds the endpoints of one spec."""

    def __init__(
        self, envelopes: dict[str, Envelope], records: Records, readings: Readings, names: Names, findings: Findings
    ) -> None:
        self._envelopes = envelopes
        self._records = records
        self._readings = readings
        self._names = names
        self._findings = findings

    def build(self, root: Mapping) -> dict[str, Endpoint]:
        made: dict[str, Endpoint] = {}
        for key, value in named_entries(root.get("endpoints")):
            endpoint = made[key.text] = self._endpoint(key, mapping(value))
            renew = mapping(value).get("renew")
            if renew is not None:
                made[key.text + RENEWAL] = self._renewal(endpoint, mapping(renew))
        return made

    def _endpoint(self, key: Scalar, node: Mapping) -> Endpoint:
        method, target = self._http(scalar(node.get("http")))
        parts = self._parts(node)
        by_age = _costs_by_age(node, self._names)
        return Endpoint(
            operation=key.text,
            span=key.span,
            doc=text(node, "doc") or "",
            method=method,
            host=self._named(node, "host", "host") or "rest",
            path=target,
            signed=self._named(node, "signed", "recipe"),
            costs=build_costs(node, self._names) + tuple((pool, _greatest(rows)) for pool, rows in by_age.items()),
            envelope=self._envelope(node),
            parts=parts,
            variants=self._variants(node, method, target, parts),
            reply=self._reply(key.text, node),
            errors=build_errors(node.get("errors"), self._findings),
            fence=_fence(node.get("fence")),
            same_id=text(node, "same_id"),
            same_id_span=_span_of(node, "same_id"),
            effect=text(node, "effect"),
            sees=_sees(node.get("sees")),
            reach=seconds(node, "reach"),
            pages=self._pages(node.get("pages")),
            gives=self._gives(node),
            lasts=text(node, "lasts"),
            renew_every=_renew_every(node.get("renew")),
            switch=_switch(node.get("switch")),
            list_at=text(node, "list"),
            at_most=integer(node, "at_most"),
            costs_by_age=by_age,
        )

    def _renewal(self, endpoint: Endpoint, node: Mapping) -> Endpoint:
        """The request of `renew`: all of the preparation's but for what is sent and what is given."""
        method, target = self._http(scalar(node.get("http")))
        span = node.span
        return replace(
            endpoint,
            operation=endpoint.operation + RENEWAL,
            span=Span(span.file, span.line, span.col),
            method=method,
            path=target,
            parts=self._parts(node),
            gives=(),
            lasts=None,
            renew_every=None,
        )

    def _http(self, node: Scalar) -> tuple[str, Template]:
        method, _, target = node.text.partition(" ")
        after = inside(node, len(method) + 1, len(node.text))
        return method, read_template(Scalar(target, target, after, True), self._findings)

    def _named(self, node: Mapping, key: str, noun: str) -> str | None:
        name = text(node, key)
        if name is not None:
            self._names.use(noun, name, place(node, key))
        return name

    def _envelope(self, node: Mapping) -> Envelope | None:
        name = text(node, "envelope")
        if name is None:
            return self._envelopes.get("default")
        if name == "none" or not self._names.use("envelope", name, place(node, "envelope")):
            return None
        return self._envelopes[name]

    def _parts(self, node: Mapping) -> Parts:
        return Parts(
            headers=read_fields(node.get("headers"), self._findings),
            query=read_fields(node.get("query"), self._findings),
            form=read_fields(node.get("form"), self._findings),
            json=read_json(node, self._findings),
        )

    def _variants(self, node: Mapping, method: str, target: Template, parts: Parts) -> tuple[Variant, ...]:
        made: dict[tuple[OrderType, TradeType], Variant] = {}
        for key, value in named_entries(node.get("types")):
            kind, _, side = key.text.partition(" ")
            variant = mapping(value)
            http = variant.get("http")
            own_method, own_target = (method, target) if http is None else self._http(scalar(http))
            laid = self._lay(parts, self._parts(variant), variant)
            for each in (_SIDES[side],) if side else tuple(_SIDES.values()):
                offer = OrderType[kind], each
                if offer in made:
                    message = f"{kind} {each.name.lower()} is said twice"
                    hint = "say a type once for both sides, or once for each"
                    self._findings.add("type-twice", message, key.span, hint)
                made[offer] = Variant(*offer, key.span, own_method, own_target, laid)
        return tuple(made.values())

    def _lay(self, under: Parts, over: Parts, node: Mapping) -> Parts:
        def flat(first: dict[str, Template], second: dict[str, Template]) -> dict[str, Template]:
            for field in second:
                if field in first:
                    self._collide(field, second[field].span)
            return first | second

        own = {name.lower() for name in under.headers}
        for header, template in over.headers.items():
            if header.lower() in own:
                self._collide(header, template.span)
        return Parts(
            under.headers | over.headers,
            flat(under.query, over.query),
            flat(under.form, over.form),
            self._lay_json(under.json, over.json),
        )

    def _lay_json(self, under: dict[str, Body], over: dict[str, Body]) -> dict[str, Body]:
        laid = dict(under)
        for field, body in over.items():
            below = laid.get(field)
            if isinstance(below, Object) and isinstance(body, Object):
                inner = self._lay_json(dict(below.fields), dict(body.fields))
                laid[field] = Object(tuple(inner.items()), below.span)
            elif below is not None:
                self._collide(field, body.span)
            else:
                laid[field] = body
        return laid

    def _collide(self, field: str, span: Span) -> None:
        message = f"the field {quoted(field)} is in the request and in this type"
        self._findings.add("collision", message, span, "write it in one of the two")

    def _reply(self, operation: str, node: Mapping) -> tuple[Record, ...]:
        kinds = OPERATIONS.get(operation, ())
        return tuple(
            record
            for key, value in named_entries(node.get("reply"))
            if key.text in kinds
            for record in self._records.build(key.text, value)
        )

    def _pages(self, found: Node | None) -> Pages | None:
        if found is None:
            return None
        node = mapping(found)
        return Pages(
            by=text(node, "by") or "cursor",
            span=node.span,
            send=read_fields(node.get("send"), self._findings),
            next=path(node, "next", self._findings),
            size=integer(node, "size"),
            more=match(node, "more", self._findings),
        )

    def _gives(self, node: Mapping) -> tuple[Given, ...]:
        return tuple(
            Given(key.text, self._readings.read(scalar(value), "given", key.text))
            for key, value in named_entries(node.get("gives"))
        )


def build_costs(node: Mapping, names: Names) -> tuple[tuple[str, int], ...]:
    """What a request or a connection costs: (pool, amount) pairs."""
    found = node.get("costs")
    if found is None:
        return ()
    entries = mapping(found).entries
    return tuple(
        (entry.key.text, int(scalar(entry.value).text))
        for entry in entries
        if names.use("pool", entry.key.text, entry.key.span)
    )


def _costs_by_age(node: Mapping, names: Names) -> dict[str, tuple[AgeCost, ...]]:
    return {
        key.text: tuple(
            AgeCost(integer(mapping(row), "from") or 0, integer(mapping(row), "cost") or 0, row.span)
            for row in rows_of(rows)
        )
        for key, rows in named_entries(node.get("costs_by_age"))
        if names.use("pool", key.text, key.span)
    }


def _greatest(rows: tuple[AgeCost, ...]) -> int:
    return max(row.cost for row in rows)


def _span_of(node: Mapping, key: str) -> Span | None:
    value = node.get(key)
    return None if value is None else value.span


def _fence(found: Node | None) -> Fence | None:
    if found is None:
        return None
    node = mapping(found)
    return Fence(text(node, "kind") or "none", seconds(node, "seconds"), node.span)


def _renew_every(found: Node | None) -> int | None:
    return None if found is None else integer(mapping(found), "every")


def _switch(found: Node | None) -> Switch | None:
    if found is None:
        return None
    node = mapping(found)
    return Switch(integer(node, "seconds") or 0, integer(node, "refresh") or 0, node.span)


def _sees(found: Node | None) -> Sees | None:
    if found is None:
        return None
    node = mapping(found)
    return Sees(seconds(node, "new_after") or 0.0, seconds(node, "closed_for"))
