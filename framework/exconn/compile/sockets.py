"""What a socket sends: the handshake's request, login, subscriptions and pings, one function each.

Rules: a handshake is a GET built and signed like any request; frames are compact JSON texts; a subscription that names
a pair gives a frame a pair, with a list a frame for up to `at_most` pairs, else one frame; without `{verb}` it cannot
be left, so unsubscribing sends nothing for it; frames after the first take following request ids, nonces and uuids.
"""

import ast
from collections.abc import Sequence

from exconn.compile.drafts import Draft
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.holes import body_holes, names_pair
from exconn.compile.placeholders import offer_context, offer_expiry, offer_fresh, offer_pair
from exconn.compile.requests import recipe_of, request_scope, write_request
from exconn.compile.scope import Charset, Local, Scope, unsayable
from exconn.compile.signing import Signing
from exconn.compile.templates import Part, joined, json_parts
from exconn.compile.wire import offer_wire
from exconn.spec.pieces import Array, Body, Object
from exconn.spec.tree import Parts, Socket, Spec, Subscription

_PAIR = "pair"


def emit_socket_functions(spec: Spec, socket: Socket, unit: Unit, signing: Signing) -> dict[str, str]:
    """Define what the socket sends; role (connect, subscribe, login, ask_snapshot, ping) -> the function's name. The
    last three only where the socket has them."""
    functions = {
        "connect": _emit_connect(spec, socket, unit, signing),
        "subscribe": _emit_subscribe(spec, socket, unit, signing),
    }
    if socket.login is not None:
        login = Subscription(socket.login.send, socket.login.span, socket.login.signed)
        functions["login"] = _emit_frame(spec, socket, login, f"login_{socket.name}", (), unit, signing)
    if socket.ask_snapshot is not None:
        stem = f"ask_{socket.name}_snapshot"
        functions["ask_snapshot"] = _emit_frame(spec, socket, socket.ask_snapshot, stem, (_PAIR,), unit, signing)
    if socket.ping is not None and socket.ping.send is not None:
        ping = Subscription(socket.ping.send, socket.ping.span)
        functions["ping"] = _emit_frame(spec, socket, ping, f"ping_{socket.name}", (), unit, signing)
    elif socket.ping is not None and socket.ping.word is not None:
        word: list[ast.stmt] = [ast.Return(const(socket.ping.word))]
        functions["ping"] = unit.function(f"ping_{socket.name}", ("fresh", "context"), word, socket.ping.span)
    return functions


def _draft(spec: Spec, socket: Socket, signed: str | None) -> Draft:
    """The handshake; also what `{host}` and `{path}` mean in a frame."""
    return Draft(
        stem=f"connect_{socket.name}",
        span=socket.connect.span,
        method="GET",
        host=socket.connect.host,
        path=socket.connect.path,
        parts=Parts(query=socket.connect.query),
        recipe=recipe_of(spec, signed),
    )


def _emit_connect(spec: Spec, socket: Socket, unit: Unit, signing: Signing) -> str:
    draft = _draft(spec, socket, socket.connect.signed)
    scope = request_scope(spec, draft, unit, signing)
    write_request(draft, scope)
    types: dict[str, ast.expr] = {each: unit.use(each.capitalize()) for each in ("fresh", "context")}
    return unit.function(draft.stem, ("fresh", "context"), scope.statements, draft.span, unit.use("Request"), types)


def _frame_scope(spec: Spec, socket: Socket, signed: str | None, unit: Unit, signing: Signing) -> Scope:
    scope = Scope(unit)
    draft = _draft(spec, socket, signed)
    offer_fresh(scope)
    offer_expiry(scope, draft.recipe)
    offer_wire(draft, scope)
    offer_pair(scope, spec, name(_PAIR))
    scope.know("verb", Local("verb", Charset.TOKEN))
    if draft.recipe is not None:
        signing.offer(scope, draft.recipe)
    offer_context(scope, spec)
    return scope


def _emit_frame(
    spec: Spec,
    socket: Socket,
    frame: Subscription,
    stem: str,
    leading: Sequence[str],
    unit: Unit,
    signing: Signing,
    repeated: dict[int, Part] | None = None,
) -> str:
    """A function (*leading, fresh, context) -> the frame's text."""
    scope = _frame_scope(spec, socket, frame.signed, unit, signing)
    written = joined(json_parts(frame.send, scope, repeated))
    scope.statements.append(at(ast.Return(written), frame.span))
    return unit.function(stem, (*leading, "fresh", "context"), scope.statements, frame.span)


def _emit_subscribe(spec: Spec, socket: Socket, unit: Unit, signing: Signing) -> str:
    statements: list[ast.stmt] = [ast.Assign([ast.Name("frames", ast.Store())], ast.List([], ast.Load()))]
    for subscription in socket.subscribe:
        steps = _subscription_steps(spec, socket, subscription, unit, signing)
        if "verb" not in body_holes(subscription.send):
            asked = ast.Compare(name("verb"), [ast.Eq()], [const("subscribe")])
            steps = [ast.If(asked, steps, [])]
        statements += [at(step, subscription.span) for step in steps]
    statements.append(ast.Return(name("frames")))
    return unit.function(f"subscribe_{socket.name}", ("pairs", "verb", "fresh", "context"), statements, socket.span)


def _subscription_steps(
    spec: Spec, socket: Socket, subscription: Subscription, unit: Unit, signing: Signing
) -> list[ast.stmt]:
    stem = f"frame_{socket.name}"
    if subscription.list_at is not None:
        return _listed_steps(spec, socket, subscription, unit, signing)
    if not names_pair(subscription.send):
        frame = _emit_frame(spec, socket, subscription, stem, ("verb",), unit, signing)
        return [_append(frame, [name("verb")], unit)]
    frame = _emit_frame(spec, socket, subscription, stem, (_PAIR, "verb"), unit, signing)
    sent = _append(frame, [name(_PAIR), name("verb")], unit)
    return [ast.For(ast.Name(_PAIR, ast.Store()), name("pairs"), [sent], [])]


def _listed_steps(
    spec: Spec, socket: Socket, subscription: Subscription, unit: Unit, signing: Signing
) -> list[ast.stmt]:
    """One frame for up to `at_most` pairs; the list's one element is written once a pair."""
    array = _listed_array(subscription)
    item = Subscription(array.items[0], array.span, subscription.signed)
    item_name = _emit_frame(spec, socket, item, f"item_{socket.name}", (_PAIR, "verb"), unit, signing)
    each = call(name(item_name), *map(name, (_PAIR, "verb", "fresh", "context")))
    loop = ast.comprehension(ast.Name(_PAIR, ast.Store()), name("pairs"), [], 0)
    items = call(ast.Attribute(const(","), "join", ast.Load()), ast.ListComp(each, [loop]))
    frame = _emit_frame(
        spec, socket, subscription, f"frame_{socket.name}", ("pairs", "verb"), unit, signing, {id(array): items}
    )
    if subscription.at_most is None:
        return [ast.If(name("pairs"), [_append(frame, [name("pairs"), name("verb")], unit)], [])]
    size = const(subscription.at_most)
    chunk = ast.Subscript(
        name("pairs"), ast.Slice(name("start"), ast.BinOp(name("start"), ast.Add(), size)), ast.Load()
    )
    starts = call(name("range"), const(0), call(name("len"), name("pairs")), size)
    return [ast.For(ast.Name("start", ast.Store()), starts, [_append(frame, [chunk, name("verb")], unit)], [])]


def _append(frame: str, leading: list[ast.expr], unit: Unit) -> ast.stmt:
    """frames.append(frame(..., following(fresh, len(frames)), context))"""
    fresh = call(unit.use("following"), name("fresh"), call(name("len"), name("frames")))
    made = call(name(frame), *leading, fresh, name("context"))
    return ast.Expr(call(attribute(name("frames"), "append"), made))


def _listed_array(subscription: Subscription) -> Array:
    """The array that `list` names by its dotted path; it must hold the one element that is repeated."""
    piece: Body | None = subscription.send
    for key in (subscription.list_at or "").split("."):
        piece = dict(piece.fields).get(key) if isinstance(piece, Object) else None
    if not isinstance(piece, Array) or len(piece.items) != 1:
        message = f"list {subscription.list_at} does not name an array of one element in `send`"
        raise unsayable(message, subscription.span, "write the element once, with the symbol in it")
    return piece
