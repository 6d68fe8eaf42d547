"""Channels that are numbered when they are opened: who says so, and who names them.

Rules: a message is told by a match, by the kind of its channel, or by both; kinds are named only where channels are
opened, and channels are opened only for messages that name them; a symbol is read from a channel only where its opening
frame is asked for it.
"""

from exconn.document import Findings, Span
from exconn.spec.pieces import Source
from exconn.spec.tree import Message, Socket, Spec


def check_channels(spec: Spec, findings: Findings) -> None:
    for socket in spec.sockets.values():
        for message in socket.messages:
            _check_message(socket, message, findings)
        if socket.opened is not None and all(message.opened_as is None for message in socket.messages):
            hint = "add opened_as: and the channel's kind to a message, or delete opened"
            findings.add("bad-opened", "channels are opened, but no message is of one", socket.opened.span, hint)


def _check_message(socket: Socket, message: Message, findings: Findings) -> None:
    start = Span(message.span.file, message.span.line, message.span.col)
    if message.opened_as is None and not message.match.lines:
        findings.add("missing-key", "nothing says which frames these are", start, "add match, or opened_as")
    if message.opened_as is not None and socket.opened is None:
        hint = "add opened: {match, number, kind, frames} to the socket, or write a match"
        findings.add("bad-opened", "no channel is opened here, and so none is opened as anything", start, hint)
    for record in message.records:
        symbol = record.fields.get("symbol")
        if symbol is None or symbol.source is not Source.OPENED:
            continue
        if message.opened_as is None:
            hint = "add opened_as: and the channel's kind to the message"
            findings.add("bad-opened", "the symbol is a channel's, but the message is of none", symbol.span, hint)
        elif socket.opened is not None and socket.opened.symbol is None:
            hint = "add symbol: PATH to opened"
            findings.add("bad-opened", "the opening frame is not asked for its symbol", symbol.span, hint)
