"""What is said on a websocket: the client's frames are understood, done and answered.

Rules:
- The order of judgement is fixed by the frames' own nature: too many, unreadable, not logged in, then the message's
  own checks. A refused frame is answered with the dialect's error frame; the connection stays open unless said.
- A socket with `checks` of its own takes requests (`framed`); its messages are judged by those.
- What a client hears is the matter of `subscribing`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import msgspec
from aiohttp import WSMessage

from . import access
from .actions import ACTIONS, Call
from .clock import ExchangeClock
from .connection import Connection
from .desk import Desk
from .dialect.meanings import Refused
from .dialect.meanings import say as put
from .dialect.scope import NO_REPLY, Scope
from .dialect.socket_rules import Message
from .dialect.verbs import LOGIN, LOGOUT, SOCKET_VERBS, SUBSCRIBE, UNSUBSCRIBE, WRAP
from .feed import Feed
from .framed import FramedRequests
from .frames import find_message, read_arguments, read_frame, read_leniently
from .inquiry import Inquiry
from .interference import Interference, Say
from .keys import Key
from .limits import Limits
from .log import Log
from .login import log_in
from .offering import Offering
from .reception import rate_limited
from .subscribing import Subscriptions

T = TypeVar("T")


class Conversation:
    """Understands and answers the frames of all connections."""

    __slots__ = ("_clock", "_desk", "_framed", "_interference", "_limits", "_log", "_offering", "_subscriptions")

    def __init__(
        self, desk: Desk, feed: Feed, limits: Limits, log: Log, interference: Interference, clock: ExchangeClock
    ) -> None:
        self._desk, self._limits, self._log = desk, limits, log
        self._interference, self._clock = interference, clock
        self._framed = FramedRequests(desk, limits, log, interference, clock)
        self._offering = Offering(interference, log)
        self._subscriptions = Subscriptions(desk, feed, interference, clock)

    def hear(self, connection: Connection, message: WSMessage) -> None:
        """Take one message of a client."""
        frame: Mapping[str, Any] = {}
        scope = Scope(self._clock.now_ns(), unit=connection.unit)
        found: Message | None = None
        try:
            self._count(connection)
            frame = read_frame(connection.rules, message)
            scope.sent = frame
            found = find_message(connection.rules, frame, message.data)
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
            log_in(self._desk, self._log, connection, found, frame, scope.now)
            self._framed.answer(connection, found, connection, scope)
            self._interference.meet(connection)
        elif verb in SOCKET_VERBS:
            self._attend(connection, found, {**found.asked.constants, **args}, connection.key, scope)
        else:
            self._ask(connection, found, frame, args, scope)

    def _ask(
        self, connection: Connection, found: Message, frame: Mapping[str, Any], args: Mapping[str, Any], scope: Scope
    ) -> None:
        def judge() -> Mapping[str, Any]:
            if connection.key is not None:
                access.judge_right(connection.key, found.asked.right)
            return {**found.asked.constants, **args}

        def act(arguments: Mapping[str, Any], say: Say) -> None:
            now = self._clock.now_ns()
            row = ACTIONS[found.verb.name](Call(self._desk, connection.key, arguments, now, self._desk.exchange))
            self._framed.answer(connection, found, row, scope, say)

        self._offer(connection, found, judge, act, frame, scope)

    def _request(self, connection: Connection, found: Message, frame: Mapping[str, Any], scope: Scope) -> None:
        def judge() -> Inquiry:
            return self._framed.receive(connection, found, frame, scope)

        def act(inquiry: Inquiry, say: Say) -> None:
            self._framed.judge_again(inquiry, scope)
            if found.each:
                self._each_item(connection, found, inquiry, scope, say)
            else:
                self._framed.answer(connection, found, self._framed.act(inquiry), scope, say)

        if found.verb.name not in SOCKET_VERBS:
            self._offer(connection, found, judge, act, frame, scope)
            return
        inquiry = judge()
        arguments = {**found.asked.constants, **inquiry.args}
        if found.verb.name == LOGIN and inquiry.key is not None:
            connection.logged_in(inquiry.key, scope.now)
            self._framed.answer(connection, found, connection, scope)
            self._interference.meet(connection)
        else:
            self._attend(connection, found, arguments, inquiry.key or connection.key, scope)

    def _attend(
        self, connection: Connection, found: Message, arguments: Mapping[str, Any], key: Key | None, scope: Scope
    ) -> None:
        """Do what only a connection does."""
        verb, subscriptions = found.verb.name, self._subscriptions
        answer = partial(self._framed.answer, connection, found, connection, scope)
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
        """Subscribe or unsubscribe topic by topic, each with its own answer. Refused: unknown_topic, without any."""
        answer = partial(self._framed.answer, connection, found, connection, scope)

        def wanted(asked: str) -> bool:
            return arguments.get(asked) is not False

        if not topics:
            raise Refused("unknown_topic", topic="")
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

    def _each_item(self, connection: Connection, found: Message, inquiry: Inquiry, scope: Scope, say: Say) -> None:
        """Do and answer a message for every item of its lists by itself."""
        sent, arguments = scope.sent, inquiry.args
        if not any(arguments.get(name) for name in found.each):
            self._framed.answer(connection, found, self._framed.act(inquiry), scope, say)
        for name in found.each:
            for item in arguments.get(name) or ():
                inquiry.args = {**arguments, **dict.fromkeys(found.each), name: [item]}
                scope.sent, scope.item = sent, str(item)
                try:
                    self._framed.answer(connection, found, self._framed.act(inquiry), scope, say)
                except Refused as refused:
                    self._refuse(connection, found, sent, scope, refused, say)

    def begin(self, connection: Connection, topics: Sequence[str]) -> None:
        """Subscribe a connection to the topics that it names when it connects."""
        if topics:
            try:
                scope = Scope(self._clock.now_ns())
                self._subscriptions.subscribe(connection, topics, connection.key, scope, lambda: None)
            except Refused as refused:
                self._refuse(connection, None, {}, Scope(self._clock.now_ns()), refused)

    def _offer(
        self,
        connection: Connection,
        found: Message,
        judge: Callable[[], T],
        act: Callable[[T, Say], None],
        frame: Mapping[str, Any],
        scope: Scope,
    ) -> None:
        def refuse(say: Say, refused: Refused) -> None:
            self._refuse(connection, found, frame, scope, refused, say)

        self._offering.offer(connection, found.asked, judge, act, refuse)

    def _refuse(
        self,
        connection: Connection,
        found: Message | None,
        frame: Mapping[str, Any],
        scope: Scope,
        refused: Refused,
        say: Say | None = None,
    ) -> None:
        own = found.asked.sayings if found else connection.rules.sayings
        saying, _ = put(self._desk.dialect.sayings, refused, scope, own)
        scope.status, scope.reply = refused.values.get("status") or scope.status, NO_REPLY
        if found is not None and found.answer is not None and refused.row is not None:
            scope.reply = found.answer(refused.row, scope)
        error = connection.rules.error if found is None or found.error is None else found.error
        known = None if found is None or connection.rules.checks is not None else found.fields
        echoed = {reading.path: read_leniently(reading, frame, known) for reading in error.readings}
        scope.sent = {**scope.sent, **echoed} if connection.rules.checks is not None else echoed
        (say or connection.say)(msgspec.json.encode(error.render({}, scope)))
        self._log.add("refused frame", connection=connection.name, meaning=refused.meaning, code=saying.code)
        if refused.meaning == "too_many_frames":
            connection.close("too_many_frames")
        elif "closes" in refused.values:
            connection.close(refused.values["closes"])
