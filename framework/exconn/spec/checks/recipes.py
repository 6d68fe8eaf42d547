"""Recipes: the signature is sent, whatever is signed of the moment is sent too, and no value is made for nothing.

Rules: the values that a request's recipe makes end in its `after`, a frame's in the frame; a moment, nonce or id that
is signed and never sent could not be checked by the exchange; a frame that names a recipe holds one of its values.
"""

from exconn.document import Findings, quoted
from exconn.spec.checks.signed import signed_frames
from exconn.spec.placeholders import EXPIRY, IDENTIFIERS, MOMENTS, NONCE
from exconn.spec.tree import Recipe, Spec
from exconn.spec.walk import hole_names, part_templates, step_templates, templates_of

_OF_THE_MOMENT = MOMENTS | IDENTIFIERS | NONCE | EXPIRY


def check_recipes(spec: Spec, findings: Findings) -> None:
    for recipe in spec.signing.values():
        values = {step.name for step in recipe.values}
        frames = [frame for socket in spec.sockets.values() for frame in signed_frames(socket, recipe)]
        sent = hole_names(part_templates(recipe.before)) | hole_names(part_templates(recipe.after))
        for body, span in frames:
            in_frame = hole_names(templates_of(body))
            if values and not in_frame & values:
                message = f"the frame is signed by {quoted(recipe.name)}, but holds none of its values"
                findings.add("signature-not-sent", message, span, f"add one of {_list(values)}")
            sent |= in_frame
        _check_values(recipe, sent, findings)
        signs_requests = any(endpoint.signed == recipe.name for endpoint in spec.endpoints.values())
        signs_requests |= any(socket.connect.signed == recipe.name for socket in spec.sockets.values())
        in_after = hole_names(part_templates(recipe.after)) & values
        if signs_requests and values and not in_after:
            message = f"the recipe {quoted(recipe.name)} signs requests, but its after holds none of its values"
            findings.add("signature-not-sent", message, recipe.span, f"add one of {_list(values)} to after")


def _list(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))


def _check_values(recipe: Recipe, sent: set[str], findings: Findings) -> None:
    used = sent | {name for step in recipe.values for name in hole_names(step_templates(step))}
    sent |= {name for step in recipe.values if step.token for name in hole_names(step_templates(step))}
    for step in recipe.values:
        if step.name not in used:
            message = f"the value {quoted(step.name)} is never used"
            findings.add("unused-name", message, step.span, "use it or delete it")
        elif step.encoding == "bytes" and step.name in sent:
            message = f"the value {quoted(step.name)} is sent, but is bytes"
            findings.add("bytes-sent", message, step.span, "write as: hex or as: base64")
        for name in sorted(hole_names(step_templates(step)) & _OF_THE_MOMENT - sent):
            message = f"{{{name}}} is signed and never sent"
            hint = "send it in before or after, or in the frame: the exchange needs it to check the signature"
            findings.add("signed-not-sent", message, step.message.span, hint)
