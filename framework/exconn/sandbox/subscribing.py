"""Subscriptions of a connection: what its client hears, and under which name.

Rules:
- A topic is one of a channel, or a token, which stands for the channel of its key's account. One that is nothing is
  refused, or (`unknown_topics: kept`) listed and never heard of.
- Done whole or not at all. The answer comes before the first event, and after the last.
- In a `numbered` socket a subscription has a number, and an account is heard once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec

from .clock import ExchangeClock
from .connection import Connection
from .desk import Desk
from .dialect.channels import TOPIC_OF_TOKENS, Channel
from .dialect.meanings import Refused
from .dialect.scope import Scope
from .feed import Feed
from .interference import Interference
from .keys import Key
from .limits import SECOND
from .seats import Seat, all_wanted
from .tokens import Token

Answer = Callable[[], None]
Wanted = Callable[[str], bool]


class Subscriptions:
    """Joins connections to the feed, and takes them off."""

    __slots__ = ("_clock", "_desk", "_feed", "_interference")

    def __init__(self, desk: Desk, feed: Feed, interference: Interference, clock: ExchangeClock) -> None:
        self._desk, self._feed, self._interference, self._clock = desk, feed, interference, clock

    def subscribe(
        self,
        connection: Connection,
        topics: Sequence[str],
        key: Key | None,
        scope: Scope,
        answer: Answer,
        wanted: Wanted = all_wanted,
    ) -> None:
        """Hear topics from now on, those of an account in a key's name, with the snapshots that are `wanted`.

        Refused: as the rules above say.
        """
        now, rules = scope.now, connection.rules
        channels = self._find(connection, topics, now)
        new = {topic: channel for topic, channel in channels.items() if topic not in connection.seats.topics}
        if rules.topics_once and len(new) < len(channels):
            raise Refused("already_subscribed", topic=next(topic for topic in channels if topic not in new))
        if rules.topics_in_all is not None and len(connection.seats.topics) + len(new) > rules.topics_in_all:
            raise Refused("too_many_topics")
        self._check(connection, channels, topics, key, now)
        if rules.numbered:
            scope.subscription = connection.seats.number
        known = {topic: channel for topic, channel in new.items() if channel is not None}
        places = {topic: (channel.name, _symbol(channel, topic)) for topic, channel in known.items()}
        self._interference.subscribe(connection, places)
        answer()
        for topic, channel in new.items():
            self._seat(connection, topic, channel, key, scope, wanted)
        self._interference.meet(connection)

    def unsubscribe(
        self, connection: Connection, topics: Sequence[str], key: Key | None, scope: Scope, answer: Answer
    ) -> None:
        """Hear topics no more. Refused: too_many_topics, unknown_topic, not_subscribed."""
        self._check(connection, self._find(connection, topics, scope.now), topics, key, scope.now)
        for topic in topics:
            if connection.rules.topics_once and topic not in connection.seats.topics:
                raise Refused("not_subscribed", topic=topic)
        for topic in topics:
            connection.seats.leave(topic)
        answer()

    def end(self, connection: Connection, number: int | None, answer: Answer) -> None:
        """Hear a numbered subscription no more, or any (None). Refused: not_subscribed, when there is no such."""
        seats = {name: seat for name, seat in connection.seats.topics.items() if number in (None, seat.number)}
        if number is not None and not seats:
            raise Refused("not_subscribed")
        answer()
        for name in seats:
            self._take_off(connection, name, "ended")

    def log_out(self, connection: Connection) -> None:
        """End what is heard in the session's name, and say so where the channel does."""
        key = connection.key
        for name, seat in tuple(connection.seats.topics.items()):
            if seat.place is not None and key is not None and seat.key is key:
                self._take_off(connection, name, "ended")
        connection.log_out()

    def _find(self, connection: Connection, topics: Sequence[str], now: int) -> dict[str, Channel | None]:
        """The channel of each topic; None where there is none. Refused: too_many_topics."""
        most = connection.rules.topics_in_frame
        if most is not None and len(topics) > most:
            raise Refused("too_many_topics")
        channels = connection.rules.channels.values()
        by_token = next((channel for channel in channels if TOPIC_OF_TOKENS in channel.topics), None)

        def find(topic: str) -> Channel | None:
            found = next(
                (channel for channel in channels if topic in channel.topics and topic != TOPIC_OF_TOKENS), None
            )
            if found is None and by_token is not None and self._desk.tokens.find(topic, now) is not None:
                return by_token
            return found

        return {topic: find(topic) for topic in topics}

    def _check(
        self,
        connection: Connection,
        channels: Mapping[str, Channel | None],
        topics: Sequence[str],
        key: Key | None,
        now: int,
    ) -> None:
        for topic in topics:
            channel = channels[topic]
            symbol = "" if channel is None else _symbol(channel, topic)
            unknown = channel is None or (symbol and self._desk.rule(symbol, now) is None)
            if unknown and not connection.rules.keeps_unknown:
                raise Refused("unknown_topic", topic=topic)
            if channel is None or not channel.private or TOPIC_OF_TOKENS in channel.topics:
                continue
            if key is None:
                raise Refused("login_first")
            if connection.rules.numbered and any(seat.key is key for seat in connection.seats.topics.values()):
                raise Refused("already_subscribed")

    def _seat(
        self,
        connection: Connection,
        topic: str,
        channel: Channel | None,
        key: Key | None,
        scope: Scope,
        wanted: Wanted,
    ) -> None:
        number = connection.seats.take_number() if connection.rules.numbered else None
        name = topic if number is None else f"{topic} {number}"
        if channel is None:
            connection.seats.join(name, Seat(topic, None, number, None))
            return
        token = self._desk.tokens.find(topic, scope.now) if TOPIC_OF_TOKENS in channel.topics else None
        key = key if token is None else token.key
        account = "" if key is None else key.account
        target = account if channel.private else channel.topics[topic]
        self._feed.prepare(channel)
        place = (connection.rules.name, channel.name, target)
        sent = scope.sent if channel.counted else {}
        connection.seats.join(name, Seat(topic, place, number, key if channel.private else None, wanted, sent))
        self._feed.snapshot(channel, place, connection, wanted)
        if token is not None:
            seated = {who: told for who, told in token.watchers.items() if who[1] in who[0].seats.topics}
            token.watchers = {**seated, (connection, name): partial(self._take_off, connection, name)}
            self._watch(connection, name, token)

    def _watch(self, connection: Connection, name: str, token: Token) -> None:
        """Take the subscription off when its token is no longer good."""
        left = (token.until - self._clock.now_ns()) / SECOND
        if left > 0:
            connection.later(left, partial(self._watch, connection, name, token))
        elif name in connection.seats.topics:
            self._take_off(connection, name, "expired")

    def _take_off(self, connection: Connection, name: str, event: str) -> None:
        seat = connection.seats.topics.get(name)
        if seat is None:
            return
        if seat.place is not None:
            scope = Scope(self._clock.now_ns(), topic=seat.topic, subscription=seat.number, unit=connection.unit)
            for frame in connection.rules.channels[seat.place[1]].frames:
                if frame.event == event:
                    data = msgspec.json.encode(frame.render(None, scope))
                    connection.tell(event, seat.place, seat.place[2], data)
        connection.seats.leave(name)


def _symbol(channel: Channel, topic: str) -> str:
    """Our symbol that a topic is about; "" for none."""
    return channel.topics.get(topic, "").partition(" ")[0]
