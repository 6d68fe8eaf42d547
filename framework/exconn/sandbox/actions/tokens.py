"""Actions on tokens, which stand for a key where a key cannot be sent.

Rules:
- `lasts` (seconds) is how long a token is good; `kept` gives a key the token that it has, where it has one.
- A token is its key's own: to others it does not exist.
"""

from __future__ import annotations

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.limits import SECOND
from exconn.sandbox.tokens import Token

from .call import Call

_LASTS, _LENGTH = 3600, 64


def issue_token(call: Call) -> Token:
    """A token of the key that asks."""
    if call.key is None:
        raise LookupError("issue_token needs a signed request")
    args = call.args
    length, kept = args.get("length", _LENGTH), args.get("kept", False)
    return call.desk.tokens.issue(call.key, _until(call), call.now, length=length, kept=kept)


def extend_token(call: Call) -> Token:
    """Make a token good for longer. Refused: unknown_token."""
    token = _find(call)
    token.until = _until(call)
    return token


def end_token(call: Call) -> Token:
    """End a token. Refused: unknown_token."""
    token = _find(call)
    call.desk.tokens.end(token)
    return token


def _find(call: Call) -> Token:
    token = call.desk.tokens.find(call.args["token"], call.now)
    if token is None or token.key is not call.key:
        raise Refused("unknown_token")
    return token


def _until(call: Call) -> int:
    return call.now + int(call.args.get("lasts", _LASTS)) * SECOND
