"""The readings unit: everything that replies and frames share, defined once however often it is used.

Rules: a table of fields that occurs twice in the same words is one row function; error rows are classified by one
general function that an endpoint's own rows go before; the units of replies and of streams only call what is made here.
"""

from collections.abc import Sequence

from exconn.compile.emit import Unit
from exconn.compile.errors import emit_meaning
from exconn.compile.records import emit_row_reader
from exconn.compile.values import Values
from exconn.spec.pieces import Record
from exconn.spec.tree import ErrorRow, Spec


class Readings:
    """What has been emitted so far. `unit` is the unit of the shared functions."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.unit = Unit("readings")
        self.values = Values(spec, self.unit)
        self._rows: list[tuple[Record, str]] = []
        self._general: str | None = None

    def row_reader(self, record: Record) -> str:
        """The function that reads one row of this record; where the row is found does not matter to it."""
        for known, identifier in self._rows:
            if _same_row(known, record):
                return identifier
        identifier = emit_row_reader(record, self.values, self._exact)
        self._rows.append((record, identifier))
        return identifier

    def meaning(self, owner: str, rows: Sequence[ErrorRow]) -> str:
        """The function (code, text, http) -> Meaning of an endpoint or a socket with these rows of its own."""
        if self._general is None:
            self._general = emit_meaning("general", self.spec.errors, None, self.unit, self.spec.span)
        if not rows:
            return self._general
        return emit_meaning(owner, rows, self._general, self.unit, rows[0].span)

    @property
    def _exact(self) -> bool:
        return self.spec.order_book is not None and self.spec.order_book.levels == "exact"


def _same_row(one: Record, other: Record) -> bool:
    return (one.kind, one.only, one.fields, one.levels, one.fee, one.matches) == (
        other.kind,
        other.only,
        other.fields,
        other.levels,
        other.fee,
        other.matches,
    )
