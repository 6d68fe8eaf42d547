"""Rows of a reply or a frame to reports: the loops around the row functions that the compiler makes.

Rules: a row function takes (row, message, context), gives a report, or None for a row that its `only` leaves out, or
raises `Unread` with the place of the reading; one bad row becomes one `Unreadable` and costs only itself; rows that are
not there at all are a fault of the whole, never an empty list by silence; an object in place of a list is its one row.
"""

from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

from exconn.codec.contract import Context
from exconn.codec.jmes import JmesError
from exconn.codec.numbers import BadValue, shown
from exconn.errors import ExconnError, Unread
from exconn.model import Report, Unreadable

RowReader: TypeAlias = Callable[[Any, Any, Context], Report | None]

ReadFault = (BadValue, JmesError, RecursionError)
"""What evaluating one reading or match can raise."""

RecordFault = (*ReadFault, Unread)
"""What reading one record can raise."""

FrameFault = (ExconnError, RecursionError)
"""What reading one frame can raise, decoding included."""


def absent() -> NoReturn:
    """A value that is required is absent, null or empty."""
    raise BadValue("required, but absent, null or empty")


def required(value: Any) -> Any:
    """The value, if it is there."""
    if value is None or value == "":
        absent()
    return value


def unread(place: str, fault: BaseException) -> Unread:
    """`place` is `file:line: field`; the field goes in front of the reason."""
    where, _, field = place.rpartition(": ")
    return Unread(where, f"{field}: {_reason(fault)}")


def _reason(fault: BaseException) -> str:
    return "the value is nested too deep" if isinstance(fault, RecursionError) else str(fault)


def pair_of(context: Context, form: str, value: object) -> str:
    """Our pair for an exchange's symbol. BadValue where no trading rule taught it."""
    pairs = context.symbols.pairs[form]
    text = str(value) if type(value) is int else value  # some name a pair by a number
    pair = pairs.get(text) if type(text) is str else None
    if pair is None:
        raise BadValue(f"{shown(value)} is no known symbol.{form}")
    return pair


def base_of(pair: str | None) -> str | None:
    """The asset that a pair trades; None of none."""
    return None if pair is None else pair.partition("-")[0]


def quote_of(pair: str | None) -> str | None:
    """The asset that a pair is priced in; None of none."""
    return None if pair is None else pair.partition("-")[2]


def rows_of(found: object, optional: bool = False) -> list[Any]:
    """The rows that a path found. BadValue where it found nothing (unless `optional`) or no rows."""
    if type(found) is list:
        return found
    if type(found) is dict:
        return [found]
    if found is None or found == "":
        if optional:
            return []
        raise BadValue("no rows are there; where the exchange leaves an empty list out, read them as PATH || `[]`")
    raise BadValue(f"{shown(found)} is no list of rows")


def read_rows(rows: list[Any], read: RowReader, message: Any, context: Context, reports: list[Report]) -> None:
    """Append one report a row that counts."""
    for number, row in enumerate(rows, 1):
        try:
            report = read(row, message, context)
        except Unread as fault:
            reports.append(Unreadable(f"{fault.where} row {number}", fault.why))
        else:
            if report is not None:
                reports.append(report)


def unreadable(place: str, fault: BaseException) -> Unreadable:
    """The report of a record of a frame that could not be read, in the row function or before it."""
    known = fault if isinstance(fault, Unread) else unread(place, fault)
    return Unreadable(known.where, known.why)
