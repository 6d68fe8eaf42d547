"""The order book: snapshots and updates come from where it says, and what its chain needs is read.

Rules: start: rest needs the endpoint, stream and whole need snapshots in a stream; a chain needs its ids in updates and
the last id in snapshots; a checksum must be read; only a book that starts by REST is mended by a REST snapshot.
"""

from exconn.document import Findings, Span, quoted
from exconn.spec.pieces import Record
from exconn.spec.tree import OrderBook, Spec

_CHAINS = {
    "range": ("first_id", "last_id"),
    "link": ("previous_id", "last_id"),
    "count": ("last_id",),
    "newer": ("last_id",),
    "none": (),
}


def check_book(spec: Spec, findings: Findings) -> None:
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
    elif not snapshots:
        message = f"the book starts by {book.start}, but no message has a book_snapshot"
        findings.add("book-source", message, book.span, "add book_snapshot to a message, or say start: rest")
    updates = [record for record in records if record.kind == "book_update"]
    _check_combination(book, updates, findings)
    _check_ids(book, updates, snapshots, findings)
    checksums = [*updates, *(record for record in records if record.kind == "book_checksum")]
    if book.checksum is not None and not any("checksum" in record.fields for record in checksums):
        message = "there is a checksum, but no message reads one"
        findings.add(
            "book-field", message, book.checksum.span, "add checksum: to book_update, or a book_checksum record"
        )


def _stream_records(spec: Spec) -> list[Record]:
    return [record for socket in spec.sockets.values() for message in socket.messages for record in message.records]


def _check_combination(book: OrderBook, updates: list[Record], findings: Findings) -> None:
    if book.start == "whole":
        if book.chain != "none" or updates:
            message = "a book that always comes whole has no updates and so no chain"
            findings.add("bad-book", message, book.span, "say chain: none and delete book_update, or another start")
    elif not updates:
        hint = "add book_update to a message, or say start: whole"
        findings.add("book-source", "no message has a book_update", book.span, hint)
    if book.on_gap == "resnapshot" and book.start != "rest":
        message = f"a book that starts by {book.start} is not mended by a REST snapshot"
        findings.add("bad-book", message, book.span, "say on_gap: resubscribe or on_gap: reconnect")


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
