"""Functions that are compiled by their first call: most of a spec's are never called by most of its users.

Rules: the nodes are there and checked already, only their bytecode is made late; until then a function is itself, with
its name and its module, so that it can be handed on; its first call gives the very same function object the code that
was compiled, and from then on it is a function like any other.
"""

import ast
from collections.abc import Callable
from types import FunctionType
from typing import Any

Space = dict[str, Any]


def run(statements: list[ast.stmt], file: str, space: Space) -> None:
    """Execute a unit's statements in `space`, in their order; its functions are compiled when they are called."""
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            space[statement.name] = _late(statement, file, space)
        else:
            _execute(statement, file, space, space)


def _execute(statement: ast.stmt, file: str, space: Space, into: Space) -> None:
    exec(compile(ast.Module([statement], []), file, "exec", dont_inherit=True), space, into)  # noqa: S102


def _late(definition: ast.FunctionDef, file: str, space: Space) -> FunctionType:
    late = FunctionType(_first_call.__code__, space, definition.name)
    late.__qualname__ = definition.name

    def arrive() -> FunctionType:
        own: Space = {}
        _execute(definition, file, space, own)
        compiled: FunctionType = own[definition.name]
        late.__annotations__ = compiled.__annotations__
        late.__code__ = compiled.__code__  # before the way here is taken away: another thread may be on it
        late.__kwdefaults__ = None
        return late

    late.__kwdefaults__ = {"_arrive": arrive}
    return late


def _first_call(*given: Any, _arrive: Callable[[], Callable[..., Any]], **named: Any) -> Any:
    return _arrive()(*given, **named)
