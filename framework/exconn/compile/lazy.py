"""Functions that are made by their first call: most of a spec's are never called by most of its users.

Rules: until then a function is itself, with its name and its module, so that it can be handed on; its first call gives
the very same function object the code that was made, and from then on it is a function like any other. What is made
twice, because two threads came first, is made alike.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

Space = dict[str, Any]
_ARRIVE = "_arrive"


def late(name: str, space: Space, make: Callable[[], FunctionType]) -> FunctionType:
    """A function of the unit whose names are `space`; `make` gives the one whose code it takes on."""
    function = FunctionType(_first_call.__code__, space, name)
    function.__qualname__ = name

    def arrive() -> FunctionType:
        made = make()
        function.__annotations__ = made.__annotations__
        function.__code__ = made.__code__  # before the way here is taken away: another thread may be on it
        function.__kwdefaults__ = None
        return function

    function.__kwdefaults__ = {_ARRIVE: arrive}
    return function


def arrived(function: FunctionType) -> FunctionType:
    """The same function with its own code, whether or not it was called before."""
    waiting = function.__kwdefaults__
    if waiting is not None:
        waiting[_ARRIVE]()
    return function


def _first_call(*given: Any, _arrive: Callable[[], Callable[..., Any]], **named: Any) -> Any:
    return _arrive()(*given, **named)
