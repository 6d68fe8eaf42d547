"""Fills: each counts once, all of them count, and their sum is exact."""

from decimal import Decimal

from msgspec.structs import replace

from exconn.market.tracking import announce
from exconn.model import OrderState

from ..mutant import mutant

_APPLY = "exconn.market.tracking.apply:"
_FILLED = f"{_APPLY}_RULES[FillReport]"
_ALL = "exconn.market.tracking.ending:has_all_fills"


@mutant(14, "the answer tells Created, though a fill has done so", f"{_APPLY}_RULES[Accepted]", ["I3"], ["slow_ack"])
def created_after_fill(right):
    def accepted(order, fact, now):
        after, told = right(order, fact, now)
        return (
            (replace(after, created_told=True), (*told, announce.created(after, now))) if order.fills else (after, told)
        )

    return accepted


@mutant(
    18,
    "only the newest trade is known when one is told again",
    "exconn.market.tracking.fills:Fills.get",
    ["I2"],
    ["duplicate_frame"],
)
def short_memory(right):
    def get(self, trade_id):
        newest = list(self)[-1:]
        return next((fill for fill in newest if fill.trade_id == trade_id), None)

    return get


@mutant(19, "the order's id is taken for the trade's", _FILLED, ["I2"])
def order_id_for_trade_id(right):
    return lambda order, report, now: right(order, replace(report, trade_id=report.exchange_order_id), now)


@mutant(22, "a fill that is older than one that is known is thrown away", _FILLED, ["I2"], ["reorder"])
def fills_in_order_alone(right):
    def filled(order, report, now):
        if any((fill.time_ns or 0) > (report.time_ns or 0) for fill in order.fills):
            return order, ()
        return right(order, report, now)

    return filled


@mutant(23, "a cancel is told before its fills are all here", _ALL, ["I3"], ["drop_frame"])
def cancelled_too_early(right):
    return lambda order: order.end in (OrderState.CANCELED, OrderState.EXPIRED) or right(order)


@mutant(24, "a completion is told before its fills are all here", _ALL, ["I3"], ["drop_frame"])
def completed_too_early(right):
    return lambda order: order.end is OrderState.FILLED or right(order)


@mutant(29, "what is executed is the last fill, not the sum", f"{_APPLY}_booked", ["I3", "I6"])
def last_fill_for_sum(right):
    def booked(order, fill, now):
        after, told = right(order, fill, now)
        return replace(after, executed_base=fill.amount), told

    return booked


@mutant(
    30,
    "a fill is made up from what a report counts, though the real one comes too",
    f"{_APPLY}_RULES[OrderReport]",
    ["I2"],
)
def counted_and_told(right):
    def reported(order, report, now):
        after, told = right(replace(order, tells_trades=False), report, now)
        return replace(after, tells_trades=True), told

    return reported


@mutant(47, "amounts are added as floats", f"{_APPLY}_booked", ["I3", "I14"])
def float_sums(right):
    def booked(order, fill, now):
        after, told = right(order, fill, now)
        return replace(after, executed_base=Decimal(str(float(order.executed_base) + float(fill.amount)))), told

    return booked


@mutant(48, "a fee in another asset than the quote is left out", _FILLED, ["I2"])
def fees_in_quote_alone(right):
    def filled(order, report, now):
        paid = tuple(fee for fee in report.fees or () if fee.asset == order.quote)
        return right(order, replace(report, fees=paid), now)

    return filled
