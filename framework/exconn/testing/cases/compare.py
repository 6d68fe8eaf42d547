"""What was expected against what came: every difference, at the line of the expectation.

Rules: the order of fields never counts, that of list items does; what is not listed must be absent; scalars compare by
their text, typed leaves in their own way. A difference says where, what was expected and what came, in that order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from exconn.document import Mapping, Node, Scalar, Sequence, Span, quoted

from .moments import Moment, read_moment, unit_of
from .texts import SHOWN, cut, text_differences, token_differences
from .told import Body, Json, Message, Told, Url


@dataclass(frozen=True, slots=True)
class Difference:
    """`path`: the keys that lead to it, indexes counted from 0."""

    path: tuple[str | int, ...]
    span: Span
    why: str


def compare(expected: Node, told: Told, path: tuple[str | int, ...] = ()) -> Iterator[Difference]:
    """All differences between the two."""
    if isinstance(told, dict):
        yield from _fields(expected, told, path)
    elif isinstance(told, list):
        yield from _items(expected, told, path)
    elif not isinstance(expected, Scalar):
        yield _other(path, expected, told)
    elif isinstance(told, Json | Body | Url):
        for inner, why in text_differences(expected.text, told):
            name = _name((*path, *inner))
            yield Difference((*path, *inner), expected.span, f"{name}: {why}")
    elif not _is_same(expected.text, told):
        within = list(token_differences(expected.text, told)) if isinstance(told, str) else []
        for inner, why in within:
            yield Difference((*path, *inner), expected.span, f"{_name((*path, *inner))}: {why}")
        if not within:
            yield _other(path, expected, told)


def _fields(expected: Node, told: dict[str, Told], path: tuple[str | int, ...]) -> Iterator[Difference]:
    if not isinstance(expected, Mapping):
        yield _other(path, expected, told)
        return
    if len(expected.entries) == len(told) == 1 and expected.entries[0].key.text not in told:
        yield _another(path, expected, told)
        return
    for key, node in expected.entries:
        if key.text in told:
            yield from compare(node, told[key.text], (*path, key.text))
        else:
            why = f"{_name((*path, key.text))}: expected {_show_node(node)}, but nothing came"
            yield Difference((*path, key.text), key.span, why)
    for name, value in told.items():
        if expected.get(name) is None:
            why = f"{_name((*path, name))}: expected nothing, but {show(value)} came"
            yield Difference((*path, name), expected.span, why)


def _another(path: tuple[str | int, ...], expected: Mapping, told: dict[str, Told]) -> Difference:
    """One thing was to come, and another came: another kind of record, an error in place of records."""
    (key, node), (name, value) = expected.entries[0], next(iter(told.items()))
    where = f"{_name(path)}: " if path else ""
    why = f"{where}expected {key.text} {_show_node(node)}, came {name} {show(value)}"
    return Difference((*path, key.text), key.span, why)


def _items(expected: Node, told: list[Told], path: tuple[str | int, ...]) -> Iterator[Difference]:
    if not isinstance(expected, Sequence):
        yield _other(path, expected, told)
        return
    for index, (node, value) in enumerate(zip(expected.items, told, strict=False)):
        yield from compare(node, value, (*path, index))
    for index in range(len(told), len(expected.items)):
        node = expected.items[index]
        yield Difference((*path, index), node.span, f"{_name((*path, index))}: expected, but nothing came")
    for index in range(len(expected.items), len(told)):
        why = f"{_name((*path, index))}: expected nothing, but {show(told[index])} came"
        yield Difference((*path, index), expected.span, why)


def _is_same(expected: str, told: Told) -> bool:
    if isinstance(told, Moment):
        return read_moment(expected) == told
    if isinstance(told, Message):
        return expected in told.text
    if isinstance(told, float):
        try:
            return float(expected) == told
        except ValueError:
            return False
    return expected == told


def _other(path: tuple[str | int, ...], expected: Node, told: Told) -> Difference:
    unit = unit_of(expected.text) if isinstance(expected, Scalar) else "s"
    return Difference(path, expected.span, f"{_name(path)}: expected {_show_node(expected)}, came {show(told, unit)}")


def show(told: Told, unit: str = "ms") -> str:
    """A told value for a message."""
    if isinstance(told, Moment):
        return told.show(unit)
    if isinstance(told, Json | Body | Url | Message):
        return quoted(told.text, SHOWN)
    if isinstance(told, float):
        return repr(told)
    if isinstance(told, dict):
        return cut("{" + ", ".join(f"{key}: {show(value)}" for key, value in told.items()) + "}")
    if isinstance(told, list):
        return cut("[" + ", ".join(show(value) for value in told) + "]")
    return quoted(told, SHOWN)


def _show_node(node: Node) -> str:
    if isinstance(node, Scalar):
        return quoted(node.text, SHOWN)
    if isinstance(node, Sequence):
        return cut("[" + ", ".join(map(_show_node, node.items)) + "]")
    return cut("{" + ", ".join(f"{entry.key.text}: {_show_node(entry.value)}" for entry in node.entries) + "}")


def _name(path: tuple[str | int, ...]) -> str:
    """`gives[0].order.state`"""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name
