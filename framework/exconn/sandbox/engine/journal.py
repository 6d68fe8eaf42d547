"""The event journal: collects what one operation did, keeps the recent past, and tells the listeners.

Rules:
- Events are published only by `commit`, after the operation: a listener always sees a consistent engine.
- A listener that calls the engine again has its events published after the current ones, so all see one order.
- A listener may ask for some kinds of events: it gets those alone, and is not called where there are none.
- The log is a ring buffer; whoever needs all of it listens.
- A listener that fails is said loudly, and neither stops the operation nor keeps anything from the others.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from .events import Event

Listener = Callable[[tuple[Event, ...]], None]
Heard = tuple[Listener, frozenset[type[Event]] | None]
_log = logging.getLogger(__name__)


class Journal:
    """Events of the operation under way, the log, and the listeners in order of subscription.

    `serial` counts operations.
    """

    __slots__ = ("_hearing", "_held", "_listeners", "_pending", "_publishing", "_queue", "_tickets", "log", "serial")

    def __init__(self, kept: int) -> None:
        self.log: deque[Event] = deque(maxlen=kept)
        self._pending: list[Event] = []
        self._queue: deque[tuple[Event, ...]] = deque()
        self._listeners: dict[int, tuple[Listener, frozenset[type[Event]]]] = {}
        self._hearing: dict[frozenset[type[Event]], tuple[Heard, ...]] = {}
        self._tickets = 0
        self.serial = 0
        self._publishing = self._held = False

    @property
    def pending(self) -> Sequence[Event]:
        """What the operation under way did so far."""
        return self._pending

    def emit(self, event: Event) -> None:
        """Add an event to the operation under way."""
        self._pending.append(event)

    def commit(self) -> tuple[Event, ...]:
        """End the operation: log and publish its events, and return them; none yet within `together`."""
        if self._held:
            return ()
        events = tuple(self._pending)
        self._pending.clear()
        self.serial += 1
        if events:
            self.log.extend(events)
            self._queue.append(events)
            self._publish()
        return events

    def together(self, work: Callable[[], None]) -> tuple[Event, ...]:
        """Do what would be operations of their own as one. Not within itself."""
        self._held = True
        try:
            work()
        finally:
            self._held = False
            events = self.commit()
        return events

    def subscribe(self, listener: Listener, *kinds: type[Event]) -> Callable[[], None]:
        """Call `listener` with the events of every operation from now on, of these kinds or of all; the result ends
        that."""
        self._tickets += 1
        ticket = self._tickets
        self._listeners[ticket] = listener, frozenset(kinds)
        self._hearing.clear()

        def unsubscribe() -> None:
            self._listeners.pop(ticket, None)
            self._hearing.clear()

        return unsubscribe

    def _publish(self) -> None:
        if self._publishing:
            return
        self._publishing = True
        try:
            while self._queue:
                events = self._queue.popleft()
                kinds = frozenset(map(type, events))
                hearing = self._hearing.get(kinds)
                if hearing is None:
                    hearing = self._hearing[kinds] = tuple(self._who_hears(kinds))
                for listener, asked in hearing:
                    try:
                        listener(events if asked is None else tuple(event for event in events if type(event) in asked))
                    except Exception:
                        _log.exception("a listener of the journal failed, the others go on: %s", _name(listener))
        finally:
            self._publishing = False

    def _who_hears(self, kinds: frozenset[type[Event]]) -> Iterator[Heard]:
        """The listeners to an operation of these kinds, each with those that it is to be given; None: all."""
        for listener, asked in self._listeners.values():
            if not asked or asked >= kinds:
                yield listener, None
            elif not asked.isdisjoint(kinds):
                yield listener, asked


def _name(listener: Listener) -> str:
    return str(getattr(listener, "__qualname__", listener))
