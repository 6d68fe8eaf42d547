"""Orders: what a client asks for, what the engine makes of it, and the fills.

Rules:
- An `Order` is an immutable snapshot: the engine replaces it at every change, so an event never changes afterwards.
- Amounts are Decimal, base units unless the name says quote; times are integer nanoseconds.
- `amount` is the current size (a reduction lowers it); an order by quote has 0 until it ends, then what filled.
- CANCELLED means that the account (or someone in its name) ended it, EXPIRED that the engine did;
  REJECTED was accepted and lost before its first fill. `reason` says why.
- An open order is at one stage: it waits for its time, then for its trigger, and then works in the book.
"""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from .amounts import ZERO, divide, minus
from .kinds import Change, Kind, Liquidity, SelfTrade, Side, Stage, State, TimeInForce
from .prevention import Prevention
from .reasons import Close
from .trigger import Trigger


class NewOrder(Struct, frozen=True):
    """A request to trade.

    `amount` is base; a MARKET order may give `quote_amount` instead (what to spend or to receive, fees aside).
    `self_trade` None takes the exchange's policy. `tags` are carried to the order and never read.
    `trigger` makes it wait for a price, `starts` for a time (ns), and at `expires` (ns) what is left of it ends.
    `visible_amount` makes it an iceberg, of which the book shows so much at a time.
    """

    symbol: str
    side: Side
    kind: Kind
    amount: Decimal | None = None
    price: Decimal | None = None
    quote_amount: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    client_id: str | None = None
    self_trade: SelfTrade | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    trigger: Trigger | None = None
    starts: int | None = None
    expires: int | None = None
    visible_amount: Decimal | None = None


class Fill(Struct, frozen=True):
    """One side of one trade. `trade_id` is unique in the exchange, `number` counts the instrument's trades from 1.

    `fee` is what the account paid in `fee_asset`; negative is a rebate. `kind` is its order's.
    """

    trade_id: int
    number: int
    order_id: int
    client_id: str | None
    account: str
    symbol: str
    side: Side
    liquidity: Liquidity
    price: Decimal
    amount: Decimal
    quote: Decimal
    fee: Decimal
    fee_asset: str
    time: int
    kind: Kind = Kind.LIMIT


class Order(Struct, frozen=True):
    """A snapshot of one accepted order. `held` is what it still holds of `held_asset` on its account.

    `working` is when it came to work, `triggered` when its trigger fired, `tracking` when its trail began, and `peak`
    the best price since then. `prevented` is how much self-trade prevention took off its size, `preventions` are the
    matches with its own account that did not happen. `slice` is what is left of the part of an iceberg that the book
    shows. `list_id` is the list that it belongs to.
    """

    id: int
    client_id: str | None
    account: str
    symbol: str
    side: Side
    kind: Kind
    time_in_force: TimeInForce
    post_only: bool
    self_trade: SelfTrade
    price: Decimal | None
    amount: Decimal
    quote_amount: Decimal | None
    held_asset: str
    created: int
    updated: int
    held: Decimal = ZERO
    state: State = State.OPEN
    filled: Decimal = ZERO
    filled_quote: Decimal = ZERO
    fills: tuple[Fill, ...] = ()
    reason: Close | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    stage: Stage = Stage.WORKING
    change: Change = Change.NEW
    working: int | None = None
    trigger: Trigger | None = None
    triggered: int | None = None
    tracking: int | None = None
    peak: Decimal | None = None
    starts: int | None = None
    expires: int | None = None
    prevented: Decimal = ZERO
    visible_amount: Decimal | None = None
    slice: Decimal = ZERO
    list_id: int | None = None
    preventions: tuple[Prevention, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN or self.state is State.PARTIALLY_FILLED

    @property
    def rests(self) -> bool:
        """True when it is open and in the book."""
        return self.is_open and self.stage is Stage.WORKING

    @property
    def waits(self) -> bool:
        """True when its trigger has not fired."""
        return self.trigger is not None and self.triggered is None

    @property
    def waited(self) -> bool:
        """True when it was placed before it came to work."""
        return self.triggered is not None or self.starts is not None

    @property
    def trigger_price(self) -> Decimal | None:
        """The price that its trigger was given, or None."""
        return None if self.trigger is None else self.trigger.price

    @property
    def trigger_level(self) -> Decimal | None:
        """The price that fires its trigger as things are; None for a trail that has not begun, or without a trigger."""
        return None if self.trigger is None else self.trigger.level(self.peak, buys=self.side is Side.BUY)

    @property
    def remaining(self) -> Decimal:
        """What is left to fill, in base; 0 for an order by quote."""
        return ZERO if self.by_quote else minus(self.amount, self.filled)

    @property
    def shown(self) -> Decimal:
        """What the book shows of it while it rests, in base."""
        return self.remaining if self.visible_amount is None else min(self.slice, self.remaining)

    @property
    def by_quote(self) -> bool:
        return self.quote_amount is not None

    @property
    def average_price(self) -> Decimal | None:
        """Quote per base over all fills, to 40 digits; None before the first."""
        return divide(self.filled_quote, self.filled) if self.filled else None

    @property
    def limit(self) -> Decimal:
        """The price of a limit order. Raises ValueError for a market order, which has none."""
        if self.price is None:
            raise ValueError(f"order {self.id} is a market order and has no limit price; ask for average_price")
        return self.price

    def reaches(self, price: Decimal) -> bool:
        """True when this order would trade at `price`; a market order would at any."""
        if self.price is None:
            return True
        return price <= self.price if self.side is Side.BUY else price >= self.price
