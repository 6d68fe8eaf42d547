"""Moments: read from their text, shown in the unit that was asked for."""

import pytest

from exconn.testing.cases.moments import Moment, read_moment, unit_of

TEXTS = {"0 s": 0, "1 s": 10**9, "1767225600262 ms": 1767225600262 * 10**6, "5 us": 5000, "7 ns": 7}
BAD = ["", "5", "5ms", "5  ms", "-5 ms", "05 ms", "5.5 ms", "5 m", "5 ms\n", "٥ ms", "5 MS", "123456789012345678901 ns"]


@pytest.mark.parametrize(("text", "ns"), TEXTS.items())
def test_a_moment_is_read_and_shown(text: str, ns: int) -> None:
    moment = read_moment(text)
    assert moment == Moment(ns)
    assert moment.show(unit_of(text)) == text


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_moment(text: str) -> None:
    assert read_moment(text) is None


def test_a_moment_is_never_shown_cut() -> None:
    assert Moment(1_500_000).show("s") == "1500 us"
