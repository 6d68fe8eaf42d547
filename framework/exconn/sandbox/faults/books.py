"""Faults of books: what is told of one that is not so.

Rules: a row is changed before it is written, so that whatever the dialect says beside its levels (a sequence, a
checksum over the exchange's own book) stays as it was; a fault that finds nothing to change does not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from exconn.sandbox.actions.market_data import BookRow, Levels
from exconn.sandbox.engine import Exchange

Effect = Callable[[Exchange, BookRow], BookRow | None]


def _change_a_size(exchange: Exchange, row: BookRow) -> BookRow | None:
    instrument = exchange.instrument(row.symbol)
    more = Decimal(1) if instrument is None else instrument.lot
    if row.bids:
        return replace(row, bids=_with_more(row.bids, more))
    return replace(row, asks=_with_more(row.asks, more)) if row.asks else None


def _with_more(levels: Levels, more: Decimal) -> Levels:
    (price, size), *others = levels
    return [(price, size + more), *others]


def _cross(exchange: Exchange, row: BookRow) -> BookRow | None:
    top = exchange.book(row.symbol, 1)
    if not top.asks:
        return None
    price, size = top.asks[0]
    # a frame that takes this very bid away would say two things of one level
    bids = [(price, size), *(level for level in row.bids if level[0] != price)]
    return replace(row, bids=bids)


EFFECTS: Mapping[str, Effect] = {"bad_checksum": _change_a_size, "crossed_book": _cross}
"""What each kind makes of a row; None where there is nothing to change."""
