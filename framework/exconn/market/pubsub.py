"""Publish and subscribe, as the market contract has it.

Rules: an object that listens, by itself or by a method of its class, is held by weak reference, so that listening keeps
nobody alive; a plain function, a lambda or a builtin has no life of its own to end and is held until it is removed. A
listener is called with the event alone, in the order of adding, once however often it was added; what it raises is
logged and stops nobody else.
"""

import logging
import weakref
from collections.abc import Callable
from enum import Enum
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, TypeAlias

from exconn.errors import UsageError
from exconn.market.given import shown

Listener: TypeAlias = Callable[[Any], Any]
Held: TypeAlias = Callable[[], Listener | None]
"""Gives the listener, None when it is no more."""
_log = logging.getLogger(__name__)


class PubSub:
    def __init__(self) -> None:
        self._listeners: dict[int, tuple[Held, ...]] = {}  # a new tuple at each change, so that telling needs no copy

    def add_listener(self, event_tag: int | Enum, listener: Listener) -> None:
        number = _number(event_tag)
        living = tuple(held for held in self._listeners.get(number, ()) if held() is not None)
        if not any(held() == listener for held in living):
            living = (*living, _reference(listener))
        self._listeners[number] = living

    def remove_listener(self, event_tag: int | Enum, listener: Listener) -> None:
        number = _number(event_tag)
        held = self._listeners.get(number, ())
        self._listeners[number] = tuple(each for each in held if each() not in (None, listener))

    def get_listeners(self, event_tag: int | Enum) -> list[Listener]:
        """The living listeners, in the order of adding."""
        held = self._listeners.get(_number(event_tag), ())
        return [listener for reference in held if (listener := reference()) is not None]

    def trigger_event(self, event_tag: int | Enum, message: Any) -> None:
        number = event_tag if isinstance(event_tag, int) else _number(event_tag)
        for held in self._listeners.get(number, ()):
            listener = held()
            if listener is not None:
                try:
                    listener(message)
                except Exception:
                    _log.exception("Unexpected error while processing event %s.", number)

    c_add_listener = add_listener
    c_remove_listener = remove_listener
    c_get_listeners = get_listeners
    c_trigger_event = trigger_event


def _reference(listener: Listener) -> Held:
    """A bound method is made anew at each access, so its object is what must be alive."""
    if not callable(listener):
        raise UsageError(f"a listener is called with each event; {shown(listener)} cannot be called")
    if isinstance(listener, MethodType):
        return weakref.WeakMethod(listener)
    if isinstance(listener, FunctionType | BuiltinFunctionType | partial):
        return lambda: listener
    return weakref.ref(listener)


def _number(event_tag: int | Enum) -> int:
    if isinstance(event_tag, int):
        return event_tag
    number = event_tag.value if isinstance(event_tag, Enum) else None
    if isinstance(number, int):
        return number
    raise UsageError(
        f"an event's tag is a member of MarketEvent or OrderBookEvent, or its number, not {shown(event_tag)}"
    )
