"""Places as compiled code names them at run time: `file:line: field`.

Rules: a place is a constant, kept in the variable `place` while what it names is being read, so that a fault can be
reported with the line of the YAML in both modes; the file's folder is left out, it is nobody's business.
"""

import ast
from pathlib import PurePath

from exconn.compile.emit import at, const
from exconn.compile.statements import assign
from exconn.document import Span


def place_text(span: Span, field: str) -> str:
    return f"{PurePath(span.file).name}:{span.line}: {field}"


def now_at(span: Span, field: str) -> ast.stmt:
    """`place = "file:line: field"`."""
    return at(assign("place", const(place_text(span, field))), span)
