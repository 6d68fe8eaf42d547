"""The readings unit: everything that replies and frames share, defined once however often it is used.

Rules: a table of fields that occurs twice in the same words is one row function; error rows are classified by one
general function that an endpoint's own rows go before; the units of replies and of streams only call what is made here.
"""

from collections.abc import Sequence

from exconn.compile.access import MAPS, Access, spelling
from exconn.compile.decoders import Decoders
from exconn.compile.emit import Unit
from exconn.compile.errors import emit_meaning
from exconn.compile.levels import LevelForm
from exconn.compile.records import emit_row_reader
from exconn.compile.values import Values
from exconn.spec.pieces import Match, Path, Reading, Record, Source
from exconn.spec.tree import Decision, ErrorRow, Spec


class Readings:
    """What has been emitted so far. `unit` is the unit of the shared functions."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.unit = Unit("readings")
        self.values = Values(spec, self.unit)
        self.decoders = Decoders(spec)
        self._rows: list[tuple[Record, str, str]] = []
        self._general: str | None = None

    def row_reader(self, record: Record, access: Access = MAPS) -> str:
        """The function that reads one row of this record; where the row is found does not matter to it, only what it
        and the message are made of (`access`)."""
        spelt = _spelling(record, self.spec.decisions, access)
        for known, how, identifier in self._rows:
            if how == spelt and _same_row(known, record):
                return identifier
        identifier = emit_row_reader(record, self.values, self._form, access)
        self._rows.append((record, spelt, identifier))
        return identifier

    def meaning(self, owner: str, rows: Sequence[ErrorRow]) -> str:
        """The function (code, text, http) -> Meaning of an endpoint or a socket with these rows of its own."""
        if self._general is None:
            self._general = emit_meaning("general", self.spec.errors, None, self.unit, self.spec.span)
        if not rows:
            return self._general
        return emit_meaning(owner, rows, self._general, self.unit, rows[0].span)

    @property
    def _form(self) -> LevelForm:
        book = self.spec.order_book
        return LevelForm() if book is None else LevelForm(book.levels == "exact", book.checksum is not None)


def _same_row(one: Record, other: Record) -> bool:
    return (one.kind, one.only, one.fields, one.levels, one.fee, one.matches) == (
        other.kind,
        other.only,
        other.fields,
        other.levels,
        other.fee,
        other.matches,
    )


def _spelling(record: Record, decisions: dict[str, Decision], access: Access) -> str:
    """How everything that a row function of this record reads is written down under an access."""
    matches = [each for each in (record.only, *record.matches.values()) if each is not None]
    parts = [spelling(_paths([*record.fields.values()], matches, decisions), access)]
    if record.fee is not None:
        paid = access if record.fee.rows is None else access.rows(record.fee.rows)
        parts.append(spelling([record.fee.rows] if record.fee.rows is not None else [], access))
        parts.append(spelling(_paths([record.fee.asset, record.fee.amount], [], decisions), paid))
    for levels in record.levels.values():
        parts.append(spelling([levels.rows], access))
        inside = _paths([levels.side] if levels.side else [], [levels.gone] if levels.gone else [], decisions)
        parts.append(spelling([levels.price, levels.size, *inside], access.rows(levels.rows)))
    return "\n".join(parts)


def _paths(readings: list[Reading], matches: list[Match], decisions: dict[str, Decision]) -> list[Path]:
    decided = [each.word for each in readings if each.source is Source.BY]
    lines = [line for match in matches for line in match.lines]
    lines += [
        line for word in decided if word in decisions for match, _ in decisions[word].rows for line in match.lines
    ]
    return [each.path for each in readings if each.path is not None] + [line.path for line in lines]
