"""Recipes as functions: one a recipe, from the texts of a request to the values that sign it.

Rules: a recipe's function takes exactly what its steps name and computes them in order; a message that is nothing but
the body, or an earlier step's bytes, is taken as bytes and copied nowhere; keys stay behind `keys.mac`, `keys.sign` and
`keys.jwt`; what `after`, a login or a subscription places is what the function returns, in the recipe's order.
"""

import ast
from dataclasses import dataclass

from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.holes import body_holes, placement_holes
from exconn.compile.scope import Charset, Local, Scope, Value
from exconn.compile.templates import PLAIN, joined, json_parts, template_parts
from exconn.document import Span
from exconn.spec.pieces import Hole, Object, Template
from exconn.spec.placeholders import BODY_FIELD
from exconn.spec.tree import Recipe, Spec, Step

_HASHES = ("sha256", "sha384", "sha512")
_SIGNATURES = ("ed25519", "rsa_sha256")
_MACS = {"hmac_sha256": "sha256", "hmac_sha384": "sha384", "hmac_sha512": "sha512"}
BODY_BYTES = "body bytes"


@dataclass(frozen=True, slots=True)
class Signer:
    """A recipe's function: its name in the signing unit, the placeholders it takes, the steps it returns."""

    identifier: str
    takes: tuple[str, ...]
    takes_keys: bool
    returns: tuple[tuple[str, Local], ...]


class Signing:
    """All recipes of a spec; each function is made when the first request or frame needs it."""

    def __init__(self, spec: Spec, unit: Unit) -> None:
        self._spec = spec
        self.unit = unit
        self._signers: dict[str, Signer] = {}
        self._known: dict[str, set[str]] = {}

    def offer(self, scope: Scope, recipe: Recipe) -> None:
        """Offer the recipe's values; the first one used calls the recipe's function and binds them all."""
        placed = self._placed(recipe)
        for step in recipe.values:
            if step.name in placed:
                scope.offer(step.name, lambda inner, span, wanted=step.name: self._bound(recipe, wanted, inner, span))  # type: ignore[misc]

    def _placed(self, recipe: Recipe) -> set[str]:
        known = self._known.get(recipe.name)
        if known is None:
            known = self._known[recipe.name] = _placed(self._spec, recipe)
        return known

    def _signer(self, recipe: Recipe) -> Signer:
        if recipe.name not in self._signers:
            self._signers[recipe.name] = _emit_signer(self._spec, recipe, self._placed(recipe), self.unit)
        return self._signers[recipe.name]

    def _bound(self, recipe: Recipe, wanted: str, scope: Scope, span: Span) -> Value:
        signer = self._signer(recipe)
        context = [attribute(name("context"), "keys")] if signer.takes_keys else []
        given = [scope.value(each, span).node() for each in signer.takes]
        result = call(scope.unit.use_unit(self.unit, signer.identifier), *context, *given)
        targets: list[ast.expr] = [ast.Name(local.identifier, ast.Store()) for _, local in signer.returns]
        target = targets[0] if len(targets) == 1 else ast.Tuple(targets, ast.Store())
        scope.statements.append(at(ast.Assign([target], result), span))
        for step, local in signer.returns:
            scope.know(step, local)
        return dict(signer.returns)[wanted]


def _emit_signer(spec: Spec, recipe: Recipe, placed: set[str], unit: Unit) -> Signer:
    taken: dict[str, Local] = {}

    def parameter(placeholder: str) -> Value:
        return taken.setdefault(placeholder, _parameter(spec, placeholder, len(taken)))

    scope = Scope(unit, parameter)
    steps = [(step.name, _bind_step(step, scope)) for step in recipe.values]
    returns = tuple((step, local) for step, local in steps if step in placed)
    nodes = [local.node() for _, local in returns]
    scope.statements.append(ast.Return(nodes[0] if len(nodes) == 1 else ast.Tuple(nodes, ast.Load())))
    takes_keys = any(step.key for step in recipe.values)
    parameters = [*(["keys"] if takes_keys else []), *(local.identifier for local in taken.values())]
    identifier = unit.function(f"sign_{recipe.name}", parameters, scope.statements, recipe.span)
    return Signer(identifier, tuple(taken), takes_keys, returns)


def _placed(spec: Spec, recipe: Recipe) -> set[str]:
    """Every name that is placed by the recipe's `after` or in a frame that it signs."""
    placed = placement_holes(recipe.after)
    for socket in spec.sockets.values():
        frames = [(each.signed, each.send) for each in socket.subscribe]
        frames += [(socket.login.signed, socket.login.send)] if socket.login else []
        for signed, send in frames:
            placed |= body_holes(send) if signed == recipe.name else set()
    return placed


def _parameter(spec: Spec, placeholder: str, number: int) -> Local:
    """`number` tells fields of the body apart, whose names are the exchange's."""
    if placeholder.startswith(BODY_FIELD):
        return Local(f"body_field_{number}")
    if placeholder == BODY_BYTES:
        return Local("body", Charset.BYTES)
    if placeholder in spec.credentials:
        return Local(f"{placeholder}_credential")
    if any(placeholder == given.name for endpoint in spec.endpoints.values() for given in endpoint.gives):
        return Local(f"{placeholder}_given")
    if any(placeholder in each.words for socket in spec.sockets.values() for each in socket.subscribe):
        return Local(f"{placeholder}_word")
    return Local("body_text" if placeholder == "body" else placeholder)


def _bind_step(step: Step, scope: Scope) -> Local:
    node, charset = _STEPS[step.operation](step, scope) if step.operation in _STEPS else _digest(step, scope)
    local = scope.bind(f"{step.name}_value", node, step.span, charset)
    scope.know(step.name, local)
    return local


def _digest(step: Step, scope: Scope) -> tuple[ast.expr, Charset]:
    """A hash, a MAC or a signature of the message, written as the step says."""
    message = _message_bytes(step.message, scope)
    if step.operation in _HASHES:
        digest = call(scope.unit.use(step.operation), message)
    elif step.operation in _SIGNATURES:
        digest = call(attribute(name("keys"), "sign"), const(step.key), message)
    else:
        digest = call(attribute(name("keys"), "mac"), const(step.key), const(_MACS[step.operation]), message)
    if step.encoding == "bytes":
        return digest, Charset.BYTES
    if step.encoding == "hex":
        return call(attribute(digest, "hex")), Charset.TOKEN
    return call(scope.unit.use("base64_text"), digest), Charset.VISIBLE


def _base64(step: Step, scope: Scope) -> tuple[ast.expr, Charset]:
    return call(scope.unit.use("base64_text"), _message_bytes(step.message, scope)), Charset.VISIBLE


def _json(step: Step, scope: Scope) -> tuple[ast.expr, Charset]:
    return call(scope.unit.use("json_quoted"), _message_text(step.message, scope)), Charset.TEXT


def _sorted_pairs(step: Step, scope: Scope) -> tuple[ast.expr, Charset]:
    return call(scope.unit.use("sorted_pairs"), _message_text(step.message, scope)), Charset.TEXT


def _jwt(step: Step, scope: Scope) -> tuple[ast.expr, Charset]:
    """The token; `alg` stands first in its header, then what the spec writes, in its order."""
    token = step.token
    assert token is not None
    said = ("alg", Template((token.algorithm,), step.span))
    texts = [
        joined(json_parts(body, scope))
        for body in (Object((said, *token.header.fields), token.header.span), token.claims)
    ]
    jwt = attribute(name("keys"), "jwt")
    return call(jwt, const(step.key), const(token.algorithm), *texts), Charset.TOKEN


_STEPS = {"base64": _base64, "json": _json, "sorted_pairs": _sorted_pairs, "jwt": _jwt}


def _message_text(template: Template, scope: Scope) -> ast.expr:
    return joined(template_parts(template, scope, PLAIN))


def _message_bytes(template: Template, scope: Scope) -> ast.expr:
    """The bytes of a message; steps that are bytes stand in it as they are."""
    values = [_hole_bytes(part, template, scope) if isinstance(part, Hole) else None for part in template.parts]
    if all(value is None for value in values):
        return _encoded(_message_text(template, scope), scope.unit)
    pieces = [
        value if value is not None else _encoded(_message_text(Template((part,), template.span), scope), scope.unit)
        for part, value in zip(template.parts, values, strict=True)
    ]
    if len(pieces) == 1:
        return pieces[0]
    return call(ast.Attribute(const(b""), "join", ast.Load()), ast.Tuple(pieces, ast.Load()))


def _hole_bytes(hole: Hole, template: Template, scope: Scope) -> ast.expr | None:
    """The bytes of a hole that has them: an earlier step's, or the body where it is the whole message."""
    if hole.name == "body" and len(template.parts) == 1 and not hole.suffix:
        return scope.value(BODY_BYTES, template.span).node()
    value = scope.value(hole.name, template.span)
    return value.node() if value.charset is Charset.BYTES else None


def _encoded(text: ast.expr, unit: Unit) -> ast.expr:
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return const(text.value.encode())
    return call(unit.use("utf8"), text)
