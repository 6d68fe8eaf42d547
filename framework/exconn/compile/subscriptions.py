"""Subscriptions: the function (pairs, verb, fresh, context) -> the frames that a socket sends.

Rules: a subscription that names a pair gives a frame a pair, with a list a frame for up to `at_most` pairs, else one
frame; all of that once for each combination of its words; without `{verb}` it cannot be left, so unsubscribing sends
nothing for it; frames after the first take following request ids, nonces and uuids.
"""

import ast

from exconn.codec.encoding import json_escaped
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.frames import PAIR, VERB, Frames, word_parameter
from exconn.compile.holes import body_holes, names_pair
from exconn.compile.scope import unsayable
from exconn.compile.statements import assign, compare, each, empty_list, items, returns, when
from exconn.compile.templates import Part, split_at_pair
from exconn.spec.pieces import Array, Body, Object, Template
from exconn.spec.tree import Socket, Subscription

_ITEM = (PAIR, VERB)


def emit_subscribe(socket: Socket, frames: Frames) -> str:
    """Define the function in the frames' unit; returns its name."""
    unit = frames.unit
    statements: list[ast.stmt] = [assign("frames", empty_list())]
    for subscription in socket.subscribe:
        steps = _steps(socket, subscription, frames)
        for word, theirs in reversed(subscription.words.items()):
            steps = [each(word_parameter(word), items(*map(const, theirs)), steps)]
        if "verb" not in body_holes(subscription.send):
            steps = [when(compare(name(VERB), ast.Eq(), const("subscribe")), *steps)]
        statements += [at(step, subscription.span) for step in steps]
    statements.append(returns(name("frames")))
    return unit.function(f"subscribe_{socket.name}", ("pairs", VERB, "fresh", "context"), statements, socket.span)


def _steps(socket: Socket, subscription: Subscription, frames: Frames) -> list[ast.stmt]:
    stem, words = f"frame_{socket.name}", tuple(map(word_parameter, subscription.words))
    if subscription.list_at is not None:
        return _listed(socket, subscription, frames, words)
    if not names_pair(subscription.send):
        frame = frames.frame(subscription, stem, (*words, VERB))
        return [_append(frame, [*map(name, words), name(VERB)], frames.unit)]
    frame = frames.frame(subscription, stem, (*words, PAIR, VERB))
    return [each(PAIR, name("pairs"), [_append(frame, [*map(name, words), name(PAIR), name(VERB)], frames.unit)])]


def _listed(socket: Socket, subscription: Subscription, frames: Frames, words: tuple[str, ...]) -> list[ast.stmt]:
    """One frame for up to `at_most` pairs."""
    place, whole = _repeated(socket, subscription, frames, words)
    frame = frames.frame(subscription, f"frame_{socket.name}", (*words, "pairs", VERB), {id(place): whole})

    def sent(pairs: ast.expr) -> ast.stmt:
        return _append(frame, [*map(name, words), pairs, name(VERB)], frames.unit)

    if subscription.at_most is None:
        return [when(name("pairs"), sent(name("pairs")))]
    size = const(subscription.at_most)
    end = ast.BinOp(name("start"), ast.Add(), size)
    chunk = ast.Subscript(name("pairs"), ast.Slice(name("start"), end), ast.Load())
    starts = call(name("range"), const(0), call(name("len"), name("pairs")), size)
    return [each("start", starts, [sent(chunk)])]


def _repeated(socket: Socket, subscription: Subscription, frames: Frames, words: tuple[str, ...]) -> tuple[Body, Part]:
    """What `list` names, and what stands there for all pairs: what it holds for one, written once for each."""
    place, stem = _place(subscription), f"item_{socket.name}"
    if isinstance(place, Template):
        _, stretch, _ = split_at_pair(place)
        item = frames.text(stretch, subscription, stem, (*words, *_ITEM))
        between = json_escaped(subscription.join or "")
    else:
        assert isinstance(place, Array)
        one = Subscription(place.items[0], place.span, subscription.signed, words=subscription.words)
        item = frames.frame(one, stem, (*words, *_ITEM))
        between = ","
    written = call(name(item), *map(name, (*words, *_ITEM, "fresh", "context")))
    loop = ast.comprehension(ast.Name(PAIR, ast.Store()), name("pairs"), [], 0)
    return place, call(ast.Attribute(const(between), "join", ast.Load()), ast.ListComp(written, [loop]))


def _place(subscription: Subscription) -> Body:
    """What `list` names by its dotted path: the array of the one element that is repeated, or with `join` a text."""
    piece: Body | None = subscription.send
    for key in (subscription.list_at or "").split("."):
        piece = dict(piece.fields).get(key) if isinstance(piece, Object) else None
    if subscription.join is not None:
        if isinstance(piece, Template) and names_pair(piece):
            return piece
        message = f"list {subscription.list_at} does not name a text of `send` with a symbol in it"
        raise unsayable(message, subscription.span, "write the symbol once in it, or delete join")
    if not isinstance(piece, Array) or len(piece.items) != 1:
        message = f"list {subscription.list_at} does not name an array of one element in `send`"
        raise unsayable(message, subscription.span, "write the element once, with the symbol in it")
    return piece


def _append(frame: str, leading: list[ast.expr], unit: Unit) -> ast.stmt:
    """frames.append(frame(..., following(fresh, len(frames)), context))"""
    fresh = call(unit.use("following"), name("fresh"), call(name("len"), name("frames")))
    made = call(name(frame), *leading, fresh, name("context"))
    return ast.Expr(call(attribute(name("frames"), "append"), made))
