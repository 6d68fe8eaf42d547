"""Builds signing recipes: placements, and named values put into an order in which each can be computed.

Rules: a step has exactly one operation; what is keyed names its credential, a hash does not; hashes, MACs and signatures
say how they are written, for bytes have no natural text; a jwt is text already; a circle of values is a finding, and the values keep their written order.
"""

from exconn.document import Findings, Mapping, Node, Scalar, Span
from exconn.spec.build.nodes import integer, mapping, scalar, text
from exconn.spec.names import Names, named_entries
from exconn.spec.pieces import Body, Object, Template
from exconn.spec.read import read_fields, read_template, read_value
from exconn.spec.tree import Placement, Recipe, Step, Token
from exconn.spec.vocabulary import HASHES, MACS, SIGNATURES, STEPS
from exconn.spec.walk import hole_names, step_templates

_KEYED = (*MACS, *SIGNATURES, "jwt")
_OF_A_TOKEN = ("header", "claims")


def build_signing(root: Mapping, names: Names, findings: Findings) -> dict[str, Recipe]:
    return {
        key.text: _recipe(key, mapping(value), names, findings) for key, value in named_entries(root.get("signing"))
    }


def _recipe(key: Scalar, node: Mapping, names: Names, findings: Findings) -> Recipe:
    steps = [_step(*entry, names, findings) for entry in named_entries(node.get("values"))]
    nonce = text(node, "nonce")
    return Recipe(
        name=key.text,
        span=key.span,
        nonce=None if nonce is None else nonce.removeprefix("increasing_"),
        expires_in=integer(node, "expires_in"),
        before=_placement(node.get("before"), findings),
        values=_in_order(steps, findings),
        after=_placement(node.get("after"), findings),
    )


def _placement(found: Node | None, findings: Findings) -> Placement:
    if found is None:
        return Placement()
    node = mapping(found)
    own = node.entry("own")
    if own is not None and not any(node.get(each) for each in ("query", "form", "json", "params")):
        message = "nothing stands behind the endpoint's own fields"
        findings.add("needless-own", message, own.key.span, "delete 'own', or add params: and what is signed with them")
    return Placement(
        headers=read_fields(node.get("headers"), findings),
        query=read_fields(node.get("query"), findings),
        form=read_fields(node.get("form"), findings),
        json=read_json(node, findings),
        params=read_fields(node.get("params"), findings),
        drop_body=text(node, "body") == "empty",
        own_first=own is not None,
    )


def read_json(node: Mapping, findings: Findings, key: str = "json") -> dict[str, Body]:
    """The fields of `json` of a placement or a request; of another `key`, written alike."""
    found = node.get(key)
    if found is None:
        return {}
    return {entry.key.text: read_value(entry.value, findings) for entry in mapping(found).entries}


def _step(key: Scalar, value: Node, names: Names, findings: Findings) -> Step:
    node = mapping(value)
    operations = [operation for operation in STEPS if node.get(operation) is not None]
    if len(operations) != 1:
        hint = f"the operations are {', '.join(STEPS)}"
        findings.add("bad-step", "a step is exactly one operation", key.span, hint)
        return Step(key.text, key.span, "", Template((), key.span), None, "")
    operation = operations[0]
    is_token = operation == "jwt"
    message = Template((), key.span) if is_token else read_template(scalar(node.get(operation)), findings)
    encoding, credential = text(node, "as"), text(node, "key")
    if operation in HASHES or operation in MACS or operation in SIGNATURES:
        if encoding is None:
            findings.add(
                "needs-as", f"{operation} needs 'as': a digest is bytes", key.span, "add as: hex, base64 or bytes"
            )
    elif encoding is not None:
        place = node.entry("as")
        assert place is not None
        findings.add("needless-as", f"{operation} gives text already", place.key.span, "delete 'as'")
    _check_key(node, operation, credential, key.span, names, findings)
    token = _token(key, node, findings) if is_token else None
    if not is_token:
        _refuse_token_keys(node, operation, findings)
    return Step(key.text, key.span, operation, message, credential, encoding or "text", token)


def _token(key: Scalar, node: Mapping, findings: Findings) -> Token:
    header, claims = (read_json(node, findings, each) for each in _OF_A_TOKEN)
    if not claims:
        findings.add("bad-step", "a jwt needs claims", key.span, "add claims: and what the token says")
    if "alg" in header:
        place = mapping(node.get("header")).entry("alg")
        assert place is not None
        findings.add("bad-step", "the algorithm is said by 'jwt'", place.key.span, "delete 'alg'")
    spans = [node.span if found is None else found.span for found in map(node.get, _OF_A_TOKEN)]
    bodies = [Object(tuple(fields.items()), span) for fields, span in zip((header, claims), spans, strict=True)]
    return Token(text(node, "jwt") or "", *bodies)


def _refuse_token_keys(node: Mapping, operation: str, findings: Findings) -> None:
    for each in _OF_A_TOKEN:
        entry = node.entry(each)
        if entry is not None:
            findings.add("bad-step", f"{operation} takes no {each}", entry.key.span, "delete it, or use jwt")


def _check_key(
    node: Mapping, operation: str, credential: str | None, span: Span, names: Names, findings: Findings
) -> None:
    if credential is None:
        if operation in _KEYED:
            findings.add("bad-step", f"{operation} needs a key", span, "add key: and the name of a credential")
        return
    place = scalar(node.get("key")).span
    if operation in _KEYED:
        names.use("credential", credential, place)
    else:
        findings.add("bad-step", f"{operation} takes no key", place, "delete it, or use an hmac or a signature")


def _in_order(steps: list[Step], findings: Findings) -> tuple[Step, ...]:
    known = {step.name: step for step in steps}
    missing = {step.name: hole_names(step_templates(step)) & known.keys() for step in steps}
    users: dict[str, list[str]] = {name: [] for name in known}
    for name, needs in missing.items():
        for each in needs:
            users[each].append(name)
    ready = [name for name, needs in missing.items() if not needs]
    for name in ready:  # grows while it is walked
        for user in users[name]:
            missing[user].discard(name)
            if not missing[user]:
                ready.append(user)
    if len(ready) == len(steps):
        return tuple(known[name] for name in ready)
    waiting = [name for name in known if missing[name]]
    message = f"these values need each other: {', '.join(waiting)}"
    hint = "each value may use only values that can be made before it"
    findings.add("recipe-cycle", message, known[waiting[0]].span, hint)
    return tuple(steps)
