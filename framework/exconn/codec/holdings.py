"""Balance rows to balances: rows of one asset add up.

Rules: sums are exact; what is not told is worked out (total = available + held, available = total - held) once all
rows are in, and an asset of which not enough is told is Unreadable, not guessed; an asset one of whose rows could not
be read, or leaves out what another tells, gets no balance, because the sum of the others would be wrong. Rows may also
share the parts among them, each telling its own.
"""

from collections.abc import Callable
from decimal import Context as Precision
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

from exconn.codec.contract import Context
from exconn.errors import Unread
from exconn.model import BalanceReport, Report, Unreadable, s_decimal_0

_EXACT = Precision(prec=200)


_Parts: TypeAlias = tuple[Decimal | None, Decimal | None, Decimal | None]
"""Total, available, held."""
_TWO_PARTS = frozenset({0b011, 0b101, 0b110, 0b111})
"""What a row tells that tells everything: a bit each for total, available and held."""


class Holdings:
    """What the rows have said so far: asset -> the parts that each of its rows told. `where`: the record's
    `file:line`."""

    __slots__ = ("_rows", "_unfinished", "_where")

    def __init__(self, where: str) -> None:
        self._where = where
        self._rows: dict[str, list[_Parts]] = {}
        self._unfinished: dict[str, int] = {}

    def open(self, asset: str) -> None:
        """A row of this asset begins; it counts as broken until `add` closes it."""
        self._unfinished[asset] = self._unfinished.get(asset, 0) + 1

    def add(self, asset: str, total: Decimal | None, available: Decimal | None, held: Decimal | None) -> None:
        """The row was read whole."""
        self._rows.setdefault(asset, []).append((total, available, held))
        self._unfinished[asset] -= 1

    def reports(self) -> list[Report]:
        return [self._report(asset, rows) for asset, rows in self._rows.items() if not self._unfinished[asset]]

    def _report(self, asset: str, rows: list[_Parts]) -> Report:
        told = {sum(1 << place for place, part in enumerate(row) if part is not None) for row in rows}
        if len(told) > 1 and told <= _TWO_PARTS:
            rows = [_completed(*row) for row in rows]
        elif len(told) > 1 and (0 in told or sum(told) != reduce(or_, told)):
            return Unreadable(self._where, f"balance of {asset}: one of its rows leaves out what another tells")
        total, available, held = (reduce(_sum, parts) for parts in zip(*rows, strict=True))
        if total is None and (available is None or held is None):
            return Unreadable(self._where, f"balance of {asset}: neither its total nor all of its parts are told")
        total, available, _ = _completed(total, available, held)
        assert total is not None
        return BalanceReport(asset, total, available)


def _completed(total: Decimal | None, available: Decimal | None, held: Decimal | None) -> _Parts:
    """With what follows of what is told."""
    if total is None and available is not None and held is not None:
        total = _EXACT.add(available, held)
    elif available is None and total is not None and held is not None:
        available = _EXACT.subtract(total, held) or s_decimal_0  # whose digits say nothing
    return total, available, held


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
