"""One request as the checks see it: what was sent, and what has been found out about it so far.

Rules:
- A request may come over HTTP or in a frame of a websocket; one that is `framed` has all its arguments in `document`.
- The target, the headers and the body are kept byte for byte as they came; query and body are taken apart once.
- `sent` holds the wire's fields by path, for templates; `args` what was read of them, by argument.
- A body is looked into only by the step that asks for it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from .dialect.endpoints import Endpoint
from .dialect.readings import ABSENT, Reading, dig
from .dialect.wire import JsonText, Number
from .keys import Key
from .limits import Count
from .signatures import Verdict

Pairs = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Inquiry:
    """A request under way. `address` is the client's; `now` the exchange's clock when it came, in ns.

    `session` is the key that a websocket is logged in with, `connection` its name, `counts` what the limits say,
    `tokens` are those that it has used, `deadline` (ns) is until when it may be done.
    """

    endpoint: Endpoint
    method: str
    host: str
    target: str
    headers: Pairs
    body: bytes
    address: str
    now: int
    path: Mapping[str, str] = field(default_factory=dict)
    query: Pairs = ()
    document: Mapping[str, Any] = field(default_factory=dict)
    doubled: tuple[str, ...] = ()
    key: Key | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    args: dict[str, Any] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    verdict: Verdict | None = None
    framed: bool = False
    session: Key | None = None
    connection: str = ""
    counts: Sequence[Count] = ()
    tokens: dict[str, Key] = field(default_factory=dict)
    deadline: int | None = None

    def __post_init__(self) -> None:
        self.query = parse_qsl(self.target.partition("?")[2], keep_blank_values=True)
        self.sent.update(self.path)
        for name, value in self.query:
            self.sent.setdefault(name, value)

    def raw(self, reading: Reading) -> Any:
        """What the wire has for a reading, or ABSENT."""
        if self.framed:
            return dig(self.document, reading.path)
        if reading.place in ("query", "params"):
            found = next((value for name, value in self.query if name == reading.path), ABSENT)
            return self.document.get(reading.path, ABSENT) if found is ABSENT and reading.place == "params" else found
        if reading.place == "headers":
            name = reading.path.lower()
            given = [value for each, value in self.headers if each.lower() == name]
            if not given:
                return ABSENT
            return given[0] if len(given) == 1 else None  # given twice: two values, and no type reads that
        if reading.place == "path":
            return self.path.get(reading.path, ABSENT)
        if reading.path in self.document:
            return self.document[reading.path]  # a form's names may have dots of their own
        return dig(self.document, reading.path)

    def is_json(self, kind: str | None) -> bool:
        """Whether a body of a kind is JSON: by the kind itself, or by what the client says of it."""
        if kind not in ("body", "params"):
            return kind != "form"
        kinds = (value for name, value in self.headers if name.lower() == "content-type")
        return next(kinds, "").partition(";")[0].strip().lower() == "application/json"

    def take_document(self, document: Mapping[str, Any], doubled: tuple[str, ...]) -> None:
        """Keep a body that could be read."""
        self.document, self.doubled = document, doubled
        for name, value in document.items():
            self.sent.setdefault(name, value)


def read_json(data: bytes | str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A JSON object, and the names that it has twice at its top. Raises ValueError for anything else.

    Numbers become `Number`, strings `JsonText`, so that types can tell how a value was sent. An escape that stands for
    half a character (a lone surrogate) is no text, and could not be written back.
    """
    doubled: list[str] = []

    def pairs_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        document: dict[str, Any] = {}
        doubled.clear()  # the outermost object is read last, and its names are those that count
        for name, value in pairs:
            if name in document:
                doubled.append(name)
            document[_whole_text(name)] = _marked(value)
        return document

    text = data.decode("utf-8") if isinstance(data, bytes) else data
    if text.count("[") + text.count("{") > 1000:
        raise ValueError("too deep")
    document = json.loads(
        text, object_pairs_hook=pairs_of, parse_int=Number, parse_float=Number, parse_constant=_refuse_constant
    )
    if not isinstance(document, dict):
        raise ValueError("not an object")
    return document, tuple(doubled)


def _refuse_constant(text: str) -> None:
    raise json.JSONDecodeError(f"{text} is no JSON", text, 0)


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return JsonText(_whole_text(value))
    return [_marked(item) for item in value] if isinstance(value, list) else value


def _whole_text(text: str) -> str:
    if not text.isascii():
        text.encode()  # raises UnicodeEncodeError, a ValueError, for half a character
    return text


def read_form(data: bytes) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A form body as sent, the first of each name, and the names that it has twice. Raises ValueError where it is no
    text."""
    pairs = parse_qsl(data.decode("utf-8"), keep_blank_values=True)
    counts = Counter(name for name, _ in pairs)
    first: dict[str, Any] = {}
    for name, value in pairs:
        first.setdefault(name, value)
    return first, tuple(name for name, count in counts.items() if count > 1)
