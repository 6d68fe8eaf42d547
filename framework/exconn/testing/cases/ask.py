"""One question to a codec, and what came of it against what was expected; a function a kind of case.

Rules: an error that a codec is meant to raise is an outcome like any other; a case about something that the codec has
not says so; the lines of the spec that an unreadable record names go with the outcome.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from exconn.codec import (
    Arguments,
    Channel,
    Codec,
    Context,
    Endpoint,
    Frame,
    FrameKind,
    Reply,
    Request,
    Socket,
    remember,
)
from exconn.errors import ExchangeError, Redirected, Unanswered, Unread, UsageError
from exconn.model import Report, Unreadable

from .compare import Difference, compare
from .follow import Followed, Unfollowed
from .moments import Moment
from .told import Body, Json, Message, Told, Url, tell_error, tell_refused, tell_reports
from .tree import (
    AskedRequest,
    BookDialogue,
    BrokenPayload,
    Case,
    SampleFrame,
    SampleReply,
    SentFrame,
    Subject,
    WorkedSignature,
)

Asked: TypeAlias = tuple[Iterable[Difference], Sequence[str]]


class Unasked(Exception):
    """The case is about something that the spec has not."""


def ask(codec: Codec, context: Context, case: Case) -> Asked:
    """The differences, and the lines of the spec that they concern. Unasked; whatever a broken codec raises."""
    return _ASK[type(case.subject)](codec, context, case)


def endpoint_of(codec: Codec, operation: str) -> Endpoint:
    if operation not in codec.endpoints:
        raise Unasked(f"the spec has no operation {operation}")
    return codec.endpoints[operation]


def socket_of(codec: Codec, socket: str) -> Socket:
    if socket not in codec.sockets:
        raise Unasked(f"the spec has no socket {socket}")
    return codec.sockets[socket]


def _request(codec: Codec, context: Context, case: Case) -> Asked:
    asked = case.subject
    assert isinstance(asked, AskedRequest)
    endpoint = endpoint_of(codec, asked.operation)
    try:
        told: dict[str, Told] = {"sends": tell_request(endpoint.build(asked.arguments, asked.fresh, context))}
    except UsageError as error:
        told = {"refused": Message(str(error))}
    return compare(case.expected, told | _drawn(case, endpoint.nonce)), ()


def _signature(codec: Codec, context: Context, case: Case) -> Asked:
    worked = case.subject
    assert isinstance(worked, WorkedSignature)
    context.hosts = dict.fromkeys(context.hosts, worked.origin)
    endpoint = endpoint_of(codec, worked.endpoint)
    told: dict[str, Told] = {"sends": tell_request(endpoint.build(Arguments(), worked.fresh, context))}
    return compare(case.expected, told | _drawn(case, endpoint.nonce)), ()


def _drawn(case: Case, nonce: str | None) -> dict[str, Told]:
    """What the nonce is counted in, for a case that asks about it."""
    return {} if case.expected.get("nonce") is None else {"nonce": nonce or "none"}


def tell_request(request: Request) -> dict[str, Told]:
    """Everything that is written of a request, and its fence."""
    told: dict[str, Told] = {"http": Url(f"{request.method} {request.origin}{request.target}")}
    if request.headers:
        told["headers"] = dict(request.headers)
    if request.body:
        told["body"] = Body(request.body.decode())
    if request.fence_ns is not None:
        told["fence"] = Moment(request.fence_ns)
    return told


def _reply(codec: Codec, context: Context, case: Case) -> Asked:
    sample = case.subject
    assert isinstance(sample, SampleReply)
    endpoint = endpoint_of(codec, sample.operation)
    read_at: tuple[str, ...] = ()
    told: dict[str, Told]
    try:
        reply = endpoint.read(sample.answer, sample.arguments, context)
    except ExchangeError as error:
        told = {"error": tell_error(error)}
    except Unread as error:
        told, read_at = {"unread": Message(str(error.why))}, (error.where,)
    except Unanswered as error:
        told = {"unanswered": Message(str(error))}
    except Redirected as error:
        told = {"redirected": Message(str(error))}
    else:
        told, read_at = _tell_reply(reply), _unreadable_at(reply.reports)
    return compare(case.expected, told), read_at


def _tell_reply(reply: Reply) -> dict[str, Told]:
    told: dict[str, Told] = {"gives": tell_reports(reply.reports)}
    if reply.next is not None:
        told["next"] = str(reply.next)
    if reply.given:
        told["given"] = dict(reply.given)
    if reply.refused:
        told["refuses"] = [tell_refused(each) for each in reply.refused]
    return told


def _unreadable_at(reports: Iterable[Report]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(report.where for report in reports if isinstance(report, Unreadable)))


def _frame(codec: Codec, context: Context, case: Case) -> Asked:
    sample = case.subject
    assert isinstance(sample, SampleFrame)
    frame = _heard(codec, context, sample)
    told: dict[str, Told] = {"is": frame.kind.value}
    if frame.reports or frame.kind is FrameKind.MESSAGE:
        told["gives"] = tell_reports(frame.reports)
    if frame.error is not None:
        told["error"] = tell_error(frame.error)
    if frame.answer is not None:
        told["answer"] = Json(frame.answer)
    if frame.count is not None and case.expected.get("count") is not None:
        told["count"] = str(frame.count)
    if frame.opened is not None:
        told["opened"] = _tell_opened(frame.opened)
    differences = list(compare(case.expected, told))
    of_kind = [each for each in differences if each.path == ("is",)]
    return of_kind or differences, _unreadable_at(frame.reports)


def _heard(codec: Codec, context: Context, sample: SampleFrame) -> Frame:
    """The frame as a connection reads it, after those that came before."""
    socket = socket_of(codec, sample.socket)
    for before in sample.after:
        remember(context, socket.read(before, context))
    return socket.read(sample.frame, context)


def _tell_opened(channel: Channel) -> dict[str, Told]:
    told: dict[str, Told] = {"number": str(channel.number), "kind": channel.kind}
    return told if channel.symbol is None else told | {"symbol": channel.symbol}


def _broken(codec: Codec, context: Context, case: Case) -> Asked:
    broken = case.subject
    assert isinstance(broken, BrokenPayload)
    payload = broken.payload
    try:
        if isinstance(payload, SampleFrame):
            frame = _heard(codec, context, payload)
            if frame.kind is FrameKind.UNREADABLE:
                return compare(case.expected, {"is": "unreadable"}), ()
            reports = frame.reports
        else:
            reports = endpoint_of(codec, payload.operation).read(payload.answer, payload.arguments, context).reports
    except Unread:
        return compare(case.expected, {"is": "unreadable"}), ()
    is_unreadable = any(isinstance(report, Unreadable) for report in reports)
    return compare(case.expected, {"is": "unreadable" if is_unreadable else "read"}), ()


def _sent(codec: Codec, context: Context, case: Case) -> Asked:
    sent = case.subject
    assert isinstance(sent, SentFrame)
    socket = socket_of(codec, sent.socket)
    role = "subscribe" if sent.what == "unsubscribe" else sent.what
    return compare(case.expected, _tell_sent(socket, sent, context) | _drawn(case, socket.nonces.get(role))), ()


def _tell_sent(socket: Socket, sent: SentFrame, context: Context) -> dict[str, Told]:
    if sent.what == "connect":
        return {"sends": tell_request(socket.connect(sent.fresh, context))}
    if sent.what == "login":
        return {"frames": [] if socket.login is None else [Json(socket.login(sent.fresh, context))]}
    if sent.what == "ask_snapshot":
        ask = socket.ask_snapshot
        return {"frames": [] if ask is None else [Json(ask(pair, sent.fresh, context)) for pair in sent.pairs]}
    if sent.what == "ping":
        if socket.ping is not None and socket.ping.frame is None:
            return {"protocol_ping": "true"}
        ping = None if socket.ping is None else socket.ping.frame
        return {"frames": [] if ping is None else [Json(ping(sent.fresh, context))]}
    return {"frames": [Json(frame) for frame in socket.subscribe(sent.pairs, sent.what, sent.fresh, context)]}


def _book(codec: Codec, context: Context, case: Case) -> Asked:
    dialogue = case.subject
    assert isinstance(dialogue, BookDialogue)
    socket, snapshots = socket_of(codec, dialogue.socket), codec.endpoints.get("book_snapshot")
    if codec.facts.book is None:
        raise Unasked("the spec has no order_book")
    followed = Followed(codec.facts.book, socket, snapshots, context, dialogue)
    differences: list[Difference] = []
    for step in dialogue.steps:
        try:
            told = followed.take(step)
        except Unfollowed as error:
            return [*differences, Difference((), step.expected.span, str(error))], error.read_at
        if step.expected.get("book") is not None:
            told["book"] = followed.tell()
        differences += (_with_why(each, followed.why) for each in compare(step.expected, told))
    return differences, ()


def _with_why(difference: Difference, why: str | None) -> Difference:
    """What a step does, with why it does just that."""
    if why is None or difference.path[:1] != ("does",):
        return difference
    return replace(difference, why=f"{difference.why}; {why}")


_ASK: Final[dict[type[Subject], Callable[[Codec, Context, Case], Asked]]] = {
    AskedRequest: _request,
    WorkedSignature: _signature,
    SampleReply: _reply,
    SampleFrame: _frame,
    BrokenPayload: _broken,
    SentFrame: _sent,
    BookDialogue: _book,
}
