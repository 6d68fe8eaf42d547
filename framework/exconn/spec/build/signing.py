"""Builds signing recipes: placements, and named values put into an order in which each can be computed.

Rules: a step has exactly one operation; a MAC names its credential, a hash does not; hashes and MACs say how they are
written, for a digest has no natural text; a circle of values is a finding, and the values keep their written order.
"""

from exconn.document import Findings, Mapping, Node, Scalar, Span
from exconn.spec.build.nodes import integer, mapping, scalar, text
from exconn.spec.names import Names, named_entries
from exconn.spec.pieces import Body, Template
from exconn.spec.read import read_fields, read_template, read_value
from exconn.spec.tree import Placement, Recipe, Step
from exconn.spec.vocabulary import HASHES, MACS, STEPS


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
    return Placement(
        headers=read_fields(node.get("headers"), findings),
        query=read_fields(node.get("query"), findings),
        form=read_fields(node.get("form"), findings),
        json=read_json(node, findings),
        params=read_fields(node.get("params"), findings),
        drop_body=text(node, "body") == "empty",
    )


def read_json(node: Mapping, findings: Findings) -> dict[str, Body]:
    """The fields of `json` of a placement or a request."""
    found = node.get("json")
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
    message = read_template(scalar(node.get(operation)), findings)
    encoding, credential = text(node, "as"), text(node, "key")
    if operation in HASHES or operation in MACS:
        if encoding is None:
            findings.add(
                "needs-as", f"{operation} needs 'as': a digest is bytes", key.span, "add as: hex, base64 or bytes"
            )
    elif encoding is not None:
        place = node.entry("as")
        assert place is not None
        findings.add("needless-as", f"{operation} gives text already", place.key.span, "delete 'as'")
    _check_key(node, operation, credential, key.span, names, findings)
    return Step(key.text, key.span, operation, message, credential, encoding or "text")


def _check_key(
    node: Mapping, operation: str, credential: str | None, span: Span, names: Names, findings: Findings
) -> None:
    if credential is None:
        if operation in MACS:
            findings.add("bad-step", f"{operation} needs a key", span, "add key: and the name of a credential")
        return
    place = scalar(node.get("key")).span
    if operation in MACS:
        names.use("credential", credential, place)
    else:
        findings.add("bad-step", f"{operation} takes no key", place, "delete it, or use an hmac")


def _in_order(steps: list[Step], findings: Findings) -> tuple[Step, ...]:
    known = {step.name: step for step in steps}
    missing = {step.name: _needs(step.message) & known.keys() for step in steps}
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


def _needs(message: Template) -> set[str]:
    return {hole.name for hole in message.holes}
