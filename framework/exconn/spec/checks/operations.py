"""The operations that a market cannot do without, and what some of them must promise.

Rules: rules, placing, cancelling, a lookup, balances, a book and fills must come from somewhere; with separate lookups
for open and closed orders both must exist and say what they see; "not found" must be recognisable where a lookup or a
cancel asks for one order.
"""

from exconn.document import Findings, Span
from exconn.spec.tree import Endpoint, Spec
from exconn.spec.vocabulary import BOOK_KINDS, HISTORIES, LOOKUPS

_NEEDED = {
    "trading_rules": "pairs and their rules come from it",
    "place_order": "a market places orders",
    "cancel_order": "a market cancels orders",
    "balances": "a market knows its balances",
}
_BOOK = (
    "say how the snapshots and updates of sockets become a book, as in order_book: "
    "{start: rest, chain: range, on_gap: resnapshot}, with a message that has book_update under sockets; where the "
    "exchange streams no books, the operation book_snapshot alone will do: it is polled"
)


def check_operations(spec: Spec, findings: Findings) -> None:
    start = Span(spec.file, spec.span.line, spec.span.col)
    for operation, why in _NEEDED.items():
        if operation not in spec.endpoints:
            findings.add(
                "missing-operation", f"the operation {operation} is missing", start, f"add it to endpoints: {why}"
            )
    if not any(lookup in spec.endpoints for lookup in LOOKUPS):
        hint = f"add one of {', '.join(LOOKUPS)}: after a lost reply only a lookup tells whether the order exists"
        findings.add("missing-operation", "there is no lookup of an order", start, hint)
    if not _has_fills(spec):
        hint = f"add {' or '.join(HISTORIES)}, or a message with a fill"
        findings.add("missing-operation", "fills come from nowhere", start, hint)
    if spec.order_book is None and ("book_snapshot" not in spec.endpoints or _streams_books(spec)):
        findings.add("missing-operation", "there is no order_book", start, _BOOK)
    _check_halves(spec, findings)
    for endpoint in spec.endpoints.values():
        _check_endpoint(spec, endpoint, findings)


def _has_fills(spec: Spec) -> bool:
    return any(history in spec.endpoints for history in HISTORIES) or "fill" in _streamed(spec)


def _streams_books(spec: Spec) -> bool:
    return not _streamed(spec).isdisjoint(BOOK_KINDS)


def _streamed(spec: Spec) -> set[str]:
    """Kinds of records that sockets tell."""
    messages = [message for socket in spec.sockets.values() for message in socket.messages]
    return {record.kind for message in messages for record in message.records}


def _check_halves(spec: Spec, findings: Findings) -> None:
    halves = ("open_order_by_client_id", "closed_order_by_client_id")
    have = [half for half in halves if half in spec.endpoints]
    for half in have:
        endpoint = spec.endpoints[half]
        if len(have) == 1:
            other = halves[1 - halves.index(half)]
            message = f"{half} shows only a part of the orders"
            findings.add("half-lookup", message, endpoint.span, f"add {other}, or use order_by_client_id")
        if endpoint.sees is None:
            hint = "add sees: {new_after: seconds, closed_for: seconds}"
            findings.add("half-lookup", f"{half} must say what it sees", endpoint.span, hint)


def _check_endpoint(spec: Spec, endpoint: Endpoint, findings: Findings) -> None:
    single = endpoint.operation in LOOKUPS and all(record.rows is None for record in endpoint.reply)
    if endpoint.operation == "cancel_order" or single:
        rows = (*endpoint.errors, *spec.errors)
        if not any(row.meaning == "order_not_found" for row in rows):
            message = f"{endpoint.operation} cannot tell that there is no such order"
            findings.add("missing-error", message, endpoint.span, "add errors: {order_not_found: [code]}")
