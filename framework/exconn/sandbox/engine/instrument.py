"""What is traded: one instrument, its assets and its trading rules.

Rules:
- An instrument is immutable; a change of rules replaces it as a whole.
- A bound that is None does not exist. Steps (tick, lot, quote_step) are positive.
- `max_open` counts one account's open orders on this instrument, `max_waiting` those of them that wait for a price,
  `max_icebergs` the icebergs. `iceberg_parts` is the most parts that an iceberg may have.
- `min_trail` and `max_trail` bound a trail that is a fraction of the price.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    """What an instrument accepts: everything, post-only, limit orders only, only cancels, or nothing at all."""

    TRADING = "trading"
    POST_ONLY = "post_only"
    LIMIT_ONLY = "limit_only"
    CANCEL_ONLY = "cancel_only"
    HALTED = "halted"


class Instrument(Struct, frozen=True):
    """One pair. `tick` steps the price (quote per base), `lot` the size (base), `quote_step` a size given in quote.

    Raises ValueError when a step is not positive or the two assets are the same.
    """

    symbol: str
    base: str
    quote: str
    tick: Decimal
    lot: Decimal
    min_size: Decimal = Decimal(0)
    max_size: Decimal | None = None
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    min_notional: Decimal = Decimal(0)
    max_notional: Decimal | None = None
    quote_step: Decimal | None = None
    max_open: int | None = None
    max_waiting: int | None = None
    max_icebergs: int | None = None
    iceberg_parts: int | None = None
    min_trail: Decimal | None = None
    max_trail: Decimal | None = None
    status: Status = Status.TRADING

    def __post_init__(self) -> None:
        for name, step in (("tick", self.tick), ("lot", self.lot), ("quote_step", self.quote_step)):
            if step is not None and not (step.is_finite() and step > 0):
                raise ValueError(f"instrument {self.symbol}: {name} is {step}; give a positive number")
        if self.base == self.quote:
            raise ValueError(f"instrument {self.symbol}: base and quote are both {self.base}; give two assets")
