"""Every frame that the cases show: what we read in it, and what ccxt.pro tells its listeners, agree.

Rules: as in `test_readings`; updates of a book are left out, as ccxt has the whole book alone to tell, and so are
frames with rows that our reader refuses, or of which it tells nothing.
"""

from collections.abc import Mapping
from functools import cache

import pytest
from tests.oracle.kinds import compare_said

from exconn.model import BalanceReport, BookUpdate, FillReport, OrderReport, PublicTrade, Report, Unreadable
from exconn.testing.cases import Case, Mode
from exconn.testing.cases.tree import SampleFrame

from .ear import heard
from .known import unexplained
from .venue import Venue, reader_of, venue_of
from .ways import WAYS


@cache
def told(name: str) -> Mapping[str, list[str]]:
    """Case -> the differences, for every frame that says something."""
    venue = venue_of(name)
    return {case.id: differences(venue, case, reports) for case, reports in shown(venue)}


def shown(venue: Venue) -> list[tuple[Case, list[Report]]]:
    """The frames with what we read in them."""
    found = []
    for case in venue.cases.cases:
        if isinstance(case.subject, SampleFrame) and case.expected.get("gives") is not None:
            memory, generated = (read(venue, case.subject, mode) for mode in Mode)
            assert memory == generated
            if memory and not any(isinstance(report, BookUpdate | Unreadable) for report in memory):
                found.append((case, memory))
    return found


def read(venue: Venue, sample: SampleFrame, mode: Mode) -> list[Report]:
    return venue.codecs[mode].sockets[sample.socket].read(sample.frame, venue.context(mode)).reports


def differences(venue: Venue, case: Case, ours: list[Report]) -> list[str]:
    """Of our reading of the frame to what ccxt tells."""
    sample = case.subject
    assert isinstance(sample, SampleFrame) and isinstance(sample.frame, str)
    try:
        theirs = heard(reader_of(venue.name), venue.name, sample.socket, sample.frame)
    except (TypeError, KeyError, ValueError) as error:
        return [f"ccxt fails: {error!r}"]
    return list(compare_said("ws", ours, theirs)) if theirs else ["ccxt tells nothing"]


@pytest.mark.parametrize("name", WAYS)
def test_frames_are_read_alike(name: str) -> None:
    assert unexplained(name, told(name)) == {}


@pytest.mark.parametrize("name", WAYS)
def test_enough_is_shown(name: str) -> None:
    """Orders, fills, balances and the tape are compared at least once."""
    kinds = {type(report) for _, reports in shown(venue_of(name)) for report in reports}
    assert {OrderReport, FillReport, BalanceReport, PublicTrade} <= kinds
