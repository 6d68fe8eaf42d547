"""Bytes of the wire to JSON values: the one decoder that every general reader uses.

Rules: JSON integers become int, all other JSON numbers Decimal, made from their own digits, never float; size and depth
are bounded (depth by the decoder's own recursion guard); whatever goes wrong is one `Unanswered` that names the fault
and never shows the body. A number whose exponent no Decimal can hold stands for itself as one that every reading
refuses, so that it costs its field and not the body. The same body gives the same value or the same error, always.
"""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from exconn.errors import Unanswered

MAX_BYTES: Final = 16 * 1024 * 1024

_FARTHEST = 99_999
"""An exponent far beyond what any reading takes, and within what a Decimal can hold."""

_decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(float_hook=Decimal)


def decode(data: bytes | str) -> Any:
    """The JSON value of a body or a frame. Unanswered where it is too long, too deep, no JSON or no UTF-8."""
    if len(data) > MAX_BYTES:
        raise Unanswered(f"the body is longer than {MAX_BYTES} bytes")
    try:
        try:
            return _decoder.decode(data)
        except InvalidOperation:
            return _patient.decode(data)
    except msgspec.MsgspecError as fault:
        why = f"the body is not readable JSON: {fault}"
    except UnicodeError:
        why = "the body is not UTF-8"
    except RecursionError:
        why = "the body is nested too deep"
    raise Unanswered(why)  # out here, so that no decoder's error, which holds the body, hangs on it as its context


def _decimal(text: str) -> Decimal:
    """The number; where its exponent is out of every range, one of the same sign that is as hopeless."""
    try:
        return Decimal(text)
    except InvalidOperation:
        digits, _, exponent = text.lower().partition("e")
        zero = not digits.strip("-0.")
        place = -_FARTHEST if exponent.startswith("-") else _FARTHEST
        return Decimal((int(text.startswith("-")), (0 if zero else 1,), place))


_patient: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(float_hook=_decimal)
