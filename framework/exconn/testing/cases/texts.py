"""Texts that have parts: JSON frames, bodies, URLs and tokens; a difference is told for the part that differs.

Rules: the order of fields and the blanks of a JSON frame do not count; of everything else every byte counts, and where
the parts are alike but the bytes are not, that is the difference. Numbers are compared by their digits.
"""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from .told import Body, Json, Url

SHOWN: Final = 160
Found: TypeAlias = Iterator[tuple[tuple[str | int, ...], str]]


def text_differences(expected: str, told: Json | Body | Url) -> Found:
    """(path within the text, what differs)."""
    if isinstance(told, Url):
        yield from _urls(expected, told.text)
        return
    read = _parse if isinstance(told, Json) or _parse(told.text) is not None else _form
    wanted, came = read(expected), read(told.text)
    found = [] if wanted is None or came is None else list(_values(wanted, came))
    yield from found
    is_alike = wanted is not None and came is not None and isinstance(told, Json)
    if not found and not is_alike and expected != told.text:
        yield (), f"expected {cut(repr(expected))}, came {cut(repr(told.text))}"


_TOKEN: Final = re.compile(r"(eyJ[\w-]+)[.](eyJ[\w-]+)[.]([\w-]+)", re.A)


def token_differences(expected: str, came: str) -> Found:
    """What the JSON web tokens in two texts that differ say otherwise; nothing where one of them holds none."""
    wanted, other = _TOKEN.search(expected), _TOKEN.search(came)
    if wanted is None or other is None:
        return
    said = 0
    for group, part in ((1, "header"), (2, "claims")):
        for path, why in _values(_unsealed(wanted[group]), _unsealed(other[group])):
            said += 1
            yield (part, *path), why
    if not said:
        yield ("signature",), f"expected {cut(wanted[3])!r}, came {cut(other[3])!r}, over the same header and claims"


def _unsealed(part: str) -> Any:
    """The JSON of a token's part; the part itself where it is none."""
    try:
        found = _parse(base64.urlsafe_b64decode(f"{part}==").decode())
    except ValueError:
        found = None
    return part if found is None else found


def cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _urls(expected: str, came: str) -> Found:
    """Two URLs; parameters by name where the rest is the same."""
    if expected == came:
        return
    wanted_path, _, wanted_query = expected.partition("?")
    came_path, _, came_query = came.partition("?")
    wanted, other = _parameters(wanted_query), _parameters(came_query)
    if wanted_path != came_path or wanted == other:
        yield (), f"expected {cut(expected)!r}, came {cut(came)!r}"
    else:
        yield from _values(wanted, other)


def _form(body: str) -> dict[str, Any] | None:
    """The fields of a form; None for a body that is none."""
    return _parameters(body) if "=" in body and not body.startswith(("{", "[", "<")) else None


def _parameters(query: str) -> dict[str, Any]:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    return {name: value for name, _, value in pairs}


class _Digits(str):
    """A JSON number, told from a text of the same digits."""

    __slots__ = ()


def _parse(text: str) -> Any:
    """The JSON object or list that `text` is; None for everything else."""
    try:
        found = json.loads(text, parse_float=_Digits, parse_int=_Digits)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _values(wanted: Any, came: Any) -> Found:
    if isinstance(wanted, dict) and isinstance(came, dict):
        yield from _objects(wanted, came)
    elif isinstance(wanted, list) and isinstance(came, list) and len(wanted) == len(came):
        for index, pair in enumerate(zip(wanted, came, strict=True)):
            yield from (((index, *path), why) for path, why in _values(*pair))
    elif type(wanted) is not type(came) or wanted != came:
        yield (), f"expected {_shown(wanted)}, came {_shown(came)}"


def _objects(wanted: dict[str, Any], came: dict[str, Any]) -> Found:
    for key in {**wanted, **came}:
        if key not in came:
            yield (key,), f"expected {_shown(wanted[key])}, but nothing came"
        elif key not in wanted:
            yield (key,), f"expected nothing, but {_shown(came[key])} came"
        else:
            yield from (((key, *path), why) for path, why in _values(wanted[key], came[key]))


def _shown(value: Any) -> str:
    return cut(str(value) if isinstance(value, _Digits) else json.dumps(value, ensure_ascii=False))
