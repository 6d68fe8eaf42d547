"""The order book: snapshots and updates come from where it says, and what its chain needs is read.

Rules: start: rest needs the endpoint, asked a frame that asks, every other but first_frame snapshots in a stream; a
chain needs its ids in updates and the last id in snapshots; a checksum must be read; a book is mended by a snapshot
only where one can be had or comes by itself.
"""

from exconn.document import Findings, Span, quoted
from exconn.spec.pieces import Record
from exconn.spec.placeholders import PAIR
from exconn.spec.tree import Checksum, OrderBook, Spec
from exconn.spec.walk import hole_names, templates_of

_CHAINS = {
    "range": ("first_id", "last_id"),
    "link": ("previous_id", "last_id"),
    "count": ("last_id",),
    "newer": ("last_id",),
    "none": (),
}


def check_book(spec: Spec, findings: Findings) -> None:
    _check_asking(spec, findings)
    book = spec.order_book
    if book is None:
        return
    records = _stream_records(spec)
    snapshots = [record for record in records if record.kind == "book_snapshot"]
    if book.start == "rest":
        endpoint = spec.endpoints.get("book_snapshot")
        if endpoint is None:
            hint = "add it to endpoints, or say start: stream"
            findings.add("book-source", "the book starts by REST, but there is no book_snapshot", book.span, hint)
        else:
            snapshots += [record for record in endpoint.reply if record.kind == "book"]
    elif not snapshots and book.start != "first_frame":
        message = f"the book starts by {book.start}, but no message has a book_snapshot"
        findings.add("book-source", message, book.span, "add book_snapshot to a message, or say start: rest")
    updates = [record for record in records if record.kind == "book_update"]
    _check_combination(book, updates, findings)
    _check_ids(book, updates, snapshots, findings)
    if book.checksum is not None:
        _check_checksum(spec, book.checksum, records, findings)


def _stream_records(spec: Spec) -> list[Record]:
    return [record for socket in spec.sockets.values() for message in socket.messages for record in message.records]


def _check_asking(spec: Spec, findings: Findings) -> None:
    """A book that starts when asked for is asked for by one socket, with the pair in the frame; no other is."""
    asked = spec.order_book is not None and spec.order_book.start == "asked"
    asking = [socket.ask_snapshot for socket in spec.sockets.values() if socket.ask_snapshot is not None]
    if asked and len(asking) != 1:
        assert spec.order_book is not None
        message = f"the book starts when asked for, but {len(asking) or 'no'} sockets have ask_snapshot"
        hint = "add ask_snapshot: {send: {...}} to the socket of the book, and to no other"
        findings.add("book-source", message, spec.order_book.span, hint)
    for each in asking:
        if not asked:
            message = "a snapshot is asked for by a frame, but the book does not start so"
            findings.add("bad-book", message, each.span, "say order_book: {start: asked, ...}, or delete ask_snapshot")
        elif not any("symbol." in name or name in PAIR for name in hole_names(templates_of(each.send))):
            message = "the frame that asks for a snapshot does not say of which pair"
            findings.add("bad-book", message, each.span, "write {symbol.<form>} where the exchange wants the symbol")


def _check_combination(book: OrderBook, updates: list[Record], findings: Findings) -> None:
    if book.start == "whole":
        if book.chain not in ("none", "newer") or updates:
            message = "a book that always comes whole has no updates and so no chain but newer"
            findings.add("bad-book", message, book.span, "say chain: none and delete book_update, or another start")
    elif not updates:
        hint = "add book_update to a message, or say start: whole"
        findings.add("book-source", "no message has a book_update", book.span, hint)
    if book.on_gap == "resnapshot" and book.start in ("stream", "first_frame"):
        message = f"a book that starts by {book.start} is not mended by a snapshot that is asked for"
        findings.add("bad-book", message, book.span, "say on_gap: resubscribe or on_gap: reconnect")
    if book.on_gap == "resubscribe" and book.start == "first_frame":
        message = "an update under way could pass for the first frame after subscribing again"
        findings.add("bad-book", message, book.span, "say on_gap: reconnect")


def _check_checksum(spec: Spec, rule: Checksum, records: list[Record], findings: Findings) -> None:
    """It is read, of levels that are all kept; what pads its numbers is known of every pair."""
    book = spec.order_book
    read = [record for record in records if "checksum" in record.fields]
    if not read:
        hint = "add checksum: to book_update, or a book_checksum record"
        findings.add("book-field", "there is a checksum, but no message reads one", rule.span, hint)
    if book is not None and book.depth is not None and rule.levels > book.depth:
        message = f"a checksum of {rule.levels} levels cannot be computed of a book of {book.depth}"
        findings.add("bad-book", message, rule.span, "say a depth of at least as many levels")
    if rule.number == "digits_padded":
        rules = [record for end in spec.endpoints.values() for record in end.reply if record.kind == "rule"]
        for field in ("price_decimals", "size_decimals"):
            readings = [record.fields.get(field) for record in rules]
            if not readings or any(reading is None or reading.or_none for reading in readings):
                hint = f"add {field}: PATH to the rule of trading_rules, without or none"
                findings.add("book-field", f"padded digits need {field} of every pair", rule.span, hint)


def _check_ids(book: OrderBook, updates: list[Record], snapshots: list[Record], findings: Findings) -> None:
    for record in updates:
        for field in _CHAINS[book.chain]:
            _check_id(book, record, field, findings)
    if book.chain == "none":
        return
    for record in snapshots:
        _check_id(book, record, "last_id", findings)


def _check_id(book: OrderBook, record: Record, field: str, findings: Findings) -> None:
    """The chain's field is read, and never absent: a book whose place is unknown cannot be proved."""
    reading = record.fields.get(field)
    if reading is not None:
        if reading.or_none:
            message = f"the chain {quoted(book.chain)} needs {field}, which may be absent here"
            findings.add("book-field", message, reading.span, "delete or none")
        return
    start = Span(record.span.file, record.span.line, record.span.col)
    message = f"the chain {quoted(book.chain)} needs {field}, which this {record.kind} does not read"
    findings.add("book-field", message, start, f"add {field}: PATH")
