"""Logins by a signed frame, on sockets without checks of their own: whose key it is, judged step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import access
from .connection import Connection
from .desk import Desk
from .dialect.meanings import Refused
from .dialect.readings import dig
from .dialect.socket_rules import Message
from .keys import Key
from .log import Log
from .signatures import Signed


def log_in(desk: Desk, log: Log, connection: Connection, found: Message, frame: Mapping[str, Any], now: int) -> None:
    """Let a connection be a key's. Refused: login_not_expected, or else what also closes the connection."""
    if connection.key is not None:
        raise Refused("login_not_expected")
    try:
        connection.logged_in(_judge(desk, log, connection, found, frame, now), now)
    except Refused as refused:
        refused.values["closes"] = "login_refused"
        raise


def _judge(desk: Desk, log: Log, connection: Connection, found: Message, frame: Mapping[str, Any], now: int) -> Key:
    """The key that a frame logs in with. Refused: as the steps of a signed request say."""
    signature = desk.dialect.signatures[found.asked.signature or ""]
    for name in frame:
        if name not in found.fields and name not in {field.path for field in signature.fields}:
            raise Refused("header", field=str(name))
    values, texts = access.read_fields(signature.fields, lambda reading: dig(frame, reading.path))
    key = access.find_key(desk, values)
    verdict = access.judge_signature(signature, Signed("", "", "", b"", texts), key)
    if not verdict.right:
        log.add("refused signature", connection=connection.name, key=key.api_key, steps=verdict.steps)
        raise Refused("wrong_signature")
    access.judge_time(signature, values, texts.get("time", ""), now)
    access.use_nonce(signature, values, texts.get("nonce", ""), key)
    access.judge_right(key, found.asked.right)
    return key
