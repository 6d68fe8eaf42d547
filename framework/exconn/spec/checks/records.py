"""Records: what means two things is read in two places, and orders can be told to have ended.

Rules: a trade's id is no order's id, a price no amount, the first id of an update not its last; each of such fields has
a place of its own, for where one is read twice one of the two is a slip; some state that is read ends an order.
"""

from collections.abc import Iterator

from exconn.document import Findings, Span, quoted
from exconn.spec.pieces import Reading, Record, Source
from exconn.spec.tree import Spec

_APART = (
    ("trade_id", "exchange_order_id", "client_id"),
    ("price", "amount", "quote_amount"),
    ("first_id", "last_id", "previous_id"),
    ("base", "quote"),
)
"""Fields that never hold the same value of a row."""
_FINAL = frozenset({"filled", "canceled", "expired", "rejected"})


def check_records(spec: Spec, findings: Findings) -> None:
    for record in _records(spec):
        for group in _APART:
            _check_apart(record, group, findings)
        bids, asks = record.levels.get("bids"), record.levels.get("asks")
        if (
            bids is not None
            and asks is not None
            and (bids.rows.text, bids.price.text)
            == (
                asks.rows.text,
                asks.price.text,
            )
        ):
            message = "bids and asks are read in the same place"
            findings.add("read-twice", message, asks.span, "read each where it stands, or both as levels with a side")
    _check_ends(spec, findings)


def _records(spec: Spec) -> Iterator[Record]:
    for endpoint in spec.endpoints.values():
        yield from endpoint.reply
    for socket in spec.sockets.values():
        for message in socket.messages:
            yield from message.records


def _check_apart(record: Record, group: tuple[str, ...], findings: Findings) -> None:
    seen: dict[object, str] = {}
    for field in group:
        reading = record.fields.get(field)
        if reading is None or reading.path is None:
            continue
        other = seen.setdefault((reading.path.text, reading.path.from_top, reading.cast), field)
        if other != field:
            message = f"{field} is read where {other} is, at {quoted(reading.path.text)}"
            findings.add("read-twice", message, reading.span, "read each where it stands")


def _check_ends(spec: Spec, findings: Findings) -> None:
    """An order whose end no state can tell would stay open for ever."""
    states = [record.fields["state"] for record in _records(spec) if "state" in record.fields]
    if states and not any(_FINAL & _words(spec, reading) for reading in states):
        start = Span(states[0].span.file, states[0].span.line, states[0].span.col)
        hint = "add filled, canceled, expired or rejected to the table, with their words"
        findings.add("missing-word", "no state that is read ends an order", start, hint)


def _words(spec: Spec, reading: Reading) -> set[str]:
    if reading.source is Source.ALWAYS:
        return {reading.word or ""}
    if reading.source is Source.BY:
        return {word for _, word in spec.decisions[reading.word or ""].rows}
    table = spec.words.get("" if reading.cast is None else reading.cast.name)
    return set() if table is None else set(table.ours)
