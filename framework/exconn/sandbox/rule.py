"""The rule of an instrument: what the exchange shows of it, which its status may have changed since it was listed.

Rules:
- Steps and bounds are the instrument's own; digits are counted from the steps.
- Places are the digits that values are written with where they are `declared`, whatever becomes of the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .engine import Instrument
from .price_band import PriceBand


def decimals(step: Decimal) -> int:
    """How many digits after the point a step has."""
    exponent = step.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class Rule:
    """An instrument as the exchange shows it; `status` may be `delisted`, `groups` are what it counts it among."""

    symbol: str
    status: str
    instrument: Instrument
    min_notional: Decimal
    price_places: int
    size_places: int
    price_band: PriceBand | None = None
    groups: tuple[str, ...] = ()

    @property
    def price_step(self) -> Decimal:
        return self.instrument.tick

    @property
    def size_step(self) -> Decimal:
        return self.instrument.lot

    @property
    def min_size(self) -> Decimal:
        return self.instrument.min_size

    @property
    def max_size(self) -> Decimal | None:
        return self.instrument.max_size

    @property
    def min_price(self) -> Decimal | None:
        return self.instrument.min_price

    @property
    def max_price(self) -> Decimal | None:
        return self.instrument.max_price

    @property
    def max_notional(self) -> Decimal | None:
        return self.instrument.max_notional

    @property
    def price_digits(self) -> int:
        return decimals(self.instrument.tick)

    @property
    def size_digits(self) -> int:
        return decimals(self.instrument.lot)
