"""The shape of a message as far as it is read: a tree of places, gathered from paths before anything is emitted.

Rules: a place is a value (decoded like any JSON), an object of which only some fields are read, rows of such objects,
or levels of a book, as floats or, where a checksum runs over them, as JSON still; what is read in two ways that do not
go together is a value, which goes with everything. The
leading fields of a path lead through objects; from the first index, projection or function on a path is followed in the
value. A key of the wire gets one identifier in the whole program, made of our name for what it is first read as.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from exconn.compile.emit import Unit
from exconn.compile.searches import Search, flat_steps, search_of
from exconn.spec.jmespath import parse
from exconn.spec.pieces import FeeReading, Levels, MatchLine, Path, Reading, Record, Source, TestKind
from exconn.spec.tree import Decision


class Form(Enum):
    VALUE = "value"
    OBJECT = "object"
    ROWS = "rows"
    LEVELS = "levels"
    WRITTEN = "written"


class Keys:
    """Key of the wire -> identifier."""

    def __init__(self) -> None:
        self._names = Unit("keys")
        self._known: dict[str, str] = {}

    def identifier(self, key: str, stem: str) -> str:
        """The identifier of `key`; `stem`, one of our own names, names it the first time."""
        return self._known.setdefault(key, "") or self._named(key, stem)

    def _named(self, key: str, stem: str) -> str:
        self._known[key] = self._names.fresh(stem)
        return self._known[key]


@dataclass(slots=True)
class Place:
    """What is read of one place: `whole`: the value itself, `fields`, `rows`, `levels` (keys of price and size; None
    where they are the first two of a list), or levels as `written`. `told`: whether something is there."""

    identifier: str = ""
    whole: bool = False
    fields: dict[str, "Place"] = field(default_factory=dict)
    rows: "Place | None" = None
    levels: list[tuple[str, str] | None] = field(default_factory=list)
    written: bool = False
    told: bool = False

    @property
    def form(self) -> Form:
        ways = (bool(self.fields), self.rows is not None, bool(self.levels), self.written)
        if self.whole or sum(ways) != 1 or len(set(self.levels)) > 1 or (self.written and self.told):
            return Form.VALUE
        if self.written:
            return Form.WRITTEN
        if self.fields:
            return Form.OBJECT
        if self.rows is not None:
            return Form.ROWS if self.rows.form is Form.OBJECT else Form.VALUE
        return Form.LEVELS

    @property
    def has_pairs(self) -> bool:
        """Whether levels without keys stand here or below."""
        if self.form in (Form.ROWS, Form.OBJECT):
            return any(each.has_pairs for each in self._below)
        return self.form is Form.LEVELS and None in self.levels

    @property
    def has_many(self) -> bool:
        """Whether rows or levels stand here or below: what a typed decoder gains by."""
        return self.form in (Form.ROWS, Form.LEVELS, Form.WRITTEN) or (
            self.form is Form.OBJECT and any(each.has_many for each in self._below)
        )

    @property
    def has_written(self) -> bool:
        """Whether levels that stay JSON stand here or below."""
        if self.form in (Form.ROWS, Form.OBJECT):
            return any(each.has_written for each in self._below)
        return self.form is Form.WRITTEN

    @property
    def _below(self) -> list["Place"]:
        return [*self.fields.values(), *([self.rows] if self.rows is not None else [])]


class Survey:
    """Gathers the places of one kind of message, under `top`. `levels`: what levels of books are read as; values,
    levels or written."""

    def __init__(self, keys: Keys, decisions: dict[str, Decision], levels: Form) -> None:
        self.top = Place()
        self._keys = keys
        self._decisions = decisions
        self._form = levels

    def value(self, path: Path, stem: str, row: Place | None) -> None:
        """The path is read as a value. `row`: where it starts without a `/`; None for rows that are values."""
        place, _ = self._led(path, stem, row)
        if place is not None:
            place.whole = True

    def lines(self, lines: tuple[MatchLine, ...], row: Place | None) -> None:
        """The lines of a match; whether something is there can be asked of any form."""
        for line in lines:
            place, inside = self._led(line.path, "told", row)
            if place is not None:
                place.told = True
                place.whole |= inside or line.test.kind is not TestKind.PRESENT

    def record(self, record: Record) -> None:
        """All that is read of one record."""
        row = self.top if record.rows is None else self._rows(record.rows, self.top)
        for each in (record.only, *record.matches.values()):
            if each is not None:
                self.lines(each.lines, row)
        for name, reading in record.fields.items():
            self._reading(reading, name.replace(".", "_"), row)
        for name, levels in record.levels.items():
            self._levels(levels, name, row)
        if record.fee is not None:
            self._fee(record.fee, row)

    def _reading(self, reading: Reading, stem: str, row: Place | None) -> None:
        if reading.path is not None:
            search = search_of(reading.path) if reading.source is Source.PATH else None
            if search is None:
                self.value(reading.path, stem, row)
            else:
                self._search(search, stem, self.top if reading.path.from_top else row)
        if reading.source is Source.BY and reading.word in self._decisions:
            for match, _ in self._decisions[reading.word].rows:
                self.lines(match.lines, row)

    def _search(self, search: Search, stem: str, row: Place | None) -> None:
        if row is None:
            return
        rows, _ = self._stepped(row, search.rows, "rows")
        if rows.rows is None:
            rows.rows = Place()
        for steps, name in (([search.key], "kind"), (search.rest, stem)):
            self._stepped(rows.rows, steps, name)[0].whole = True

    def _rows(self, path: Path, row: Place | None) -> Place | None:
        place, inside = self._led(path, "rows", row)
        if place is None:
            return None
        if inside:
            place.whole = True
            return None
        if place.rows is None:
            place.rows = Place()
        return place.rows

    def _levels(self, levels: Levels, stem: str, row: Place | None) -> None:
        place, inside = self._led(levels.rows, stem, row)
        shape = _level_keys(levels)
        if place is not None:
            if self._form is Form.WRITTEN and not inside:
                place.written = True
            elif inside or shape is _UNTYPED or self._form is not Form.LEVELS:
                place.whole = True
            else:
                place.levels.append(shape)
        for path in (levels.price, levels.size):
            if path.from_top:
                self.value(path, "size", None)
        if levels.side is not None:
            self._reading(levels.side, "side", None)
        if levels.gone is not None:
            self.lines(levels.gone.lines, None)

    def _fee(self, fee: FeeReading, row: Place | None) -> None:
        paid = row if fee.rows is None else self._rows(fee.rows, row)
        self._reading(fee.asset, "fee_asset", paid)
        self._reading(fee.amount, "fee_amount", paid)

    def _led(self, path: Path, stem: str, row: Place | None) -> tuple[Place | None, bool]:
        """Where the leading fields of a path lead, and whether it goes on inside of what is there."""
        place = self.top if path.from_top else row
        return (None, False) if place is None else self._stepped(place, steps_of(path), stem)

    def _stepped(self, place: Place, steps: Sequence[dict[str, Any]], stem: str) -> tuple[Place, bool]:
        for count, step in enumerate(steps, 1):
            if step["type"] != "field" or count > _DEEPEST:
                return place, True
            place = place.fields.setdefault(
                step["value"], Place(self._keys.identifier(step["value"], stem if count == len(steps) else "part"))
            )
        return place, False


_UNTYPED = ("", "")
_DEEPEST = 32
"""Fields of a path that are typed one below the other; what stands deeper is read as a value. No message is so deep."""


def _level_keys(levels: Levels) -> tuple[str, str] | None:
    """How rows hold price and size: under two keys, as the first two of a list (None), or as no decoder can say."""
    paths = (levels.price, levels.size)
    if levels.side is not None or levels.gone is not None or any(path.from_top for path in paths):
        return _UNTYPED
    if [path.text for path in paths] == ["[0]", "[1]"]:
        return None
    price, size = (parse(path.text).root for path in paths)
    fields = price["type"] == size["type"] == "field" and price["value"] != size["value"]
    return (price["value"], size["value"]) if fields else _UNTYPED


def steps_of(path: Path) -> list[dict[str, Any]]:
    """The nodes of a path that are applied one after the other."""
    return flat_steps(parse(path.text).root)
