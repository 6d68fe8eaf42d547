"""Balance rows to balances: rows of one asset add up.

Rules: sums are exact; what is not told is worked out (total = available + held, available = total - held) once all
rows are in, and an asset of which not enough is told is Unreadable, not guessed; an asset one of whose rows could not
be read gets no balance, because the sum of the others would be wrong.
"""

from collections.abc import Callable
from decimal import Context as Precision
from decimal import Decimal
from typing import Any, TypeAlias

from exconn.codec.contract import Context
from exconn.errors import Unread
from exconn.model import BalanceReport, Report, Unreadable

_EXACT = Precision(prec=200)


class _Sums:
    """What the rows of one asset have said; `unfinished`: rows that began and were not read whole."""

    __slots__ = ("available", "held", "total", "unfinished")

    def __init__(self) -> None:
        self.total: Decimal | None = None
        self.available: Decimal | None = None
        self.held: Decimal | None = None
        self.unfinished = 1


class Holdings:
    """What the rows have said so far, by asset. `where`: the record's `file:line`."""

    __slots__ = ("_sums", "_where")

    def __init__(self, where: str) -> None:
        self._where = where
        self._sums: dict[str, _Sums] = {}

    def open(self, asset: str) -> None:
        """A row of this asset begins; it counts as broken until `add` closes it."""
        sums = self._sums.get(asset)
        if sums is None:
            self._sums[asset] = _Sums()
        else:
            sums.unfinished += 1

    def add(self, asset: str, total: Decimal | None, available: Decimal | None, held: Decimal | None) -> None:
        """The row was read whole."""
        sums = self._sums[asset]
        if total is not None:
            sums.total = total if sums.total is None else _EXACT.add(sums.total, total)
        if available is not None:
            sums.available = available if sums.available is None else _EXACT.add(sums.available, available)
        if held is not None:
            sums.held = held if sums.held is None else _EXACT.add(sums.held, held)
        sums.unfinished -= 1

    def reports(self) -> list[Report]:
        return [
            self._report(asset, sums.total, sums.available, sums.held)
            for asset, sums in self._sums.items()
            if not sums.unfinished
        ]

    def _report(self, asset: str, total: Decimal | None, available: Decimal | None, held: Decimal | None) -> Report:
        if total is None:
            if available is None or held is None:
                return Unreadable(self._where, f"balance of {asset}: neither its total nor all of its parts are told")
            total = _EXACT.add(available, held)
        elif available is None and held is not None:
            available = _EXACT.subtract(total, held)
        return BalanceReport(asset, total, available)


BalanceReader: TypeAlias = Callable[[Any, Any, Context, Holdings], None]


def read_holdings(
    rows: list[Any], read: BalanceReader, message: Any, context: Context, holdings: Holdings, reports: list[Report]
) -> None:
    """Take all rows in; a bad one becomes an Unreadable report."""
    for number, row in enumerate(rows, 1):
        try:
            read(row, message, context, holdings)
        except Unread as fault:
            reports.append(Unreadable(f"{fault.where} row {number}", fault.why))
