"""Builds records: readings of each field, levels, fees, with the named shape laid under.

Rules: a field in both the shape and the record is an error; each field may have only the types its nature leaves open,
and must have one where it leaves a choice; `always` gives one of our words; what a record must have is counted after
the shape is under it.
"""

from exconn.document import Entry, Findings, Mapping, Node, Scalar, Span, quoted
from exconn.spec.build.nodes import mapping, match, path, rows_of, scalar
from exconn.spec.build.readings import Around, Readings
from exconn.spec.names import Names, named_entries
from exconn.spec.pieces import FeeReading, Levels, Match, Path, Reading, Record, Source
from exconn.spec.read import read_match, read_path
from exconn.spec.vocabulary import BOOK_KINDS, FIELDS, MATCH_FIELDS, REQUIRED

_ROW_KEYS = ("rows", "only", "shape", "envelope")
_LEVELS = ("bids", "asks", "levels")


class Records:
    """Builds the records of one spec over its shapes."""

    def __init__(self, root: Mapping, readings: Readings, names: Names, findings: Findings) -> None:
        self._shapes = {entry.key.text: mapping(entry.value) for entry in named_entries(root.get("shapes"))}
        self._has_price_steps = root.get("price_steps") is not None
        self._readings = readings
        self._names = names
        self._findings = findings

    def build(self, kind: str, node: Node | None, around: Around | None = None) -> tuple[Record, ...]:
        """The record, or the list of records, of one kind; `around`: of the socket, for those of messages."""
        return tuple(self._record(kind, mapping(item), around) for item in rows_of(node))

    def _record(self, kind: str, node: Mapping, around: Around | None) -> Record:
        entries, is_whole = self._with_shape(kind, node)
        fields: dict[str, Reading] = {}
        levels: dict[str, Levels] = {}
        matches: dict[str, Match] = {}
        fee: FeeReading | None = None
        for key, value in entries:
            if key.text in MATCH_FIELDS.get(kind, ()):
                matches[key.text] = read_match(value, self._findings)
            elif key.text in _LEVELS:
                levels[key.text] = self._levels(mapping(value))
            elif key.text == "fee":
                fee = self._fee(mapping(value))
            else:
                natural = FIELDS[kind].get(key.text, "text")
                fields[key.text] = self._readings.read(scalar(value), natural, key.text, around)
        rows = path(node, "rows", self._findings)
        only = match(node, "only", self._findings)
        record = Record(kind, node.span, rows, only, fields, levels, fee, matches, self._envelope(node))
        self._check_parts(record)
        if is_whole:
            self._check_required(record, node)
        return record

    def _envelope(self, node: Mapping) -> str | None:
        found = node.get("envelope")
        if found is None or not self._names.use("envelope", scalar(found).text, found.span):
            return None
        return scalar(found).text

    def _with_shape(self, kind: str, node: Mapping) -> tuple[list[Entry], bool]:
        """The fields of the record over those of its shape, and whether these are all: a shape may be undefined."""
        own = [entry for entry in named_entries(node) if entry.key.text not in _ROW_KEYS]
        named = node.get("shape")
        if named is None:
            return own, True
        if not self._names.use("shape", scalar(named).text, named.span):
            return own, False
        shape = named_entries(self._shapes[scalar(named).text])
        laid = {entry.key.text for entry in shape}
        for entry in own:
            if entry.key.text in laid:
                message = f"the shape {quoted(scalar(named).text)} has {quoted(entry.key.text)} too"
                self._findings.add("collision", message, entry.key.span, "say it in one of the two")
        fitting = [entry for entry in shape if self._fits(kind, entry, scalar(named))]
        return fitting + [entry for entry in own if entry.key.text not in laid], True

    def _fits(self, kind: str, entry: Entry, named: Scalar) -> bool:
        field = entry.key.text
        if field in FIELDS[kind] or (kind == "rule" and field.startswith("symbol.")):
            return True
        if (kind in BOOK_KINDS and field in _LEVELS) or (kind == "fill" and field == "fee"):
            return True
        if field in MATCH_FIELDS.get(kind, ()):
            return True
        message = f"the shape {quoted(named.text)} has {quoted(field)}, which {_a(kind)} record has not"
        self._findings.add("wrong-shape", message, named.span, "use a shape of this kind's fields")
        return False

    def _levels(self, node: Mapping) -> Levels:
        rows = read_path(scalar(node.get("rows")), self._findings)
        price = path(node, "price", self._findings) or Path("[0]", False, rows.span)
        size = path(node, "size", self._findings) or Path("[1]", False, rows.span)
        for column in (price, size):
            self._readings.check_money(column)
        side = node.get("side")
        return Levels(
            rows=rows,
            price=price,
            size=size,
            span=node.span,
            side=None if side is None else self._readings.read(scalar(side), "side", "side"),
            gone=match(node, "gone", self._findings),
        )

    def _fee(self, node: Mapping) -> FeeReading:
        return FeeReading(
            rows=path(node, "rows", self._findings),
            asset=self._readings.read(scalar(node.get("asset")), "asset", "asset"),
            amount=self._readings.read(scalar(node.get("amount")), "decimal", "amount"),
            span=node.span,
        )

    def _check_parts(self, record: Record) -> None:
        """An asset that is told by the pair alone is that of a fee, in the row that tells the pair."""
        readings = [each for name, each in record.fields.items() if FIELDS[record.kind].get(name) == "asset"]
        if record.fee is not None and (record.fee.rows is not None or "symbol" not in record.fields):
            readings.append(record.fee.asset)
        for reading in readings:
            if reading.source is Source.PART:
                message = "no symbol is read in the row of this asset"
                hint = "a fee without rows of its own, in a fill with a symbol, may be paid in a part of the pair"
                self._findings.add("bad-reading", message, reading.span, hint)

    def _check_required(self, record: Record, node: Mapping) -> None:
        have = record.fields.keys() | record.matches.keys()
        for choice in REQUIRED[record.kind]:
            if self._has_price_steps and choice[0] == "price_step":
                continue
            if record.kind == "balance" and choice == ("total", "held") and have >= {"total"}:
                continue
            if not have & set(choice):
                self._miss(record.kind, " or ".join(choice), node.span)
        if record.kind in BOOK_KINDS:
            both = {"bids", "asks"} <= record.levels.keys()
            if both == ("levels" in record.levels):
                self._miss(record.kind, "either bids and asks, or levels alone", node.span)

    def _miss(self, kind: str, what: str, span: Span) -> None:
        start = Span(span.file, span.line, span.col)
        message = f"{_a(kind)} record must have {what}"
        self._findings.add(
            "missing-field", message, start, "add the field, or lay a shape under the record that has it"
        )


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
