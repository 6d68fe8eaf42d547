"""Every known difference to ccxt is still one: a row that explains nothing hides what may come."""

import pytest

from . import test_frames, test_readings
from .known import KNOWN, Known


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known.exchange} {known.case} {known.words}")
def test_what_is_known_is_so(known: Known) -> None:
    told = {**test_readings.told(known.exchange), **test_frames.told(known.exchange)}
    assert any(known.explains(known.exchange, case, each) for case, found in told.items() for each in found)
    assert known.source.startswith("https://") and len(known.reason) >= 20
