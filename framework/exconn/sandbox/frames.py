"""The frames of clients: which message one is, and what it says.

Rules:
- What is no JSON is an `unreadable_frame`, where it stops being JSON; a frame that is no message of its socket is an
  `unknown_message`, of the field by which messages are known where it lacks that. All else is a `bad_frame`, of the
  field that is wrong where one is.
- Of a refused frame its error takes what it can read, and null for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any

from aiohttp import WSMessage, WSMsgType

from .dialect.meanings import Refused
from .dialect.readings import ABSENT, Reading, dig
from .dialect.socket_rules import Message, SocketRules
from .dialect.wire import Malformed
from .inquiry import read_json


def read_frame(rules: SocketRules, message: WSMessage) -> Mapping[str, Any]:
    """The frame that a message of the websocket holds, a JSON object. Refused: unreadable_frame, bad_frame."""
    if message.type is not WSMsgType.TEXT or len(message.data.encode()) > rules.most_bytes:
        raise Refused("bad_frame")
    try:
        frame, doubled = read_json(message.data)
    except JSONDecodeError as error:
        raise Refused("unreadable_frame", line=error.lineno, column=error.colno) from None
    except (ValueError, RecursionError):
        raise Refused("bad_frame") from None
    if doubled:
        raise Refused("bad_frame")
    return frame


def find_message(rules: SocketRules, frame: Mapping[str, Any], text: str) -> Message:
    """The first message of a socket that a frame matches, `text` as it came. Refused: unknown_message."""
    for message in rules.messages:
        if message.match(frame):
            return message
    asked = dig(frame, rules.known_by) if rules.known_by else None
    missing = {"field": rules.known_by} if asked is ABSENT else {"asked": asked}
    line, column = text.count("\n") + 1, len(text) - text.rfind("\n") - 1
    raise Refused("unknown_message", **missing, line=line, column=column)


def read_arguments(found: Message, frame: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a message that is no request with checks of its own. Refused: bad_frame."""
    args: dict[str, Any] = {}
    for name in frame:
        if name not in found.fields:
            raise Refused("bad_frame", field=name)
    for reading in found.asked.readings:
        raw = dig(frame, reading.path)
        if raw is ABSENT and reading.required:
            raise Refused("bad_frame", field=reading.path)
        try:
            args[reading.arg] = reading.default if raw is ABSENT else reading.type.read(raw)
        except Malformed:
            raise Refused("bad_frame", field=reading.path) from None
    return args


def read_leniently(reading: Reading, frame: Mapping[str, Any], known: frozenset[str] | None) -> Any:
    """A field of a refused frame, or None where it cannot be read or its message has no such field."""
    raw = dig(frame, reading.path)
    if raw is ABSENT or (known is not None and reading.path.partition(".")[0] not in known):
        return None
    try:
        reading.type.read(raw)
    except Malformed:
        return None
    return raw
