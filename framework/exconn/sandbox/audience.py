"""The audience: who hears what, and the frames that they are told.

Rules:
- Nothing is rendered that nobody hears. A rendered frame is the same bytes for all its listeners, unless it is counted
  for each, or something comes between the exchange and one of them.
- A place is one target of a channel; the channel's place without a target hears of all targets.
- A channel that cannot tell something, and a listener that cannot be told, is said loudly, and keeps nothing from the
  others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import msgspec

from .actions.market_data import BookRow
from .dialect.channels import Channel, FrameOut
from .dialect.scope import Scope
from .dialect.socket_rules import SocketRules

Place = tuple[str, str, str]
_log = logging.getLogger(__name__)


class Listener(Protocol):
    """Whoever hears a channel. `unit` is the unit of moments that it asked for."""

    name: str
    unit: str | None

    def see(self, channel: str, row: BookRow) -> BookRow:
        """What it is to be told of a book."""

    def count(self, place: Place) -> int:
        """The number of its next frame of a place."""

    def wants(self, place: Place, asked: str) -> bool:
        """Whether a subscription of a place asks for what an argument of it stands for."""

    def sent(self, place: Place) -> Mapping[str, Any]:
        """What the subscription of a place was asked for with."""

    def tell(self, event: str, place: Place, topic: str, data: bytes) -> None:
        """Send one event frame to the subscriptions of a place."""


class Audience:
    """The listeners of all places. A place is (socket, channel, our symbol or account or "")."""

    __slots__ = ("_by_event", "_listeners", "_now_ns", "_order_count")

    def __init__(
        self, sockets: Iterable[SocketRules], now_ns: Callable[[], int], order_count: Callable[[Any, int], int]
    ) -> None:
        self._now_ns, self._order_count = now_ns, order_count
        self._listeners: dict[Place, dict[Listener, None]] = {}
        self._by_event: dict[str, list[tuple[str, Channel, FrameOut]]] = {}
        for socket in sockets:
            for channel in socket.channels.values():
                for frame in channel.frames:
                    self._by_event.setdefault(frame.event, []).append((socket.name, channel, frame))

    def channels(self, event: str) -> list[Channel]:
        """The channels that tell an event."""
        return [channel for _, channel, _ in self._by_event.get(event, ())]

    def join(self, place: Place, listener: Listener) -> None:
        """Hear a place from now on."""
        self._listeners.setdefault(place, {})[listener] = None

    def leave(self, place: Place, listener: Listener) -> None:
        """Hear it no more."""
        heard = self._listeners.get(place)
        if heard is not None:
            heard.pop(listener, None)
            if not heard:
                del self._listeners[place]

    def emit(self, event: str, target: str, row_for: Callable[[Channel], Any], beat: float | None = None) -> None:
        """Tell an event to who hears it. `row_for` makes its row, which a channel's depth may decide."""
        for socket, channel, frame in self._by_event.get(event, ()):
            if beat is not None and channel.every != beat:
                continue
            try:
                self._tell(socket, channel, frame, target, row_for)
            except Exception:
                _log.exception("the channel %s of the socket %s could not tell of %s", channel.name, socket, event)

    def _tell(
        self, socket: str, channel: Channel, frame: FrameOut, target: str, row_for: Callable[[Channel], Any]
    ) -> None:
        for place in dict.fromkeys(((socket, channel.name, target), (socket, channel.name, ""))):
            heard = self._listeners.get(place)
            if heard:
                row = row_for(channel)
                if row is None or not frame.holds(row):
                    break
                shared: dict[str | None, bytes] = {}
                for listener in tuple(heard):
                    try:
                        data = self._frame_for(listener, channel, frame, place, row, shared)
                        if data is not None:
                            listener.tell(frame.event, place, target, data)
                    except Exception:
                        said = "%s could not be told of %s by the channel %s of the socket %s"
                        _log.exception(said, listener.name, frame.event, channel.name, socket)

    def _frame_for(
        self,
        listener: Listener,
        channel: Channel,
        frame: FrameOut,
        place: Place,
        row: Any,
        shared: dict[str | None, bytes],
    ) -> bytes | None:
        """What tells a row to a listener, if it wants it. `shared` are the frames that all may be told, by unit."""
        if frame.asked_by and not listener.wants(place, frame.asked_by):
            return None
        seen = listener.see(channel.name, row) if isinstance(row, BookRow) else row
        if channel.counted or seen is not row:
            return self.render(frame, seen, channel, place, listener)
        if listener.unit not in shared:
            shared[listener.unit] = self.render(frame, row, channel, place, listener)
        return shared[listener.unit]

    def render(self, frame: FrameOut, row: Any, channel: Channel, place: Place, listener: Listener) -> bytes:
        """A frame of a row for a listener; a counted one is the listener's own, and may show what it was asked with."""
        scope = Scope(self._now_ns(), unit=listener.unit)
        if channel.counted:
            scope.count, scope.sent, scope.order_count = listener.count(place), listener.sent(place), self._order_count
        return msgspec.json.encode(frame.render(row, scope))


def just(row: Any) -> Callable[[Channel], Any]:
    """A row that is the same for every channel."""
    return lambda channel: row
