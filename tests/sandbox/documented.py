"""Answers beside the form that an exchange's documents give them: each field there, none else, each of its type.

A form is a type by its name, `[form]` for a list of such, `[form, form]` for a row, `{"": form}` for a mapping by keys
of any kind, or `{field: form}`; a field whose name ends with `?` may be missing.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

TYPES: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "decimal": lambda value: isinstance(value, str) and _DECIMAL.fullmatch(value) is not None,
    "instant": lambda value: isinstance(value, str) and _INSTANT.fullmatch(value) is not None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float | Decimal) and not isinstance(value, bool),
    "flag": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def departures(value: Any, form: Any, where: str = "answer") -> list[str]:
    """What is not as the form says, each with its place."""
    if isinstance(form, str):
        wanted = form.split(" or ")
        return [] if any(_fits(value, each) for each in wanted) else [f"{where}: {value!r} is no {form}"]
    if isinstance(form, list):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        if len(form) == 1:
            return [line for row in value for line in departures(row, form[0], f"{where}[]")]
        if len(form) != len(value):
            return [f"{where}: {len(value)} values, not {len(form)}: {value}"]
        pairs = enumerate(zip(value, form, strict=True))
        return [line for number, (row, of) in pairs for line in departures(row, of, f"{where}[{number}]")]
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no object"]
    if "" in form:
        return [line for row in value.values() for line in departures(row, form[""], f"{where}.*")]
    known = {name.rstrip("?"): (of, name.endswith("?")) for name, of in form.items()}
    lines = [f"{where}.{name}: no documented field" for name in value if name not in known]
    for name, (of, optional) in known.items():
        if name in value:
            lines += departures(value[name], of, f"{where}.{name}")
        elif not optional:
            lines.append(f"{where}.{name}: is missing")
    return lines


def _fits(value: Any, name: str) -> bool:
    return TYPES[name](value) if name in TYPES else value == name
