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

Listener: TypeAlias = Callable[[Any], Any]
Held: TypeAlias = Callable[[], Listener | None]
"""Gives the listener, None when it is no more."""
_log = logging.getLogger(__name__)


class PubSub:
    def __init__(self) -> None:
        self._listeners: dict[int, dict[int, Held]] = {}

    def add_listener(self, event_tag: int | Enum, listener: Listener) -> None:
        listeners = self._listeners.setdefault(_number(event_tag), {})
        self._sweep(listeners)
        if not any(held() == listener for held in listeners.values()):
            reference = _reference(listener)
            listeners[id(reference)] = reference

    def remove_listener(self, event_tag: int | Enum, listener: Listener) -> None:
        listeners = self._listeners.get(_number(event_tag), {})
        for key, held in list(listeners.items()):
            if held() in (None, listener):
                del listeners[key]

    def get_listeners(self, event_tag: int | Enum) -> list[Listener]:
        """The living listeners, in the order of adding."""
        held = self._listeners.get(_number(event_tag), {}).values()
        return [listener for reference in held if (listener := reference()) is not None]

    def trigger_event(self, event_tag: int | Enum, message: Any) -> None:
        for listener in self.get_listeners(event_tag):
            try:
                listener(message)
            except Exception:
                _log.exception("Unexpected error while processing event %s.", _number(event_tag))

    @staticmethod
    def _sweep(listeners: dict[int, Held]) -> None:
        for key, held in list(listeners.items()):
            if held() is None:
                del listeners[key]

    c_add_listener = add_listener
    c_remove_listener = remove_listener
    c_get_listeners = get_listeners
    c_trigger_event = trigger_event


def _reference(listener: Listener) -> Held:
    """A bound method is made anew at each access, so its object is what must be alive."""
    if isinstance(listener, MethodType):
        return weakref.WeakMethod(listener)
    if isinstance(listener, FunctionType | BuiltinFunctionType | partial):
        return lambda: listener
    return weakref.ref(listener)


def _number(event_tag: int | Enum) -> int:
    return int(event_tag.value) if isinstance(event_tag, Enum) else event_tag
