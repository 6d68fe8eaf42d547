"""Moments: every form read and written, by integers alone."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exconn.codec import (
    BadValue,
    date_from_ns,
    iso_ms_from_ns,
    iso_s_from_ns,
    ms_from_ns,
    ns_from_iso,
    ns_from_ms,
    ns_from_ns,
    ns_from_s,
    ns_from_us,
    s_from_ns,
    us_from_ns,
)
from exconn.codec.times import duration_from_ms, duration_from_s

T = 1_767_225_600_250_999_999
T_AT = 1_767_225_600_000_000_000


@pytest.mark.parametrize(
    ("read", "value", "time_ns"),
    [
        (ns_from_s, 1767225600, 1_767_225_600_000_000_000),
        (ns_from_s, "1767225600.250999999", T),
        (ns_from_s, Decimal("1616666559.2312"), 1_616_666_559_231_200_000),
        (ns_from_s, "1767225600.2509999999999", T),
        (ns_from_ms, 1767225600250, 1_767_225_600_250_000_000),
        (ns_from_ms, "1767225600250.999999", T),
        (ns_from_us, 1767225600250999, 1_767_225_600_250_999_000),
        (ns_from_ns, str(T), T),
        (ns_from_ns, Decimal("0.9"), 0),
        (ns_from_s, Decimal("1.7E+9"), 1_700_000_000_000_000_000),
        (ns_from_iso, "2026-01-01T00:00:00.250999999Z", T),
        (ns_from_iso, "2026-01-01T00:00:00.2509999999999Z", T),
        (ns_from_iso, "2026-01-01 00:00:00", 1_767_225_600_000_000_000),
        (ns_from_iso, "2026-01-01t00:00:00z", 1_767_225_600_000_000_000),
        (ns_from_iso, "2026-01-01T05:30:00+05:30", 1_767_225_600_000_000_000),
        (ns_from_iso, "2025-12-31T19:00:00.5-0500", 1_767_225_600_500_000_000),
        (ns_from_iso, "1970-01-01T00:00:00Z", 0),
        (duration_from_s, "1.5", 1_500_000_000),
        (duration_from_ms, 250, 250_000_000),
    ],
)
def test_reading(read: Callable[[object], int], value: object, time_ns: int) -> None:
    assert read(value) == time_ns


@pytest.mark.parametrize(
    ("read", "value", "why"),
    [
        (ns_from_s, "soon", "'soon' is not a number"),
        (ns_from_s, None, "null is not a number"),
        (ns_from_s, -1, "-1 is no time between 1970 and 2200"),
        (ns_from_s, 1767225600250, "1767225600250 is no time between 1970 and 2200"),
        (ns_from_ms, "1e40", "'1e40' is no time between 1970 and 2200"),
        (ns_from_ms, True, "true is not a number"),
        (ns_from_iso, 1767225600, "1767225600 is not an ISO 8601 moment"),
        (ns_from_iso, "2026-02-30T00:00:00Z", "'2026-02-30T00:00:00Z' is not an ISO 8601 moment"),
        (ns_from_iso, "2026-01-01", "'2026-01-01' is not an ISO 8601 moment"),
        (ns_from_iso, "1969-12-31T23:59:59Z", "'1969-12-31T23:59:59Z' is no time between 1970 and 2200"),
    ],
)
def test_what_is_no_time(read: Callable[[object], int], value: object, why: str) -> None:
    with pytest.raises(BadValue) as caught:
        read(value)
    assert caught.value.why == why


@pytest.mark.parametrize(
    ("write", "written"),
    [
        (s_from_ns, 1767225600),
        (ms_from_ns, 1767225600250),
        (us_from_ns, 1767225600250999),
        (iso_ms_from_ns, "2026-01-01T00:00:00.250Z"),
        (iso_s_from_ns, "2026-01-01T00:00:00Z"),
        (date_from_ns, "2026-01-01"),
    ],
)
def test_writing_cuts_off(write: Callable[[int], int | str], written: int | str) -> None:
    assert write(T) == written


@given(st.integers(min_value=0, max_value=7_258_118_399_999))
def test_milliseconds_go_round(time_ms: int) -> None:
    time_ns = ns_from_ms(str(time_ms))
    assert ms_from_ns(time_ns) == time_ms
    assert ns_from_iso(iso_ms_from_ns(time_ns)) == time_ns
    assert ns_from_s(f"{time_ms // 1000}.{time_ms % 1000:03d}") == time_ns


def test_moments_of_a_second_that_was_read_before() -> None:
    for _ in range(2):
        assert ns_from_iso("2026-01-01T00:00:00.25Z") == T_AT + 250_000_000
        assert ns_from_iso("2026-01-01T00:00:00Z") == T_AT
        assert ns_from_iso("2026-01-01T00:00:00.000000001Z") == T_AT + 1
        assert ns_from_iso("2026-01-01T00:00:00.25") == T_AT + 250_000_000
        assert ns_from_iso("2026-01-01T00:00:00.5+01:00") == T_AT - 3600 * 10**9 + 500_000_000
        for bad in (".Z", ".٣Z", ".25Zz", "Z ", ".25ZZ", "Z\n", "." + "1" * 60 + "Z"):
            with pytest.raises(BadValue, match="is not an ISO 8601 moment"):
                ns_from_iso(f"2026-01-01T00:00:00{bad}")
    for second in range(200):
        assert ns_from_iso(iso_s_from_ns(T_AT + second * 10**9)) == T_AT + second * 10**9
