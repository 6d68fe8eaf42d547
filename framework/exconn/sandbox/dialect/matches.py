"""Matches: the only condition of the language, over a record of ours or over a client's frame.

Rules:
- All lines must hold. A line is a literal, a list (any of), or one of `present`, `zero`, `above`, `starts`,
  `contains`, `not`.
- Literals are typed: `"0"` is not `0`. Over a record, words are ours (`state: open`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from exconn.document import suggest

from .place import Place
from .readings import ABSENT, dig
from .values import Kind, Record
from .vocabulary import WORDS
from .wire import Number
from .words import Words

Test = Callable[[Any], bool]


def build_match(place: Place, record: Record, words: Mapping[str, Words]) -> Callable[[Any], bool]:
    """A match over a record's row."""
    holds = build_scoped_match(place, record, words, frozenset())
    return lambda row: holds(row, {})


def build_scoped_match(
    place: Place, record: Record, words: Mapping[str, Words], sent: frozenset[str]
) -> Callable[[Any, Mapping[str, Any]], bool]:
    """A match over a record's row, and by names that begin with `sent.` over what a client sent."""
    lines: list[tuple[Callable[[Any], Any], Test]] = []
    asked: list[tuple[str, Test]] = []
    for entry in place.entries():
        if entry.name.startswith("sent.") and entry.name[5:] in sent:
            asked.append((entry.name[5:], _line(entry)))
            continue
        value = record.get(entry.name)
        if value is None:
            hint = f"did you mean {near}?" if (near := suggest(entry.name, record)) else None
            entry.error("unknown-value", f"there is no value '{entry.name}' here", hint)
            continue
        if value.kind is Kind.WORD:
            _check_words(entry, WORDS[value.of])
        lines.append((value.get, _line(entry)))
    return lambda row, given: (
        all(test(get(row)) for get, test in lines)
        and all(test(_unwrapped(given.get(name, ABSENT))) for name, test in asked)
    )


def build_frame_match(place: Place) -> Callable[[Mapping[str, Any]], bool]:
    """A match over a client's frame; keys are dotted paths."""
    lines = [(entry.name, _line(entry)) for entry in place.entries()]
    return lambda frame: all(test(_unwrapped(dig(frame, path))) for path, test in lines)


def _unwrapped(value: Any) -> Any:
    if value is ABSENT:
        return None
    if isinstance(value, Number):
        return int(value.text) if value.text.lstrip("-").isdecimal() else Decimal(value.text)
    return value


def _check_words(place: Place, vocabulary: tuple[str, ...]) -> None:
    value = place.plain
    for word in value if isinstance(value, list) else [value]:
        if isinstance(word, str) and word not in vocabulary:
            place.error("unknown-word", f"'{word}' is no word here", f"the words are {', '.join(vocabulary)}")


def _line(place: Place) -> Test:
    value = place.plain
    if isinstance(value, dict) and (len(value) != 1 or next(iter(value)) not in _TESTS):
        place.error("bad-match", "this is nothing to match", f"write a literal, a list, or one of {', '.join(_TESTS)}")
        return lambda value: False
    return _test(value)


def _test(expected: Any) -> Test:
    if isinstance(expected, list):
        return lambda value: any(_equal(value, each) for each in expected)
    if isinstance(expected, dict) and len(expected) == 1 and next(iter(expected)) in _TESTS:
        name, operand = next(iter(expected.items()))
        return _TESTS[name](operand)
    return lambda value: _equal(value, expected)


def _equal(value: Any, expected: Any) -> bool:
    if isinstance(expected, str):
        return isinstance(value, str) and str(value) == expected
    return type(value) is type(expected) and bool(value == expected)


def _is_above(value: Any, bound: int) -> bool:
    """Whether a number, or a text of digits, is greater."""
    if isinstance(value, str):
        return value.isdecimal() and len(value) <= 19 and int(value) > bound
    return isinstance(value, Decimal | int) and not isinstance(value, bool) and value > bound


def _not(operand: Any) -> Test:
    inner = _test(operand)
    return lambda value: not inner(value)


_TESTS: dict[str, Callable[[Any], Test]] = {
    "present": lambda wanted: lambda value: (value is not None) is wanted,
    "zero": lambda wanted: lambda value: (isinstance(value, Decimal | int) and not value) is wanted,
    "above": lambda bound: lambda value: _is_above(value, bound),
    "starts": lambda text: lambda value: isinstance(value, str) and value.startswith(text),
    "contains": lambda text: lambda value: isinstance(value, str) and text in value,
    "not": _not,
}
