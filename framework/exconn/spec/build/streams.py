"""Builds sockets: connecting, frames we send, frames that are no messages, messages with their records.

Rules: `{word: x}` alone as `pong` is a frame of plain text; the records of messages are built as those of replies.
"""

from dataclasses import replace

from exconn.document import Findings, Mapping, Node, Scalar
from exconn.spec.build.errors import build_errors
from exconn.spec.build.nodes import integer, mapping, match, path, place, rows_of, scalar, seconds, template, text
from exconn.spec.build.protobuf import build_protobuf
from exconn.spec.build.readings import Around
from exconn.spec.build.records import Records
from exconn.spec.build.requests import build_costs
from exconn.spec.build.topics import topics_of
from exconn.spec.names import Names, named_entries
from exconn.spec.pieces import Body, Match, Path, Template
from exconn.spec.read import read_body, read_fields, read_match, read_path
from exconn.spec.tree import Connect, Control, FrameError, Login, Message, Opened, Ping, ServerPing, Socket, Subscription
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
        subscribe = tuple(self._subscription(mapping(item)) for item in rows_of(node.get("subscribe")))
        opened, frames = self._opened(node.get("opened")), node.get("frames")
        around = Around(None if opened is None else opened.frames, topics_of(subscribe))
        return Socket(
            name=key.text,
            span=key.span,
            doc=text(node, "doc") or "",
            connect=self._connect(mapping(node.get("connect"))),
            frames=frames.text if isinstance(frames, Scalar) else "protobuf",
            protobuf=build_protobuf(frames, self._findings) if isinstance(frames, Mapping) else None,
            route=tuple(read_path(scalar(item), self._findings) for item in rows_of(node.get("route"))),
            ping=self._ping(node.get("ping")),
            silence=seconds(node, "silence") or 0.0,
            lives=seconds(node, "lives"),
            login=self._login(node.get("login")),
            subscribe=subscribe,
            control=self._control(node.get("control")),
            messages=tuple(self._message(mapping(item), around) for item in rows_of(node.get("messages"))),
            errors=build_errors(node.get("errors"), self._findings),
            orders_arrive=text(node, "orders_arrive") or "any_order",
            costs=build_costs(node, self._names),
            sends=self._named(node, "sends", "pool"),
            ask_snapshot=self._ask_snapshot(node.get("ask_snapshot")),
            opened=opened,
            counter=path(node, "counter", self._findings),
        )

    def _named(self, node: Mapping, key: str, noun: str) -> str | None:
        name = text(node, key)
        if name is not None:
            self._names.use(noun, name, place(node, key))
        return name

    def _send(self, node: Mapping, key: str = "send") -> Body:
        return read_body(mapping(node.get(key)), self._findings)

    def _connect(self, node: Mapping) -> Connect:
        path, url = template(node, "path", self._findings), template(node, "url", self._findings)
        if (path is None) == (url is None):
            hint = "write path, for a host with an origin, or url, for one that is learnt"
            self._findings.add("bad-connect", "connect has a path or a url", node.span, hint)
        return Connect(
            host=self._named(node, "host", "host") or "",
            path=path or Template(("/",), node.span),
            query=read_fields(node.get("query"), self._findings),
            signed=self._named(node, "signed", "recipe"),
            span=node.span,
            url=url,
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
            join=text(node, "join"),
            words={
                entry.key.text: tuple(scalar(item).text for item in rows_of(entry.value))
                for entry in named_entries(node.get("with"))
            },
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
            reconnect=tuple(read_match(item, self._findings) for item in rows_of(node.get("reconnect"))),
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

    def _opened(self, found: Node | None) -> Opened | None:
        if found is None:
            return None
        node = mapping(found)
        return Opened(
            match=read_match(mapping(node.get("match")), self._findings),
            number=self._path(node, "number"),
            kind=self._path(node, "kind"),
            symbol=path(node, "symbol", self._findings),
            frames=replace(self._path(node, "frames"), from_top=True),
            span=node.span,
        )

    def _path(self, node: Mapping, key: str) -> Path:
        return read_path(scalar(node.get(key)), self._findings)

    def _message(self, node: Mapping, around: Around) -> Message:
        records = tuple(
            record
            for key, value in named_entries(node)
            if key.text in MESSAGE_KINDS
            for record in self._records.build(key.text, value, around)
        )
        found = node.get("match")
        matched = Match((), node.span) if found is None else read_match(mapping(found), self._findings)
        return Message(matched, records, node.span, text(node, "opened_as"))
