"""Builds sockets: connecting, frames we send, frames that are no messages, messages with their records.

Rules: `{word: x}` alone as `pong` is a frame of plain text; the records of messages are built as those of replies.
"""

from exconn.document import Findings, Mapping, Node, Scalar
from exconn.spec.build.errors import build_errors
from exconn.spec.build.nodes import integer, mapping, match, path, place, rows_of, scalar, seconds, text
from exconn.spec.build.records import Records
from exconn.spec.build.requests import build_costs
from exconn.spec.names import Names, named_entries
from exconn.spec.pieces import Body, Match
from exconn.spec.read import read_body, read_fields, read_match, read_path, read_template
from exconn.spec.tree import Connect, Control, FrameError, Login, Message, Ping, ServerPing, Socket, Subscription
from exconn.spec.vocabulary import MESSAGE_KINDS


class Sockets:
    """Builds the sockets of one spec."""

    def __init__(self, records: Records, names: Names, findings: Findings) -> None:
        self._records = records
        self._names = names
        self._findings = findings

    def build(self, root: Mapping) -> dict[str, Socket]:
        return {key.text: self._socket(key, mapping(value)) for key, value in named_entries(root.get("sockets"))}

    def _socket(self, key: Scalar, node: Mapping) -> Socket:
        return Socket(
            name=key.text,
            span=key.span,
            doc=text(node, "doc") or "",
            connect=self._connect(mapping(node.get("connect"))),
            frames=text(node, "frames") or "json",
            route=tuple(read_path(scalar(item), self._findings) for item in rows_of(node.get("route"))),
            ping=self._ping(node.get("ping")),
            silence=seconds(node, "silence") or 0.0,
            lives=seconds(node, "lives"),
            login=self._login(node.get("login")),
            subscribe=tuple(self._subscription(mapping(item)) for item in rows_of(node.get("subscribe"))),
            control=self._control(node.get("control")),
            messages=tuple(self._message(mapping(item)) for item in rows_of(node.get("messages"))),
            errors=build_errors(node.get("errors"), self._findings),
            orders_arrive=text(node, "orders_arrive") or "any_order",
            costs=build_costs(node, self._names),
            sends=self._named(node, "sends", "pool"),
            ask_snapshot=self._ask_snapshot(node.get("ask_snapshot")),
        )

    def _named(self, node: Mapping, key: str, noun: str) -> str | None:
        name = text(node, key)
        if name is not None:
            self._names.use(noun, name, place(node, key))
        return name

    def _send(self, node: Mapping, key: str = "send") -> Body:
        return read_body(mapping(node.get(key)), self._findings)

    def _connect(self, node: Mapping) -> Connect:
        return Connect(
            host=self._named(node, "host", "host") or "",
            path=read_template(scalar(node.get("path")), self._findings),
            query=read_fields(node.get("query"), self._findings),
            signed=self._named(node, "signed", "recipe"),
            span=node.span,
        )

    def _ping(self, found: Node | None) -> Ping | None:
        if found is None:
            return None
        node = mapping(found)
        send = node.get("send")
        if send is not None and node.get("word") is not None:
            self._findings.add("bad-ping", "a ping is a word or a JSON frame", send.span, "delete one of the two")
        every, after_silence = seconds(node, "every"), seconds(node, "after_silence")
        if (every is None) == (after_silence is None):
            hint = "write one of the two, in seconds"
            self._findings.add("bad-ping", "a ping has either every or after_silence", node.span, hint)
        body = None if send is None else self._send(node)
        return Ping(node.span, text(node, "word"), body, every, after_silence)

    def _login(self, found: Node | None) -> Login | None:
        if found is None:
            return None
        node = mapping(found)
        return Login(self._named(node, "signed", "recipe"), self._send(node), node.span)

    def _ask_snapshot(self, found: Node | None) -> Subscription | None:
        return None if found is None else Subscription(self._send(mapping(found)), found.span)

    def _subscription(self, node: Mapping) -> Subscription:
        return Subscription(
            send=self._send(node),
            span=node.span,
            signed=self._named(node, "signed", "recipe"),
            list_at=text(node, "list"),
            at_most=integer(node, "at_most"),
        )

    def _control(self, found: Node | None) -> Control:
        if found is None:
            return Control()
        node = mapping(found)
        error, server_ping = node.get("error"), node.get("server_ping")
        return Control(
            subscribed=match(node, "subscribed", self._findings),
            logged_in=match(node, "logged_in", self._findings),
            pong=self._pong(node),
            ignored=tuple(read_match(item, self._findings) for item in rows_of(node.get("ignored"))),
            reconnect=match(node, "reconnect", self._findings),
            error=None if error is None else self._error(mapping(error)),
            server_ping=None if server_ping is None else self._server_ping(mapping(server_ping)),
        )

    def _pong(self, node: Mapping) -> Match | str | None:
        found = node.get("pong")
        if found is None:
            return None
        entries = mapping(found).entries
        if len(entries) == 1 and entries[0].key.text == "word" and isinstance(entries[0].value, Scalar):
            return entries[0].value.text
        return read_match(found, self._findings)

    def _error(self, node: Mapping) -> FrameError:
        found = read_match(mapping(node.get("match")), self._findings)
        return FrameError(found, path(node, "code", self._findings), path(node, "text", self._findings))

    def _server_ping(self, node: Mapping) -> ServerPing:
        return ServerPing(read_match(mapping(node.get("match")), self._findings), self._send(node, "answer"))

    def _message(self, node: Mapping) -> Message:
        records = tuple(
            record
            for key, value in named_entries(node)
            if key.text in MESSAGE_KINDS
            for record in self._records.build(key.text, value)
        )
        return Message(read_match(mapping(node.get("match")), self._findings), records, node.span)
