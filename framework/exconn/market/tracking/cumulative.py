"""Fills for exchanges that tell no trades: what a report's cumulative amounts add to what is known.

Rules: only a higher cumulative amount makes a fill, so a stale or repeated report makes none; its trade id follows from
the amount reached, so that the same step told twice is the same fill; no fee is known. Never used for an order whose
exchange tells trades.
"""

from decimal import Decimal

from exconn.market.tracking.fills import EXACT, Fill
from exconn.market.tracking.order import TrackedOrder
from exconn.model import OrderReport


def fill_between(order: TrackedOrder, report: OrderReport) -> Fill | None:
    """The fill from what is executed so far to `report.filled`, None where the report adds nothing."""
    if report.filled is None or report.filled <= order.executed_base:
        return None
    amount = EXACT.subtract(report.filled, order.executed_base)
    quote = _quote_between(order, report, amount)
    trade_id = f"{order.client_id}:{report.filled.normalize(EXACT):f}"
    return Fill(trade_id, EXACT.divide(quote, amount), amount, quote, None, report.time_ns)


def _quote_between(order: TrackedOrder, report: OrderReport, amount: Decimal) -> Decimal:
    """From the cumulative quote, else the average price, else the order's own price: the best that was told."""
    reached = report.filled_quote
    if reached is None and report.average_price is not None and report.filled is not None:
        reached = EXACT.multiply(report.average_price, report.filled)
    if reached is not None and reached > order.executed_quote:
        return EXACT.subtract(reached, order.executed_quote)
    return EXACT.multiply(order.price, amount)
