"""What is about an account proves whose account it is.

Rules: an operation about the account names a recipe, and a recipe that signs requests sends something that only the
account's holder has; a socket whose messages are orders, fills or balances sends such a thing when it connects, logs in
or subscribes.
"""

from exconn.document import Findings, quoted
from exconn.spec.tree import Recipe, Socket, Spec
from exconn.spec.vocabulary import HISTORIES, LOOKUPS
from exconn.spec.walk import hole_names, part_templates, sent_frames

_OPERATIONS = frozenset(
    {"place_order", "cancel_order", "open_orders", "balances", "key_rights", "dead_mans_switch", *LOOKUPS, *HISTORIES}
)
_RECORDS = ("order", "fill", "balance")


def check_accounts(spec: Spec, findings: Findings) -> None:
    held = frozenset(spec.credentials) | {given.name for end in spec.endpoints.values() for given in end.gives}
    for endpoint in spec.endpoints.values():
        if endpoint.operation in _OPERATIONS and endpoint.signed is None:
            message = f"{endpoint.operation} is about an account and is not signed"
            findings.add("unsigned", message, endpoint.span, "add signed: and the name of a recipe")
    for name in dict.fromkeys(each.signed for each in spec.endpoints.values() if each.operation in _OPERATIONS):
        recipe = spec.signing.get(name or "")
        if recipe is not None and not _proves(recipe, held):
            message = f"the recipe {quoted(recipe.name)} signs requests, but sends nothing of the account's holder"
            findings.add("unsigned", message, recipe.span, "add a signature or a key to after")
    for socket in spec.sockets.values():
        _check_socket(spec, socket, held, findings)


def _proves(recipe: Recipe, held: frozenset[str]) -> bool:
    placed = hole_names([*part_templates(recipe.before), *part_templates(recipe.after)])
    return bool(placed & (held | {step.name for step in recipe.values}))


def _check_socket(spec: Spec, socket: Socket, held: frozenset[str], findings: Findings) -> None:
    kinds = {record.kind: record for message in socket.messages for record in message.records}
    private = next((kinds[kind] for kind in _RECORDS if kind in kinds), None)
    if private is None or socket.connect.signed is not None:
        return
    recipes = [socket.login.signed] if socket.login is not None else []
    recipes += [subscription.signed for subscription in socket.subscribe]
    values = {step.name for name in recipes if name in spec.signing for step in spec.signing[name].values}
    sent = hole_names([socket.connect.path, *socket.connect.query.values(), *sent_frames(socket)])
    if not sent & (held | values):
        message = f"the socket {quoted(socket.name)} tells {private.kind}s of an account, but nobody logs in to it"
        findings.add("unsigned", message, socket.span, "add login, or sign what connects or subscribes")
