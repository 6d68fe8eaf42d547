"""What a user may set about a market; nothing of it belongs to an exchange.

Rules: seconds are floats, money is Decimal in quote; every default is the careful one. The two switches between the
eras of the market contract are `price_rounding` and `buy_lock`. The sanity limits (`max_order_notional`,
`max_notional_per_minute`, `price_collar`) hold for the values that are sent, whatever a spec says; None is no limit.
"""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from exconn.market.balance_sheet import LockFormula
from exconn.market.quantize import PriceRounding


class MarketSettings(Struct, frozen=True, kw_only=True):
    """`market_cushion`: how far above the best ask a market buy's quote amount is reckoned, as a fraction.
    `cancel_on_stop`: stopping cancels what is open, within `settle_timeout`; what is not proven cancelled is named.
    `dead_mans_switch`: have the exchange cancel all orders when this market falls silent.
    `price_collar`: greatest distance of a limit price from the book's best price of the other side, as a fraction.
    `handshake_timeout`: how long each answer on the way to a live socket may take, how long a socket that was refused
    soon after it was live settles before the next is called live, and how long an error may be the answer to a frame.
    `connects_at_once`, `connects_every`: how many connections, and one more in how many seconds, may be made again that
    did not stay healthy, all sockets together.
    `alone_at_most`: how long a request that must not be overtaken holds the others back.
    `books_every`: how often books are asked for where the exchange streams none; `book_timeout`: how long a book that
    the exchange sends by itself may take to come."""

    connect_timeout: float = 5.0
    request_timeout: float = 10.0
    body_limit: int = 8 * 1024 * 1024
    frame_limit: int = 8 * 1024 * 1024

    pages_at_most: int = 1000
    longest_wait: float = 10.0
    cancel_share: float = 0.1
    ban_without_header: float = 120.0
    alone_at_most: float = 2.0

    backoff_first: float = 0.25
    backoff_greatest: float = 30.0
    healthy_after: float = 30.0
    connects_at_once: int = 8
    connects_every: float = 20.0
    handshake_timeout: float = 10.0
    close_timeout: float = 1.0

    poll_short: float = 5.0
    poll_open: float = 12.0
    poll_idle: float = 60.0
    stream_stale_after: float = 60.0
    books_every: float = 5.0
    book_timeout: float = 20.0
    rules_every: float = 1800.0
    rules_retry: float = 5.0
    clock_every: float = 600.0
    sync_clock: bool = True
    network_every: float = 10.0
    network_timeout: float = 5.0
    tick_size: float = 1.0

    cancel_evidence: float = 10.0
    repeat_cancel_after: float = 5.0
    settle_timeout: float = 10.0

    price_rounding: PriceRounding = PriceRounding.FLOOR
    buy_lock: LockFormula = LockFormula.REMAINING_TIMES_PRICE
    market_cushion: Decimal = Decimal("0.01")

    cancel_on_stop: bool = False
    dead_mans_switch: bool = False
    allow_withdraw_key: bool = False
    balance_limits: Mapping[str, Decimal] = {}
    max_order_notional: Decimal | None = None
    max_notional_per_minute: Decimal | None = None
    price_collar: Decimal | None = None
