"""Fees: what a fill costs, in which asset, and how it is rounded.

Rules:
- Pure: a schedule and the figures of a fill in, a charge out; balances and prices are asked through arguments.
- A rate is a fraction of the traded value; negative is a rebate, zero charges nothing.
- Policy RECEIVED charges what the fill brings (base to a buyer, quote to a seller), QUOTE always the quote asset,
  TOKEN a third asset at a discount; without a price or enough of the token, TOKEN falls back to RECEIVED, undiscounted.
- A token fee is valued by the last prices before this deal, also where the deal is in the token itself.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum

from msgspec import Struct, field

from .amounts import ROUNDED, ZERO, exact, round_to, whole
from .instrument import Instrument
from .kinds import Liquidity, Side


class FeeAsset(StrEnum):
    """In which asset fees are paid."""

    RECEIVED = "received"
    QUOTE = "quote"
    TOKEN = "token"  # noqa: S105  (an asset, no secret)


class Rounding(StrEnum):
    """The direction of a fee's last digit; up and down are away from zero and towards it."""

    UP = "up"
    DOWN = "down"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    CEILING = "ceiling"
    FLOOR = "floor"


MODES: dict[Rounding, str] = {
    Rounding.UP: ROUND_UP,
    Rounding.DOWN: ROUND_DOWN,
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.CEILING: ROUND_CEILING,
    Rounding.FLOOR: ROUND_FLOOR,
}


class FeeSchedule(Struct, frozen=True):
    """Maker and taker rates and how they are charged.

    `token` is needed by policy TOKEN; `discount` is the fraction of the fee waived when it is paid in the token.
    `valued_in` is the asset in which traded value and token are compared; None takes the deal's own quote asset.
    `digits` are the decimals a fee keeps, `asset_digits` overrides them for single assets.
    Raises ValueError for TOKEN without a token, or a discount outside [0, 1].
    """

    maker: Decimal = Decimal(0)
    taker: Decimal = Decimal(0)
    asset: FeeAsset = FeeAsset.RECEIVED
    token: str | None = None
    discount: Decimal = Decimal(0)
    digits: int = 8
    rounding: Rounding = Rounding.DOWN
    asset_digits: Mapping[str, int] = field(default_factory=dict)
    valued_in: str | None = None

    def __post_init__(self) -> None:
        if self.asset is FeeAsset.TOKEN and not self.token:
            raise ValueError("fees: the asset policy is token, but no token is named; set token")
        if not 0 <= self.discount <= 1:
            raise ValueError(f"fees: discount is {self.discount}; give a fraction between 0 and 1")

    def rate(self, liquidity: Liquidity) -> Decimal:
        return self.maker if liquidity is Liquidity.MAKER else self.taker

    def digits_of(self, asset: str) -> int:
        return self.asset_digits.get(asset, self.digits)

    def round(self, fee: Decimal, asset: str) -> Decimal:
        return round_to(fee, self.digits_of(asset), MODES[self.rounding])


class Charge(Struct, frozen=True):
    """A fee to pay: the asset and the amount (negative: a rebate)."""

    asset: str
    amount: Decimal


class Deal(Struct, frozen=True):
    """One side of a match, as fees see it."""

    instrument: Instrument
    side: Side
    liquidity: Liquidity
    amount: Decimal
    quote: Decimal

    @property
    def received(self) -> tuple[str, Decimal]:
        """The asset that this side receives, and how much of it."""
        if self.side is Side.BUY:
            return self.instrument.base, self.amount
        return self.instrument.quote, self.quote


PriceOf = Callable[[str, str], Decimal | None]
AvailableOf = Callable[[str], Decimal]


@exact
def charge(schedule: FeeSchedule, deal: Deal, price_of: PriceOf, available_of: AvailableOf) -> Charge:
    """What one side pays. `price_of(asset, quote)` is a last price or None; `available_of(asset)` is what the account
    has once the deal took what it pays, and before the deal brings anything.

    A fee never takes more than there is then: where rounding up asks for more, the last digit yields.
    """
    due = _due(schedule, deal, price_of, available_of)
    if due.amount <= 0:
        return due
    asset, brought = deal.received
    most = available_of(due.asset) + (brought if due.asset == asset else ZERO)
    return Charge(due.asset, min(due.amount, max(most, ZERO)))


def _due(schedule: FeeSchedule, deal: Deal, price_of: PriceOf, available_of: AvailableOf) -> Charge:
    rate = schedule.rate(deal.liquidity)
    if schedule.asset is FeeAsset.TOKEN:
        in_token = _token_charge(schedule, deal, price_of)
        if in_token is not None and in_token.amount <= available_of(in_token.asset):
            return in_token
    asset, value = deal.received
    if schedule.asset is FeeAsset.QUOTE:
        asset, value = deal.instrument.quote, deal.quote
    return Charge(asset, schedule.round(value * rate, asset))


def _token_charge(schedule: FeeSchedule, deal: Deal, price_of: PriceOf) -> Charge | None:
    """The discounted fee in the token, or None while the quote asset or the token has no price.

    The product is exact; the quotient has so many digits that the rounding to the token's is the only one.
    """
    token, quote = schedule.token or "", deal.instrument.quote
    measure = schedule.valued_in or quote
    worth = Decimal(1) if quote == measure else price_of(quote, measure)
    price = Decimal(1) if token == measure else price_of(token, measure)
    if worth is None or price is None:
        return None
    value = deal.quote * schedule.rate(deal.liquidity) * (1 - schedule.discount) * worth
    return Charge(token, schedule.round(ROUNDED.divide(value, price), token))


def adds_fee(schedule: FeeSchedule, side: Side) -> bool:
    """True when this side pays its fee on top of what it spends: a buyer charged in quote."""
    return schedule.asset is FeeAsset.QUOTE and side is Side.BUY


def hold_for(schedule: FeeSchedule, side: Side, price: Decimal, remaining: Decimal, quote: str) -> Decimal:
    """What a limit order holds: base to sell; to buy, price times remaining, and the worse fee where one is added."""
    if side is Side.SELL:
        return remaining
    value = price * remaining
    if not adds_fee(schedule, side):
        return value
    worst = value * max(schedule.maker, schedule.taker, ZERO)
    return value + round_to(worst, schedule.digits_of(quote), ROUND_CEILING)


def spend_for(schedule: FeeSchedule, side: Side, price: Decimal, amount: Decimal, quote: str) -> Decimal:
    """What taking `amount` at `price` takes from the funds: base to sell; to buy, the value and a fee on top."""
    if side is Side.SELL:
        return amount
    value = price * amount
    if not adds_fee(schedule, side):
        return value
    return value + max(schedule.round(value * schedule.taker, quote), ZERO)


def affordable(schedule: FeeSchedule, side: Side, price: Decimal, funds: Decimal, lot: Decimal, quote: str) -> Decimal:
    """The whole lots at `price` whose `spend_for` the funds surely cover, one last digit kept for a fee's rounding."""
    if side is Side.SELL:
        return whole(max(funds, ZERO), lot) * lot
    unit = price
    if adds_fee(schedule, side):
        unit *= 1 + max(schedule.taker, ZERO)
        funds -= Decimal(1).scaleb(-schedule.digits_of(quote))
    return whole(max(funds, ZERO), unit * lot) * lot
