"""Guarantees about the connections that events and books come over: that their end is noticed, and foreseen.

Rules: where there is no socket nothing of it can fail; of several sockets the one that promises least decides.
"""

from exconn.spec import Spec
from exconn.spec.pieces import Array, Body, Object

from .facts import number
from .guarantee import Guarantee, Judgement, holds, weaker

_LATE = 60.0

_NO_SOCKET = holds("there is no socket that could fail; REST is polled")


def _silence(spec: Spec) -> Judgement:
    if not spec.sockets:
        return Judgement("no socket", "sockets")
    slow = max(spec.sockets.values(), key=lambda socket: socket.silence)
    key, values = f"sockets.{slow.name}.silence", {"seconds": number(slow.silence), "socket": slow.name}
    return Judgement("late" if slow.silence > _LATE else "soon", key, slow.span, values)


def _pings(spec: Spec) -> Judgement:
    if not spec.sockets:
        return Judgement("no socket", "sockets")
    bare = next((each for each in spec.sockets.values() if each.ping is None and not each.control.server_ping), None)
    if bare is not None:
        return Judgement("probed", f"sockets.{bare.name}.ping", bare.span, {"socket": bare.name})
    first = next(iter(spec.sockets.values()))
    return Judgement("answered", f"sockets.{first.name}.ping", first.span)


def _ages(spec: Spec) -> Judgement:
    if not spec.sockets:
        return Judgement("no socket", "sockets")
    ageless = next((each for each in spec.sockets.values() if each.lives is None), None)
    if ageless is not None:
        return Judgement("untold", f"sockets.{ageless.name}.lives", ageless.span, {"socket": ageless.name})
    first = next(iter(spec.sockets.values()))
    return Judgement("told", f"sockets.{first.name}.lives", first.span)


def _acknowledged(spec: Spec) -> Judgement:
    told = [each for each in spec.sockets.values() if each.subscribe]
    silent = next((each for each in told if each.control.subscribed is None and each.opened is None), None)
    if silent is not None:
        key = f"sockets.{silent.name}.control.subscribed"
        return Judgement("silent", key, silent.span, {"socket": silent.name})
    for socket in told:
        joint = next((each for each in socket.subscribe if _channels(each.send) > 1), None)
        if joint is not None:
            values = {"socket": socket.name, "count": f"{_channels(joint.send)}"}
            return Judgement("joint", f"sockets.{socket.name}.subscribe", joint.span, values)
    if not told:
        return Judgement("no socket", "sockets.*.subscribe")
    key = "opened" if told[0].control.subscribed is None else "control.subscribed"
    return Judgement("told", f"sockets.{told[0].name}.{key}", told[0].span)


def _channels(piece: Body) -> int:
    """How many things the longest array of a frame names."""
    if isinstance(piece, Array):
        return max([len(piece.items), *map(_channels, piece.items)])
    if isinstance(piece, Object):
        return max([0, *(_channels(each) for _, each in piece.fields)])
    return 0


GUARANTEES = (
    Guarantee(
        "silence-is-noticed",
        "a connection that stands still is given up and made anew",
        ("31", "58"),
        {
            "soon": holds("after {seconds} s without a frame at most ({socket})"),
            "late": weaker(
                "{socket} may be silent for {seconds} s before it counts as dead",
                "say a silence of at most 60, with a ping that keeps a quiet connection alive",
            ),
            "no socket": _NO_SOCKET,
        },
        _silence,
    ),
    Guarantee(
        "quiet-is-no-alarm",
        "a quiet market is not taken for a dead connection",
        ("32",),
        {
            "answered": holds("every socket has a ping whose answer is a sign of life"),
            "probed": weaker(
                "{socket} has no ping of its own: it is probed by a ping of the websocket protocol",
                "add ping, as documented",
            ),
            "no socket": _NO_SOCKET,
        },
        _pings,
    ),
    Guarantee(
        "ages-are-known",
        "a connection is replaced before the exchange closes it",
        ("33",),
        {
            "told": holds("every socket says how old it gets"),
            "untold": weaker(
                "{socket} does not say how old it gets: it may be closed in the middle of trading, and is made anew",
                "add lives: SECONDS, if it is documented",
            ),
            "no socket": _NO_SOCKET,
        },
        _ages,
    ),
    Guarantee(
        "subscriptions-are-confirmed",
        "a stream counts as live when the exchange has said so",
        ("20", "58"),
        {
            "told": holds("each frame is answered; an error after that ends the connection"),
            "joint": weaker(
                "{socket} names {count} channels in one frame, for which one answer is counted: if each is answered by "
                "itself, it is live with the first, until an error ends the connection",
                "write a frame for each channel (with), if the exchange answers each by itself",
            ),
            "silent": weaker(
                "{socket} counts as live when its subscriptions were sent: a refusal without a frame is not noticed",
                "add control: {{subscribed: MATCH}}",
            ),
            "no socket": _NO_SOCKET,
        },
        _acknowledged,
    ),
)
