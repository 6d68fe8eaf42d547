"""Prevention: a match of an account with itself that the incoming order's self-trade mode did not let happen.

Rules:
- `amount` is what would have traded, base, at the maker's price; `number` counts those of an instrument from 0.
- An order that the mode leaves alone has lost None. One that it cancels loses all that was left of it; where it takes
  something off both, and of an order sized in quote, that is what would have traded.
"""

from decimal import Decimal

from msgspec import Struct

from .amounts import EXACT
from .kinds import SelfTrade


class Prevention(Struct, frozen=True):
    """A prevented match of an account's own orders. Amounts are base; `time` in ns."""

    number: int
    symbol: str
    self_trade: SelfTrade
    taker_id: int
    maker_id: int
    price: Decimal
    amount: Decimal
    taker_lost: Decimal | None
    maker_lost: Decimal | None
    time: int

    @property
    def quote(self) -> Decimal:
        """What would have been paid."""
        return EXACT.multiply(self.price, self.amount)

    def lost_by(self, order_id: int) -> Decimal | None:
        """What one of the two orders lost, or None."""
        return self.taker_lost if order_id == self.taker_id else self.maker_lost

    def other(self, order_id: int) -> int:
        """The order that one of the two did not trade with."""
        return self.maker_id if order_id == self.taker_id else self.taker_id
