"""The fills of one order by trade id: a persistent map that grows in O(1).

Rules: a `Fills` never changes for who holds it. Successors share one append-only dict, and each sees only its first
`count` entries; growing an older version copies its prefix first, so histories may branch. A trade id counts once;
what may still be learnt of a known fill is its fee, when the first to tell it did not know.
"""

from collections.abc import Iterator
from decimal import Context, Decimal

from msgspec import Struct
from msgspec.structs import replace

from exconn.model import FeePaid, FillReport

EXACT = Context(prec=120)
_QUOTIENT_PLACES = Decimal("1e-18")
_new = object.__new__


class Fill(Struct, frozen=True, array_like=True, gc=False):
    """One trade. `amount` in base; `fees` None: not told. Saved as an array, in the order of the fields."""

    trade_id: str
    price: Decimal
    amount: Decimal
    quote_amount: Decimal
    fees: tuple[FeePaid, ...] | None
    time_ns: int | None


class Fills:
    """Trade id -> `Fill`, in order of arrival."""

    __slots__ = ("_count", "_shared")

    def __init__(self, fills: tuple[Fill, ...] = ()) -> None:
        self._shared = {fill.trade_id: (index, fill) for index, fill in enumerate(fills)}
        self._count = len(self._shared)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Fill]:
        return (fill for index, fill in self._shared.values() if index < self._count)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fills) and set(self) == set(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Fills {', '.join(fill.trade_id for fill in self) or 'none'}>"

    def get(self, trade_id: str) -> Fill | None:
        entry = self._shared.get(trade_id)
        return entry[1] if entry is not None and entry[0] < self._count else None

    def plus(self, fill: Fill) -> "Fills":
        """These and one more; its trade id must be new."""
        count, shared = self._count, self._shared
        if not count or len(shared) != count:  # the first fill, or a history that branches here
            shared = {each.trade_id: (index, each) for index, each in enumerate(self)}
        shared[fill.trade_id] = (count, fill)
        grown = _new(Fills)
        grown._shared, grown._count = shared, count + 1
        return grown

    def with_fees(self, fill: Fill, fees: tuple[FeePaid, ...]) -> "Fills":
        return Fills(tuple(replace(known, fees=fees) if known.trade_id == fill.trade_id else known for known in self))


def fill_of(report: FillReport) -> Fill:
    """The report with both amounts. A fill told in quote alone is divided by its price; where that does not come out
    even, it is rounded at the 18th decimal place."""
    amount, quote = report.amount, report.quote_amount
    if amount is None:
        amount = quotient(quote if quote is not None else Decimal(0), report.price)
    if quote is None:
        quote = EXACT.multiply(report.price, amount)
    return Fill(report.trade_id, report.price, amount, quote, report.fees, report.time_ns)


def quotient(quote: Decimal, price: Decimal) -> Decimal:
    if not price:
        return Decimal(0)
    amount = EXACT.divide(quote, price)
    if EXACT.multiply(amount, price) == quote:
        return amount
    return amount.quantize(_QUOTIENT_PLACES, context=EXACT)


def sum_fees(fees: tuple[FeePaid, ...], more: tuple[FeePaid, ...] | None) -> tuple[FeePaid, ...]:
    """One entry an asset, in the order in which assets appeared."""
    if not more:
        return fees
    if not fees and len(more) == 1:
        return more
    if len(fees) == len(more) == 1 and fees[0].asset == more[0].asset:
        return (FeePaid(fees[0].asset, EXACT.add(fees[0].amount, more[0].amount)),)
    totals = {fee.asset: fee.amount for fee in fees}
    for fee in more:
        totals[fee.asset] = EXACT.add(totals.get(fee.asset, Decimal(0)), fee.amount)
    return tuple(FeePaid(asset, amount) for asset, amount in totals.items())
