"""What the account has: totals and available amounts by asset, from REST and from the stream.

Rules: a REST answer shows the moment it was asked for, so it never overwrites what the stream told later; assets that a
whole answer leaves out are gone. Where an exchange does not push what is available, that is computed from the last
answer and what our own orders have locked and filled since; a total that comes alone never stands for it where an
answer told it. A fill that came while a total was on its way, or beside a stream that tells totals, may be in it or
not: of such only what lessens it counts. All Decimal, exact; times are seconds of the market's clock.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum

from exconn.market.tracking import TrackedOrder
from exconn.market.tracking.fills import EXACT
from exconn.model import BalanceReport, OrderFilledEvent, TradeType, s_decimal_0


class LockFormula(Enum):
    """What an open BUY holds of the quote. EXECUTED_QUOTE: amount x price less what was paid. REMAINING_TIMES_PRICE:
    what remains, at the order's price, which a better fill does not change.
    """

    EXECUTED_QUOTE = "executed_quote"
    REMAINING_TIMES_PRICE = "remaining_times_price"


class BalanceSheet:
    """`totals` and `available`: asset -> amount; the same dicts throughout, to be read only. `alone`: asset -> when its
    total was asked for or pushed, for those whose total is all that was ever told; it stands under `available` as well.
    `doubtful_until`: of these, until when a fill may be in the total already."""

    __slots__ = ("_available_at", "_on_its_way", "_totals_at", "alone", "available", "doubtful_until", "totals")

    def __init__(self) -> None:
        self.totals: dict[str, Decimal] = {}
        self.available: dict[str, Decimal] = {}
        self.alone: dict[str, float] = {}
        self.doubtful_until: dict[str, float] = {}
        self._on_its_way: list[str] = []
        self._totals_at: dict[str, float] = {}
        self._available_at: dict[str, float] = {}

    def load(self, reports: Iterable[BalanceReport], asked_at: float, is_whole: bool = True) -> None:
        """A REST answer, asked for at `asked_at`. Rows of one asset add up. `is_whole`: what it leaves out is gone."""
        rows = _by_asset(reports)
        for asset in [*self.totals, *(asset for asset in rows if asset not in self.totals)]:
            row, is_news = rows.get(asset), self._totals_at.get(asset, asked_at - 1) < asked_at
            if row is None:
                if is_news and is_whole:
                    self._forget(asset)
                continue
            if is_news:
                self.totals[asset] = row.total
            if row.available is None:
                if is_news:
                    self._put_alone(row, asked_at)
                    self._on_its_way.append(asset)
            elif self._available_at.get(asset, asked_at - 1) < asked_at:
                self._put_available(asset, row.available)

    def answered(self, now: float) -> None:
        """What was loaded last came now: a fill from now on is in none of it."""
        self.doubtful_until |= dict.fromkeys(self._on_its_way, now)
        self._on_its_way.clear()

    def update(self, reports: Iterable[BalanceReport], at: float) -> None:
        """Rows that the stream pushed at `at`."""
        for row in _by_asset(reports).values():
            self.totals[row.asset] = row.total
            self._totals_at[row.asset] = at
            if row.available is not None:
                self._put_available(row.asset, row.available)
                self._available_at[row.asset] = at
            elif row.asset in self.alone or row.asset not in self.available:
                self._put_alone(row, at)

    def _put_alone(self, row: BalanceReport, at: float) -> None:
        self.available[row.asset] = row.total
        self.alone[row.asset] = at
        self.doubtful_until[row.asset] = float("inf")

    def _put_available(self, asset: str, amount: Decimal) -> None:
        self.available[asset] = amount
        self.alone.pop(asset, None)
        self.doubtful_until.pop(asset, None)

    def _forget(self, asset: str) -> None:
        alone = (self.alone, self.doubtful_until)
        for told in (self.totals, self.available, *alone, self._totals_at, self._available_at):
            told.pop(asset, None)


def _by_asset(reports: Iterable[BalanceReport]) -> dict[str, BalanceReport]:
    rows: dict[str, BalanceReport] = {}
    for row in reports:
        known = rows.get(row.asset)
        rows[row.asset] = row if known is None else _added(known, row)
    return rows


def _added(one: BalanceReport, other: BalanceReport) -> BalanceReport:
    parts = (one.available, other.available)
    available = None if parts[0] is None or parts[1] is None else EXACT.add(parts[0], parts[1])
    return BalanceReport(one.asset, EXACT.add(one.total, other.total), available)


class FillRecord:
    """Our fills, listed from the last snapshot on and summed before it, so that memory stays flat. They are summed when
    somebody asks, not when they are told."""

    __slots__ = ("_events", "_forgotten")

    def __init__(self) -> None:
        self._events: list[OrderFilledEvent] = []
        self._forgotten: dict[str, Decimal] = {}

    def add(self, event: OrderFilledEvent) -> None:
        self._events.append(event)

    def forget_until(self, timestamp: float) -> None:
        """Fills at or before `timestamp` are contained in the snapshot."""
        for event in self._events:
            if event.timestamp <= timestamp:
                _add_fill(self._forgotten, event)
        self._events = [event for event in self._events if event.timestamp > timestamp]

    def since(self, timestamp: float) -> dict[str, Decimal]:
        """Asset -> what fills strictly after `timestamp` added; fees are not counted."""
        sums: dict[str, Decimal] = {}
        for event in self._events:
            if event.timestamp > timestamp:
                _add_fill(sums, event)
        return sums

    def beside(self, asset: str, told_at: float, doubtful_until: float) -> Decimal:
        """What fills strictly after `told_at` added to a total of that moment: those up to `doubtful_until`, which may
        be in it already, only where they lessen it."""
        added = s_decimal_0
        for event in self._events:
            if event.timestamp > told_at:
                sums: dict[str, Decimal] = {}
                _add_fill(sums, event)
                change = sums.get(asset, s_decimal_0)
                is_doubtful = event.timestamp <= doubtful_until
                added = EXACT.add(added, min(change, s_decimal_0) if is_doubtful else change)
        return added

    @property
    def of_all(self) -> Mapping[str, Decimal]:
        """Asset -> what all fills added."""
        sums = dict(self._forgotten)
        for event in self._events:
            _add_fill(sums, event)
        return sums


def _add_fill(sums: dict[str, Decimal], event: OrderFilledEvent) -> None:
    base, _, quote = event.trading_pair.partition("-")
    sign = 1 if event.trade_type is TradeType.BUY else -1
    paid = EXACT.multiply(event.price, event.amount)
    sums[base] = EXACT.add(sums.get(base, s_decimal_0), sign * event.amount)
    sums[quote] = EXACT.subtract(sums.get(quote, s_decimal_0), sign * paid)


def locked(
    orders: Iterable[TrackedOrder], maker_fee: Decimal, formula: LockFormula = LockFormula.REMAINING_TIMES_PRICE
) -> dict[str, Decimal]:
    """Asset -> what the open ones of `orders` hold: a BUY quote with the maker's fee, a SELL base."""
    sums: dict[str, Decimal] = {}
    for order in orders:
        if order.is_closed:
            continue
        asset, amount = _locked_by(order, maker_fee, formula)
        sums[asset] = EXACT.add(sums.get(asset, s_decimal_0), amount)
    return sums


def _locked_by(order: TrackedOrder, maker_fee: Decimal, formula: LockFormula) -> tuple[str, Decimal]:
    remaining = EXACT.subtract(order.whole, order.executed_base)
    if order.side is TradeType.SELL:
        return order.base, remaining
    if not order.order_type.is_limit_type():
        return order.quote, EXACT.multiply(_market_hold(order, remaining), 1 + maker_fee)
    if formula is LockFormula.EXECUTED_QUOTE:
        held = EXACT.subtract(EXACT.multiply(order.whole, order.price), order.executed_quote)
    else:
        held = EXACT.multiply(remaining, order.price)
    return order.quote, EXACT.multiply(held, 1 + maker_fee)


def _market_hold(order: TrackedOrder, remaining: Decimal) -> Decimal:
    """What a market BUY may still pay; it has no price of its own."""
    if order.quote_amount is not None:
        return max(s_decimal_0, EXACT.subtract(order.quote_amount, order.executed_quote))
    return max(s_decimal_0, EXACT.multiply(remaining, order.reckoned_price or order.price))


def computed_available(
    asset: str,
    told: Decimal,
    then: Mapping[str, Decimal],
    now: Mapping[str, Decimal],
    filled: Mapping[str, Decimal],
) -> Decimal:
    """What is available of `asset` when the exchange last told `told`: with what was locked `then` given back, what is
    locked `now` taken, and what was `filled` since."""
    given = EXACT.add(told, then.get(asset, s_decimal_0))
    return EXACT.add(EXACT.subtract(given, now.get(asset, s_decimal_0)), filled.get(asset, s_decimal_0))


def limited(
    asset: str, available: Decimal, limit: Decimal, now: Mapping[str, Decimal], filled: Mapping[str, Decimal]
) -> Decimal:
    """`available` under a user's limit on how much of `asset` may be used, counted over all our fills."""
    left = EXACT.subtract(limit, now.get(asset, s_decimal_0))
    return min(available, max(s_decimal_0, EXACT.add(left, filled.get(asset, s_decimal_0))))
