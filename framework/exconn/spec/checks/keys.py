"""Keys: each credential that signs is written as its algorithm needs it, and what a recipe signs of a body is there.

Rules: a MAC is keyed with bytes, everything else signs with a private key; a private key is a PEM text (an Ed25519 key
also its 32 bytes), is of one kind, and is never placed in a request; `{body.field}` names a field that each request
signed so has; what `sorted_pairs` sorts is a JSON body or a field of it that holds more.
"""

from exconn.document import Findings, Mapping, Span, find, quoted
from exconn.spec.pieces import Array, Hole, Object, Template
from exconn.spec.placeholders import BODY_FIELD
from exconn.spec.tree import Endpoint, Parts, Recipe, Spec, Step, Variant
from exconn.spec.vocabulary import KEY_ENCODINGS
from exconn.spec.walk import hole_names, step_templates


def check_keys(spec: Spec, root: Mapping, findings: Findings) -> None:
    kinds: dict[str, str | None] = {}
    for recipe in spec.signing.values():
        for step in recipe.values:
            if step.key not in spec.credentials:
                continue
            place = find(root, ("signing", recipe.name, "values", step.name, "key")).span
            _check_encoding(spec, step, place, findings)
            if kinds.setdefault(step.key, step.key_kind) != step.key_kind:
                message = f"the credential {quoted(step.key)} is a key of another kind elsewhere"
                hint = "one key signs in one way: add a credential for the other"
                findings.add("bad-key", message, place, hint)


def _check_encoding(spec: Spec, step: Step, place: Span, findings: Findings) -> None:
    encoding, kind = spec.credentials[step.key or ""].encoding, step.key_kind
    if encoding in KEY_ENCODINGS[kind]:
        return
    needs = "bytes" if kind is None else "a private key"
    message = f"{step.algorithm} needs {needs}, but {quoted(step.key or '')} is {encoding}"
    hint = f"write encoding: {' or '.join(KEY_ENCODINGS[kind])} for the credential"
    findings.add("bad-key", message, place, hint)


def private_keys(spec: Spec) -> frozenset[str]:
    """The credentials that are private keys: they prove who we are because they are never sent."""
    signing = {step.key for recipe in spec.signing.values() for step in recipe.values if step.key_kind is not None}
    written = {name for name, credential in spec.credentials.items() if credential.encoding == "pem"}
    return frozenset(written | {name for name in signing if name is not None})


def check_signed_fields(spec: Spec, findings: Findings) -> None:
    """Each request has the fields of its body that its recipe signs one by one."""
    for endpoint in spec.endpoints.values():
        recipe = spec.signing.get(endpoint.signed or "")
        requests: tuple[Endpoint | Variant, ...] = endpoint.variants or (endpoint,)
        if recipe is not None:
            for request in requests:
                _check_fields(recipe, request.parts, endpoint, findings)
                _check_sorted(recipe, request.parts, endpoint, findings)
    for recipe in spec.signing.values():
        for step in recipe.values:
            if step.operation == "sorted_pairs" and not _is_of_body(step.message):
                hint = 'write sorted_pairs: "{body}" or "{body.<field>}", and join texts in a further step'
                findings.add("bad-step", "sorted_pairs takes a JSON object, and nothing else", step.message.span, hint)


def _check_fields(recipe: Recipe, parts: Parts, endpoint: Endpoint, findings: Findings) -> None:
    added = recipe.before.params.keys() if parts.json else set()
    have = parts.json.keys() | recipe.before.json.keys() | added
    for template in (each for step in recipe.values for each in step_templates(step)):
        missing = _body_fields(template) - have
        if missing:
            message = f"{endpoint.operation} has no {', '.join(sorted(missing))} in its JSON body to be signed"
            findings.add("not-sent", message, template.span, "add the field to its json, or use another recipe")


def _is_of_body(template: Template) -> bool:
    names = [part.name if isinstance(part, Hole) else "" for part in template.parts]
    return len(names) == 1 and (names[0] == "body" or names[0].startswith(BODY_FIELD))


def _check_sorted(recipe: Recipe, parts: Parts, endpoint: Endpoint, findings: Findings) -> None:
    """What is sorted has fields: no form, and no field that is one value."""
    plain = {key for key, value in (parts.json | recipe.before.json).items() if not isinstance(value, Object | Array)}
    is_form = bool(parts.form or recipe.before.form)
    for step in recipe.values:
        if step.operation != "sorted_pairs":
            continue
        message = f"sorted_pairs takes a JSON object, and the body of {endpoint.operation} is a form"
        if is_form:
            findings.add("bad-step", message, step.message.span, "send it as json, or use another recipe")
        for field in sorted(_body_fields(step.message) & plain):
            message = f"sorted_pairs takes a JSON object, and {field} of {endpoint.operation} is a single value"
            findings.add("bad-step", message, step.message.span, f"write {{body.{field}}} where it is signed")


def _body_fields(template: Template) -> set[str]:
    names = hole_names([template])
    return {name.removeprefix(BODY_FIELD) for name in names if name.startswith(BODY_FIELD)}
