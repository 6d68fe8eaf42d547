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


_Parts: TypeAlias = tuple[Decimal | None, Decimal | None, Decimal | None]


class Holdings:
    """What the rows have said so far: asset -> total, available, held; each None until a row tells it. `where`: the
    record's `file:line`."""

    __slots__ = ("_sums", "_unfinished", "_where")

    def __init__(self, where: str) -> None:
        self._where = where
        self._sums: dict[str, _Parts] = {}
        self._unfinished: dict[str, int] = {}

    def open(self, asset: str) -> None:
        """A row of this asset begins; it counts as broken until `add` closes it."""
        self._unfinished[asset] = self._unfinished.get(asset, 0) + 1

    def add(self, asset: str, total: Decimal | None, available: Decimal | None, held: Decimal | None) -> None:
        """The row was read whole."""
        known = self._sums.get(asset)
        if known is not None:
            total, available, held = _sum(known[0], total), _sum(known[1], available), _sum(known[2], held)
        self._sums[asset] = (total, available, held)
        self._unfinished[asset] -= 1

    def reports(self) -> list[Report]:
        return [self._report(asset, *sums) for asset, sums in self._sums.items() if not self._unfinished[asset]]

    def _report(self, asset: str, total: Decimal | None, available: Decimal | None, held: Decimal | None) -> Report:
        if total is None:
            if available is None or held is None:
                return Unreadable(self._where, f"balance of {asset}: neither its total nor all of its parts are told")
            total = _EXACT.add(available, held)
        elif available is None and held is not None:
            available = _EXACT.subtract(total, held)
        return BalanceReport(asset, total, available)


def _sum(before: Decimal | None, part: Decimal | None) -> Decimal | None:
    if part is None or before is None:
        return before if part is None else part
    return _EXACT.add(before, part)


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
