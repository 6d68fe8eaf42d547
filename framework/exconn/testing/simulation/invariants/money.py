"""I2, I7 and I8: fills and balances.

Rules: all Decimal, nothing is rounded and nothing is forgiven. A fill is its order, trade id, price, amount and fee;
an exchange may know a trade by an id of its own, or by its number within the pair.
Between two readings a market may know too little of its balances, but what it calls available was available once
since it last knew. Sources: the reliability reference, section 2.1.
"""

from collections import Counter, deque
from collections.abc import Container, Mapping
from decimal import Decimal
from typing import TypeAlias

from exconn.market.tracking.fills import EXACT
from exconn.model import OrderFilledEvent, TradeFee
from exconn.sandbox.engine import BalanceChanged, Event, Fill, Side
from exconn.testing.simulation.chronicle import Life
from exconn.testing.simulation.invariants.case import Case, Finding, Findings

FillKey: TypeAlias = tuple[str, str, Decimal, Decimal, tuple[tuple[str, Decimal], ...]]
LATE = 75.0
"""The longest that a schedule keeps a frame back, in seconds, and then some."""


def fill_in_ledger(case: Case, life: Life) -> Findings:
    """I2: a fill that is told is in the ledger, to the digit, and was not told before."""
    fills = life.fills
    if not fills or life.told[-1][1] is not fills[-1]:
        return
    told = fills[-1]
    if any(fill.exchange_trade_id == told.exchange_trade_id for fill in fills[:-1]):
        yield Finding(f"trade {told.exchange_trade_id} of order {life.client_id} was told twice", life.client_id)
    order = case.ledger_order(life.client_id)
    key = _told_key(told)
    if order is None or all(_ledger_key(case, fill, {key}) != key for fill in order.fills):
        yield Finding(f"fill {_told_key(told)[1:]} of order {life.client_id} is not in the ledger", life.client_id)


def fills_exactly_once(case: Case) -> Findings:
    """I2: the fills told are the ledger's, each once."""
    told = Counter(_told_key(fill) for life in case.lives() for fill in life.fills)
    ours = [fill for fill in case.ledger_fills() if fill.client_id in case.chronicle.orders]
    true = Counter(_ledger_key(case, fill, told) for fill in ours)
    for key in true - told:
        yield Finding(f"fill {key[1:]} of order {key[0]} is in the ledger and was not told", key[0])
    for key in told - true:
        yield Finding(f"fill {key[1:]} of order {key[0]} was told and is not in the ledger", key[0])


def _told_key(fill: OrderFilledEvent) -> FillKey:
    return fill.order_id, fill.exchange_trade_id, fill.price, fill.amount, _paid(fill.trade_fee)


def _paid(fee: TradeFee) -> tuple[tuple[str, Decimal], ...]:
    return tuple((asset, amount) for asset, amount in fee.flat_fees if amount)


def _ledger_key(case: Case, fill: Fill, told: Container[FillKey]) -> FillKey:
    """The key of a fill by the trade's number within its pair if it was told so, else by its id."""
    paid = ((fill.fee_asset, fill.fee),) if fill.fee else ()
    names = case.exchange.sandbox.dialect.trade_id(fill.trade_id), str(fill.number)
    by_id, by_number = ((fill.client_id or "", name, fill.price, fill.amount, paid) for name in names)
    return by_number if by_number in told else by_id


def balances_agree(case: Case) -> Findings:
    """I7: totals and available amounts are the ledger's, when all is over."""
    ledger, ours = case.exchange.sandbox.exchange.balances(case.account), case.market.get_all_balances()
    for asset in sorted({*ours, *ledger}):
        true = ledger.get(asset)
        total, available = (true.total, true.available) if true is not None else (Decimal(0), Decimal(0))
        if case.market.get_balance(asset) != total:
            yield Finding(f"{asset}: total {case.market.get_balance(asset)}, the ledger has {total}")
        if case.market.get_available_balance(asset) != available:
            yield Finding(f"{asset}: available {case.market.get_available_balance(asset)}, the ledger has {available}")


class Available:
    """What was available of each asset of an account, and when."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known: dict[str, deque[tuple[float, Decimal]]] = {
            asset: deque([(0.0, balance.available)])
            for asset, balance in case.exchange.sandbox.exchange.balances(case.account).items()
        }
        case.exchange.sandbox.exchange.subscribe(self._hear, BalanceChanged)

    def _hear(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, BalanceChanged) and event.account == self._case.account:
                known = self._known.setdefault(event.asset, deque([(0.0, Decimal(0))]))
                known.append((self._case.now(), event.available))

    def never_more(self, case: Case) -> Findings:
        """I7, between: what the market calls available of an asset was available since it last read its balances."""
        if not case.market._real_time_balance_update:
            return
        since = case.now() - (case.market.current_timestamp - case.market._in_flight_orders_snapshot_timestamp) - LATE
        for asset, known in self._known.items():
            while len(known) > 1 and known[1][0] <= since:
                known.popleft()
            most, told = max(amount for _, amount in known), case.market.get_available_balance(asset)
            if told > most:
                yield Finding(
                    f"{asset}: {told} are called available, the ledger had at most {most} since {since:.3f} s"
                )


def conservation(case: Case) -> Findings:
    """I8: of every asset the account has what it began with, plus and minus its trades and fees, exactly."""
    sums: dict[str, Decimal] = dict(case.opening)
    for fill in case.ledger_fills():
        base, _, quote = fill.symbol.partition("-")
        sign = 1 if fill.side is Side.BUY else -1
        for asset, amount in ((base, sign * fill.amount), (quote, -sign * fill.quote), (fill.fee_asset, -fill.fee)):
            sums[asset] = EXACT.add(sums.get(asset, Decimal(0)), amount)
    yield from _unlike(sums, {a: b.total for a, b in case.exchange.sandbox.exchange.balances(case.account).items()})


def _unlike(expected: Mapping[str, Decimal], true: Mapping[str, Decimal]) -> Findings:
    for asset in sorted({*expected, *true}):
        sums, has = expected.get(asset, Decimal(0)), true.get(asset, Decimal(0))
        if sums != has:
            yield Finding(f"{asset}: trades and fees make {sums}, the ledger has {has}")
