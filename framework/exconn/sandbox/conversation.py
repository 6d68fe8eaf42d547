"""What is said on a websocket: the client's frames are understood, done and answered.

Rules:
- The order of judgement is fixed by the frames' own nature: too many, unreadable, not logged in, then the message's
  own checks. A refused frame is answered with the dialect's error frame; the connection stays open unless said.
- A socket with `checks` of its own takes requests (`framed`); its messages are judged by those.
- What a client hears is the matter of `subscribing`.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from aiohttp import WSMessage

from . import access
from .actions import ACTIONS, Call
from .clock import ExchangeClock
from .connection import Connection
from .desk import Desk
from .dialect.meanings import Refused, say
from .dialect.readings import dig
from .dialect.scope import Scope
from .dialect.socket_rules import Message
from .dialect.verbs import LOGIN, LOGOUT, SOCKET_VERBS, SUBSCRIBE, UNSUBSCRIBE, WRAP
from .feed import Feed
from .framed import FramedRequests
from .frames import find_message, read_arguments, read_frame, read_leniently
from .inquiry import Inquiry
from .interference import Interference
from .keys import Key
from .limits import Limits
from .log import Log
from .reception import rate_limited
from .signatures import Signed
from .subscribing import Subscriptions


class Conversation:
    """Understands and answers the frames of all connections."""

    __slots__ = ("_clock", "_desk", "_framed", "_interference", "_limits", "_log", "_subscriptions")

    def __init__(
        self, desk: Desk, feed: Feed, limits: Limits, log: Log, interference: Interference, clock: ExchangeClock
    ) -> None:
        self._desk, self._limits, self._log = desk, limits, log
        self._interference, self._clock = interference, clock
        self._framed = FramedRequests(desk, limits, log, interference, clock)
        self._subscriptions = Subscriptions(desk, feed, interference, clock)

    def hear(self, connection: Connection, message: WSMessage) -> None:
        """Take one message of a client."""
        frame: Mapping[str, Any] = {}
        scope = Scope(self._clock.now_ns())
        found: Message | None = None
        try:
            self._count(connection)
            frame = read_frame(connection.rules, message)
            scope.sent = frame
            found = find_message(connection.rules, frame)
            self._answer(connection, found, frame, scope)
        except Refused as refused:
            self._refuse(connection, found, frame, scope, refused)
        except Exception:
            self._log.add("failure", connection=connection.name, traceback=traceback.format_exc())
            self._refuse(connection, found, frame, scope, Refused("internal"))

    def _count(self, connection: Connection) -> None:
        pool = connection.rules.frames
        if pool is None:
            return
        count = self._limits.take({pool: 1}, {"connection": connection.name}, self._clock.true_ns())[0]
        if count.wait:
            raise Refused("too_many_frames", **rate_limited(count, self._clock.now_ns()).values)

    def _answer(self, connection: Connection, found: Message, frame: Mapping[str, Any], scope: Scope) -> None:
        if found.refused is not None:
            raise Refused(found.refused)
        if connection.rules.checks is not None:
            self._request(connection, found, frame, scope)
            return
        verb = found.verb.name
        args = {} if verb == LOGIN else read_arguments(found, frame)
        if connection.rules.needs_login and connection.key is None and not found.before_login and verb != LOGIN:
            raise Refused("login_first")
        if verb == LOGIN:
            self._log_in(connection, found, frame, scope)
        elif verb in SOCKET_VERBS:
            self._attend(connection, found, {**found.asked.constants, **args}, connection.key, scope)
        else:
            if connection.key is not None:
                access.judge_right(connection.key, found.asked.right)
            arguments = {**found.asked.constants, **args}
            row = ACTIONS[verb](Call(self._desk, connection.key, arguments, scope.now, self._desk.exchange))
            self._framed.answer(connection, found, row, scope)

    def _request(self, connection: Connection, found: Message, frame: Mapping[str, Any], scope: Scope) -> None:
        inquiry = self._framed.receive(connection, found, frame, scope)
        verb, arguments = found.verb.name, {**found.asked.constants, **inquiry.args}
        if verb == LOGIN and inquiry.key is not None:
            connection.logged_in(inquiry.key, scope.now)
            self._framed.answer(connection, found, connection, scope)
            self._interference.meet(connection)
        elif verb in SOCKET_VERBS:
            self._attend(connection, found, arguments, inquiry.key or connection.key, scope)
        elif found.each:
            self._each_item(connection, found, inquiry, scope)
        else:
            self._framed.answer(connection, found, self._framed.act(inquiry), scope)

    def _attend(
        self, connection: Connection, found: Message, arguments: Mapping[str, Any], key: Key | None, scope: Scope
    ) -> None:
        """Do what only a connection does."""
        verb, subscriptions = found.verb.name, self._subscriptions

        def answer() -> None:
            self._framed.answer(connection, found, connection, scope)

        if found.topic is not None:
            self._each_topic(connection, found, found.topic.topics(arguments), arguments, key, scope)
        elif verb == SUBSCRIBE:
            subscriptions.subscribe(connection, arguments["topics"], key, scope, answer)
        elif verb == UNSUBSCRIBE and "topics" in arguments:
            subscriptions.unsubscribe(connection, arguments["topics"], key, scope, answer)
        elif verb == UNSUBSCRIBE:
            subscriptions.end(connection, arguments.get("subscription"), answer)
        else:
            if verb == LOGOUT:
                subscriptions.log_out(connection)
            elif verb == WRAP:
                connection.wrapped = arguments["wrapped"]
            answer()

    def _each_topic(
        self,
        connection: Connection,
        found: Message,
        topics: Sequence[tuple[str, str | None]],
        arguments: Mapping[str, Any],
        key: Key | None,
        scope: Scope,
    ) -> None:
        """Subscribe or unsubscribe topic by topic, each with its own answer."""

        def answer() -> None:
            self._framed.answer(connection, found, connection, scope)

        def wanted(asked: str) -> bool:
            return arguments.get(asked) is not False

        sent = scope.sent
        for topic, item in topics:
            scope.sent, scope.item = sent, item
            try:
                if found.verb.name == SUBSCRIBE:
                    self._subscriptions.subscribe(connection, [topic], key, scope, answer, wanted)
                else:
                    self._subscriptions.unsubscribe(connection, [topic], key, scope, answer)
            except Refused as refused:
                self._refuse(connection, found, sent, scope, refused)

    def _each_item(self, connection: Connection, found: Message, inquiry: Inquiry, scope: Scope) -> None:
        """Do and answer a message for every item of its lists by itself."""
        sent, arguments = scope.sent, inquiry.args
        for name in found.each:
            for item in arguments.get(name) or ():
                inquiry.args = {**arguments, **dict.fromkeys(found.each), name: [item]}
                scope.sent, scope.item = sent, str(item)
                try:
                    self._framed.answer(connection, found, self._framed.act(inquiry), scope)
                except Refused as refused:
                    self._refuse(connection, found, sent, scope, refused)

    def begin(self, connection: Connection, topics: Sequence[str]) -> None:
        """Subscribe a connection to the topics that it names when it connects."""
        if topics:
            try:
                scope = Scope(self._clock.now_ns())
                self._subscriptions.subscribe(connection, topics, connection.key, scope, lambda: None)
            except Refused as refused:
                self._refuse(connection, None, {}, Scope(self._clock.now_ns()), refused)

    def _log_in(self, connection: Connection, found: Message, frame: Mapping[str, Any], scope: Scope) -> None:
        if connection.key is not None:
            raise Refused("login_not_expected")
        try:
            connection.logged_in(self._judge_login(connection, found, frame, scope), scope.now)
        except Refused as refused:
            refused.values["closes"] = "login_refused"
            raise
        self._framed.answer(connection, found, connection, scope)
        self._interference.meet(connection)

    def _judge_login(self, connection: Connection, found: Message, frame: Mapping[str, Any], scope: Scope) -> Any:
        signature = self._desk.dialect.signatures[found.asked.signature or ""]
        for name in frame:
            if name not in found.fields and name not in {field.path for field in signature.fields}:
                raise Refused("header", field=str(name))
        values, texts = access.read_fields(signature.fields, lambda reading: dig(frame, reading.path))
        key = access.find_key(self._desk, values)
        verdict = access.judge_signature(signature, Signed("", "", "", b"", texts), key)
        if not verdict.right:
            self._log.add("refused signature", connection=connection.name, key=key.api_key, steps=verdict.steps)
            raise Refused("wrong_signature")
        access.judge_time(signature, values, texts.get("time", ""), scope.now)
        access.use_nonce(signature, values, texts.get("nonce", ""), key)
        access.judge_right(key, found.asked.right)
        return key

    def _refuse(
        self, connection: Connection, found: Message | None, frame: Mapping[str, Any], scope: Scope, refused: Refused
    ) -> None:
        saying, _ = say(self._desk.dialect.sayings, refused, scope, found.asked.sayings if found else None)
        if found is not None and found.answer is not None and refused.row is not None:
            scope.reply = found.answer(refused.row, scope)
        error = connection.rules.error if found is None or found.error is None else found.error
        known = None if found is None or connection.rules.checks is not None else found.fields
        echoed = {reading.path: read_leniently(reading, frame, known) for reading in error.readings}
        scope.sent = {**scope.sent, **echoed} if connection.rules.checks is not None else echoed
        connection.say(msgspec.json.encode(error.render({}, scope)))
        self._log.add("refused frame", connection=connection.name, meaning=refused.meaning, code=saying.code)
        if refused.meaning == "too_many_frames":
            connection.close("too_many_frames")
        elif "closes" in refused.values:
            connection.close(refused.values["closes"])
