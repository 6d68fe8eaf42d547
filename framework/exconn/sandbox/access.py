"""Who is asking: the steps that judge a signature's fields, key, time, nonce and rights.

Rules:
- The same judgement for requests and for logins of a websocket: only where the fields stand differs.
- A nonce is used up once the signature and the time are good, whatever comes after.
- Times are compared in ns on the exchange's clock; a window ends after its last instant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .desk import Desk
from .dialect.meanings import Refused
from .dialect.readings import ABSENT, Reading
from .dialect.signing import Signature
from .dialect.wire import Malformed, Number
from .keys import Key
from .signatures import Signed, Verdict

MILLISECOND = 1_000_000


def read_fields(fields: Sequence[Reading], raw: Callable[[Reading], Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of a signature as values, and their texts as sent. Refused: header, naming the first bad one."""
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for reading in fields:
        sent = raw(reading)
        if sent is ABSENT and not reading.required:
            values[reading.arg] = reading.default
            continue
        try:
            values[reading.arg] = reading.type.read(sent)
        except Malformed:
            raise Refused("header", field=reading.path) from None
        texts[reading.arg] = sent.text if isinstance(sent, Number) else str(sent)
    return values, texts


def find_key(desk: Desk, values: dict[str, Any]) -> Key:
    """The key that signed. Refused: unknown_key."""
    key = desk.key(values["key"])
    if key is None:
        raise Refused("unknown_key")
    return key


def find_key_of_token(desk: Desk, text: str, now: int, used: dict[str, Key]) -> Key:
    """The key that a token stands for; `used` are those that the connection has used. Refused: unknown_token."""
    token = desk.tokens.find(text, now)
    key = used.get(text) if token is None else token.key
    if key is None or key.revoked:
        raise Refused("unknown_token")
    used[text] = key
    return key


def judge_signature(signature: Signature, signed: Signed, key: Key) -> Verdict:
    """Whether the signature is right, with its explanation."""
    return signature.verify(signed, key.secrets)


def judge_time(signature: Signature, values: dict[str, Any], sent: str, now: int) -> None:
    """Refused: time_window, when the moment of signing is too old; time_ahead, when it is too far ahead."""
    if signature.ahead is None or signature.window is None:
        return
    window = signature.window if values.get("window") is None else values["window"] * MILLISECOND
    if now < values["time"] - signature.ahead:
        raise Refused("time_ahead", time=sent)
    if now > values["time"] + window:
        raise Refused("time_window", time=sent)


def use_nonce(signature: Signature, values: dict[str, Any], sent: str, key: Key) -> None:
    """Use a nonce up. Refused: bad_nonce, when it is not greater than every one before."""
    if not signature.increasing_nonce:
        return
    if values["nonce"] <= key.last_nonce:
        raise Refused("bad_nonce", nonce=sent, last=key.last_nonce)
    key.last_nonce = values["nonce"]


def judge_right(key: Key, right: str | None) -> None:
    """Refused: no_right."""
    if right is not None and right not in key.rights:
        raise Refused("no_right", right=right)
