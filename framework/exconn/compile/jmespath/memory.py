"""An expression as a callable, for tests, samples and the checker."""

import ast
from collections.abc import Callable
from typing import Any

from exconn.codec import jmes
from exconn.compile.emit import Unit, name
from exconn.document import Span
from exconn.spec.jmespath import parse

from .emit import emit

_SPAN = Span("<path>", 1, 1)


def compile_path(text: str) -> Callable[[Any], Any]:
    """A function of a JSON value with the result of `jmespath.search`; PathError now, JmesError when called."""
    unit = Unit("path")
    subject = unit.fresh("value")
    reader = unit.function("read", [subject], [ast.Return(emit(parse(text), name(subject), unit, _SPAN))], _SPAN)
    names: dict[str, Any] = {each: getattr(jmes, each) for each in unit.runtime}
    exec(compile(ast.Module(unit.body, []), "<path>", "exec"), names)  # noqa: S102
    function: Callable[[Any], Any] = names[reader]
    return function
