"""Templates and bodies as Python expressions of text: constants joined while compiling, holes filled when running.

Rules: what a place needs (percent-encoding, JSON escaping, a header's alphabet) is done to constants now and to values
at run time, and only to those whose alphabet needs it; nothing of a text becomes anything but an ast.Constant; pieces
are joined by `"".join`, never by an f-string, whose unparsing depends on the quotes inside its text.
"""

import ast
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from exconn.codec.encoding import json_escaped, json_quoted, path_text, percent
from exconn.compile.emit import at, attribute, call, const
from exconn.compile.holes import is_of_pair
from exconn.compile.scope import Charset, Known, Scope, unsayable
from exconn.document import Span
from exconn.spec.pieces import Array, Body, Constant, Hole, Object, Template

Part: TypeAlias = str | ast.expr
"""A constant text, or an expression that gives a text."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where text stands: how a constant is written there, the widest alphabet that stands there as it is, and the
    runtime function that writes a wider one; `names_value`: the function is told the value's name too."""

    write: Callable[[str], str]
    takes: Charset = Charset.TEXT
    runtime: str = ""
    names_value: bool = False


PLAIN = Place(str)
PATH = Place(str, Charset.DIGITS, "path_text")
QUERY = Place(percent, Charset.TOKEN, "percent")
JSON = Place(json_escaped, Charset.VISIBLE, "json_escaped")
HEADER = Place(str, Charset.VISIBLE, "header_text", names_value=True)

_ADDED = 3  # up to so many pieces `+` is faster than a join
_CASES = {"upper": str.upper, "lower": str.lower}


def template_parts(template: Template, scope: Scope, place: Place) -> list[Part]:
    """The pieces of a template as they stand in `place`."""
    return [
        place.write(part) if isinstance(part, str) else _hole_part(part, template.span, scope, place)
        for part in template.parts
    ]


def _hole_part(hole: Hole, span: Span, scope: Scope, place: Place) -> Part:
    value = scope.value(hole.name, span)
    if value.charset is Charset.BYTES:
        raise unsayable(
            f"{{{hole.name}}} is bytes; only signing steps take bytes", span, "give the step `as: hex` or base64"
        )
    if isinstance(value, Known):
        return _known_part(value.text, hole.suffix, place)
    node, charset = value.node(), value.charset
    if hole.suffix in _CASES:
        node = call(attribute(node, hole.suffix))
    elif hole.suffix == "url" and charset > Charset.TOKEN:
        node = call(scope.unit.use("percent"), node)
    if charset > place.takes:
        extra = [const(hole.name)] if place.names_value else []
        node = call(scope.unit.use(place.runtime), node, *extra)
    return at(node, span)


def _known_part(text: str, suffix: str, place: Place) -> str:
    if suffix in _CASES:
        text = _CASES[suffix](text)
    elif suffix == "url":
        text = percent(text)
    return path_text(text) if place is PATH else place.write(text)


def json_parts(body: Body, scope: Scope, repeated: Mapping[int, Part] | None = None) -> list[Part]:
    """The pieces of a body's compact JSON. `repeated`: id of an Array -> what stands between its brackets instead; id
    of a Template -> what stands in it from its first placeholder of a pair to the last."""
    if isinstance(body, Template):
        if repeated is not None and id(body) in repeated:
            before, _, behind = split_at_pair(body)
            around = [template_parts(each, scope, JSON) for each in (before, behind)]
            return ['"', *around[0], repeated[id(body)], *around[1], '"']
        return _json_template(body, scope)
    if isinstance(body, Constant):
        return [json.dumps(body.value)]
    if isinstance(body, Array):
        if repeated is not None and id(body) in repeated:
            return ["[", repeated[id(body)], "]"]
        return ["[", *separated((json_parts(item, scope, repeated) for item in body.items), ","), "]"]
    return ["{", *separated(json_fields(body, scope, repeated), ","), "}"]


def split_at_pair(template: Template) -> tuple[Template, Template, Template]:
    """A text in three: before its first placeholder of a pair, from there to the last, and behind."""
    found = [at for at, part in enumerate(template.parts) if isinstance(part, Hole) and is_of_pair(part.name)]
    first, last = found[0], found[-1] + 1
    parts = (template.parts[:first], template.parts[first:last], template.parts[last:])
    before, stretch, behind = (Template(each, template.span) for each in parts)
    return before, stretch, behind


def json_fields(body: Object, scope: Scope, repeated: Mapping[int, Part] | None = None) -> list[list[Part]]:
    """The members of an object, each `"key":value`."""
    return [[f"{json_quoted(key)}:", *json_parts(value, scope, repeated)] for key, value in body.fields]


def _json_template(template: Template, scope: Scope) -> list[Part]:
    if not template.is_number:
        return ['"', *template_parts(template, scope, JSON), '"']
    hole = template.holes[0]
    value = scope.value(hole.name, template.span)
    if value.charset is Charset.DIGITS:
        return [value.text if isinstance(value, Known) else value.node()]
    return [at(call(scope.unit.use("json_number"), value.node(), const(hole.name)), template.span)]


def separated(groups: Iterable[list[Part]], separator: str) -> list[Part]:
    """All pieces of all groups, with `separator` between groups."""
    parts: list[Part] = []
    for index, group in enumerate(groups):
        parts += [separator, *group] if index else group
    return parts


def merged(parts: Iterable[Part]) -> list[Part]:
    """Neighbouring constants joined, empty ones left out."""
    result: list[Part] = []
    for part in parts:
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] += part
        elif part != "":
            result.append(part)
    return result


def joined(parts: Iterable[Part]) -> ast.expr:
    """One expression of the whole text."""
    pieces = merged(parts)
    if not pieces:
        return const("")
    nodes = [_node(piece) for piece in pieces]
    if len(nodes) <= _ADDED:
        return reduce(lambda left, right: ast.BinOp(left, ast.Add(), right), nodes)
    return call(ast.Attribute(const(""), "join", ast.Load()), ast.Tuple(nodes, ast.Load()))


def constant_text(parts: Iterable[Part]) -> str | None:
    """The text, where it holds no value; None otherwise."""
    pieces = merged(parts)
    if not pieces:
        return ""
    return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], str) else None


def _node(part: Part) -> ast.expr:
    return const(part) if isinstance(part, str) else part
