"""What a signature covers: it is placed once, over what was placed before it, and its key is never sent.

Rules: where a query or a body is signed, what is added to it afterwards is made by the recipe; a moment or a nonce that
travels with a signature is covered by it, by its name or with the part it stands in; a nonce or an expiry that is
declared stands somewhere; a credential that keys a step stays here, and no secret stands in an address.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from exconn.document import Findings, Span, quoted
from exconn.spec.pieces import Body, Template
from exconn.spec.placeholders import BODY_FIELD, EXPIRY, IDENTIFIERS, MOMENTS, NONCE, REQUEST
from exconn.spec.tree import Placement, Recipe, Socket, Spec
from exconn.spec.walk import hole_names, hole_spans, part_templates, recipe_steps, sent_templates, templates_of

_OF_TIME = MOMENTS | NONCE | EXPIRY
_PARAMS = frozenset({"params", "params_plain"})
_QUERY = frozenset({"query", "query_sorted", "path_query"}) | _PARAMS
_BODY = frozenset({"body"}) | _PARAMS
_COVERS: Mapping[str, frozenset[str]] = {"query": _QUERY, "form": _BODY, "json": _BODY, "params": _QUERY | _BODY}
"""Part of a request -> the placeholders that sign it."""


def check_signed(spec: Spec, findings: Findings) -> None:
    for recipe in spec.signing.values():
        frames = [frame for socket in spec.sockets.values() for frame in signed_frames(socket, recipe)]
        _check_declared(recipe, frames, findings)
        _check_once(recipe, frames, findings)
        if any(step.key is not None for step in recipe.values):
            _check_covered(recipe, frames, findings)
            _check_covers(spec, recipe, findings)
    _check_keys(spec, findings)
    _check_addresses(spec, findings)


def signed_frames(socket: Socket, recipe: Recipe) -> list[tuple[Body, Span]]:
    """The frames of a socket that a recipe signs, each with its place."""
    frames = [(item.send, item.span) for item in socket.subscribe if item.signed == recipe.name]
    if socket.login is not None and socket.login.signed == recipe.name:
        frames.append((socket.login.send, socket.login.span))
    return frames


def _check_declared(recipe: Recipe, frames: list[tuple[Body, Span]], findings: Findings) -> None:
    used = hole_names([*recipe_steps(recipe), *part_templates(recipe.before), *part_templates(recipe.after)])
    used |= {name for body, _ in frames for name in hole_names(templates_of(body))}
    declared = {"nonce": (recipe.nonce is not None, NONCE), "expires_in": (recipe.expires_in is not None, EXPIRY)}
    for key, (is_declared, names) in declared.items():
        if is_declared and not used & names:
            shown = " or ".join(f"{{{name}}}" for name in sorted(names))
            message = f"the recipe {quoted(recipe.name)} has {key}, but {shown} stands nowhere"
            findings.add("unused-name", message, recipe.span, f"sign it and send it, or delete {key}")


def _check_once(recipe: Recipe, frames: list[tuple[Body, Span]], findings: Findings) -> None:
    values = {step.name for step in recipe.values}
    places = [[*part_templates(recipe.before), *part_templates(recipe.after)]]
    for templates in [*places, *(list(templates_of(body)) for body, _ in frames)]:
        counted = Counter(hole.name for template in templates for hole in template.holes if hole.name in values)
        for name in (name for name, count in counted.items() if count > 1):
            second = [span for template in templates for hole, span in hole_spans(template) if hole.name == name][1]
            message = f"the value {quoted(name)} is placed {counted[name]} times"
            findings.add("placed-twice", message, second, "place it once, where the exchange looks for it")


def _check_covered(recipe: Recipe, frames: list[tuple[Body, Span]], findings: Findings) -> None:
    signed = hole_names(recipe_steps(recipe))
    values = {step.name for step in recipe.values}
    for part, field, body in _fields(recipe.after):
        names = hole_names(templates_of(body))
        if not names & values and signed & _COVERS.get(part, frozenset()):
            where = "body" if part in ("form", "json") else part
            message = f"the field {quoted(field)} is added to the {where} after the {where} was signed"
            findings.add("placed-late", message, body.span, "move it to before: what is signed is what is sent")
        else:
            _check_times(names - signed, body.span, findings)
    for part, field, body in _fields(recipe.before):
        if not signed & _COVERS.get(part, frozenset()) and not (part == "json" and BODY_FIELD + field in signed):
            _check_times(hole_names(templates_of(body)) - signed, body.span, findings)
    for send, span in frames:
        _check_times(hole_names(templates_of(send)) - signed, span, findings)


def _check_covers(spec: Spec, recipe: Recipe, findings: Findings) -> None:
    """A signature that is the same for every request proves no request."""
    signs_requests = any(endpoint.signed == recipe.name for endpoint in spec.endpoints.values())
    signed = {"body" if name.startswith(BODY_FIELD) else name for name in hole_names(recipe_steps(recipe))}
    if signs_requests and not signed & (REQUEST | IDENTIFIERS | _OF_TIME):
        message = f"the signature of {quoted(recipe.name)} is the same for every request"
        hint = "sign what the documents say: the moment, the path, the parameters, the body"
        findings.add("signs-nothing", message, recipe.span, hint)


def _check_times(names: set[str], span: Span, findings: Findings) -> None:
    for name in sorted(names & _OF_TIME):
        message = f"{{{name}}} is sent beside a signature that does not cover it"
        findings.add("sent-not-signed", message, span, f"add {{{name}}} to what is signed, or do not send it")


def _fields(placement: Placement) -> Iterator[tuple[str, str, Body]]:
    """(part, field, value) of all that is placed."""
    flat = {
        "headers": placement.headers,
        "query": placement.query,
        "form": placement.form,
        "params": placement.params,
    }
    for part, table in flat.items():
        for field, template in table.items():
            yield part, field, template
    for field, body in placement.json.items():
        yield "json", field, body


def _check_keys(spec: Spec, findings: Findings) -> None:
    """What keys a step proves the account only as long as nobody else has it."""
    keys = {step.key for recipe in spec.signing.values() for step in recipe.values}
    for name, span in _placed(_sent(spec), keys):
        message = f"the credential {quoted(name)} is the key of a signature, and is sent"
        findings.add("key-sent", message, span, "send what is made with it; name another credential here")


def _check_addresses(spec: Spec, findings: Findings) -> None:
    """What stands in an address stands in the logs of everybody on the way."""
    secret = {name for name, credential in spec.credentials.items() if credential.secret}
    for name, span in _placed(_addresses(spec), secret):
        message = f"the secret {quoted(name)} stands in an address, which others write down"
        findings.add("secret-in-address", message, span, "send it in a header or a body, as documented")


def _placed(templates: Iterable[Template], names: Collection[str | None]) -> Iterator[tuple[str, Span]]:
    """Where these names stand, each template looked at once."""
    for template in {id(each): each for each in templates}.values():
        if any(hole.name in names for hole in template.holes):
            yield from ((hole.name, span) for hole, span in hole_spans(template) if hole.name in names)


def _addresses(spec: Spec) -> Iterator[Template]:
    for recipe in spec.signing.values():
        yield from (*recipe.before.query.values(), *recipe.after.query.values())
    for endpoint in spec.endpoints.values():
        for request in endpoint.variants or (endpoint,):
            yield from (request.path, *request.parts.query.values())
    for socket in spec.sockets.values():
        yield from (socket.connect.path, *socket.connect.query.values())


def _sent(spec: Spec) -> Iterator[Template]:
    for recipe in spec.signing.values():
        yield from part_templates(recipe.before)
        yield from part_templates(recipe.after)
    yield from sent_templates(spec)
