"""Moments: integer nanoseconds since 1970 (UTC) on our side; s, ms, us, ns and ISO 8601 on the wire.

Rules: integer arithmetic only; reading takes an int, digits or a Decimal with a fraction (cut below a nanosecond);
an ISO moment without a zone is UTC, as exchanges that leave it out mean it; writing cuts off, it never rounds up.
A value that is no moment between 1970 and 2200 is a BadValue.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from exconn.codec.numbers import BadValue, read_decimal, shown

SECOND = 1_000_000_000
_END = 7_258_118_400 * SECOND  # 2200-01-01T00:00:00Z
_END_MS, _END_US = _END // 1_000_000, _END // 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SECONDS: dict[str, int] = {}
"""Beginnings of ISO moments read of late, up to their second, each with its nanoseconds: moments of one stream come
many to a second."""
_TO_SECONDS = len("2026-01-31T12:00:00")
_REMEMBERED = 64

_FRACTION = re.compile(r"(?:\.([0-9]{1,9})[0-9]{0,30})?Z").fullmatch
_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{1,9})[0-9]*)?(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2}))?"
).fullmatch


def ns_from_s(value: object) -> int:
    return _scaled(value, 9)


def ns_from_ms(value: object) -> int:
    if type(value) is int and 0 <= value < _END_MS:
        return value * 1_000_000
    return _scaled(value, 6)


def ns_from_us(value: object) -> int:
    if type(value) is int and 0 <= value < _END_US:
        return value * 1_000
    return _scaled(value, 3)


def ns_from_ns(value: object) -> int:
    return _scaled(value, 0)


def ns_from_iso(value: object) -> int:
    """`2026-01-31T12:00:00.123456789Z`, also with a blank for the T, with an offset, or without a zone (UTC)."""
    if type(value) is str:
        known = _SECONDS.get(value[:_TO_SECONDS])
        if known is not None and (fraction := _FRACTION(value, _TO_SECONDS)) is not None:
            return known + int((fraction[1] or "0").ljust(9, "0"))
    return _of_any_second(value)


def _of_any_second(value: object) -> int:
    """The same for a moment of any form; where it is in UTC, its second is remembered."""
    found = _ISO(value) if type(value) is str and len(value) <= 64 else None
    if found is None:
        raise BadValue(f"{shown(value)} is not an ISO 8601 moment")
    year, month, day, hour, minute, second, fraction, sign, zone_hours, zone_minutes = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        raise BadValue(f"{shown(value)} is not an ISO 8601 moment") from None
    if sign:
        offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
        moment = moment - offset if sign == "+" else moment + offset
    since = moment - _EPOCH
    whole = _checked((since.days * 86_400 + since.seconds) * SECOND, value)
    if not sign:
        if len(_SECONDS) >= _REMEMBERED:
            _SECONDS.clear()
        _SECONDS[f"{year}-{month}-{day}T{hour}:{minute}:{second}"] = whole
    return whole + int((fraction or "0").ljust(9, "0"))


def duration_from_s(value: object) -> int:
    """Nanoseconds of a duration in seconds."""
    return _scaled(value, 9)


def duration_from_ms(value: object) -> int:
    """Nanoseconds of a duration in milliseconds."""
    return _scaled(value, 6)


def s_from_ns(time_ns: int) -> int:
    return time_ns // SECOND


def ms_from_ns(time_ns: int) -> int:
    return time_ns // 1_000_000


def us_from_ns(time_ns: int) -> int:
    return time_ns // 1_000


def iso_ms_from_ns(time_ns: int) -> str:
    """`2026-01-31T12:00:00.123Z`."""
    return f"{_second_text(time_ns // SECOND)}.{time_ns // 1_000_000 % 1000:03d}Z"


def iso_s_from_ns(time_ns: int) -> str:
    """`2026-01-31T12:00:00Z`."""
    return f"{_second_text(time_ns // SECOND)}Z"


def utc_from_ns(time_ns: int) -> str:
    """`2026-01-31T12:00:00`, without a zone."""
    return _second_text(time_ns // SECOND)


def date_from_ns(time_ns: int) -> str:
    """`2026-01-31`, the day in UTC."""
    return _second_text(time_ns // SECOND)[:10]


@lru_cache(_REMEMBERED)
def _second_text(second: int) -> str:
    """Many requests are signed in the same second."""
    return (_EPOCH + timedelta(seconds=second)).isoformat()[:_TO_SECONDS]


def _scaled(value: object, places: int) -> int:
    if type(value) is int:
        return _checked(value * 10**places, value)
    number = read_decimal(value)
    if number.adjusted() > 20:
        raise BadValue(f"{shown(value)} is no time between 1970 and 2200")
    return _checked(_cut(number, places), value)


def _cut(number: Decimal, places: int) -> int:
    """`number` times 10**places without its fraction; done on digits, so that no context can round it."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    written = "".join(map(str, digits))
    shift = exponent + places
    scaled = int(written + "0" * shift) if shift >= 0 else int(written[:shift] or "0")
    return -scaled if sign else scaled


def _checked(time_ns: int, value: object) -> int:
    if not 0 <= time_ns < _END:
        raise BadValue(f"{shown(value)} is no time between 1970 and 2200")
    return time_ns
