"""What the judges ask of a spec: its records, where they come from, the error rows that an operation knows.

Rules: plain questions with plain answers; a place is the first that decides, so that the same spec gives the same card.
"""

from collections.abc import Iterator

from exconn.spec import Spec
from exconn.spec.pieces import Record
from exconn.spec.tree import Endpoint, ErrorRow, Pool, Socket

USER_KINDS = frozenset({"order", "fill", "balance"})
BY_CLIENT_ID = ("order_by_client_id", "open_order_by_client_id", "closed_order_by_client_id")


def records(socket: Socket, *kinds: str) -> Iterator[Record]:
    for message in socket.messages:
        yield from (record for record in message.records if record.kind in kinds)


def streamed(spec: Spec, *kinds: str) -> list[Record]:
    """The records of these kinds that sockets push."""
    return [record for socket in spec.sockets.values() for record in records(socket, *kinds)]


def answered(spec: Spec, *kinds: str) -> list[Record]:
    """The records of these kinds that replies hold."""
    return [record for end in spec.endpoints.values() for record in end.reply if record.kind in kinds]


def present(spec: Spec, *operations: str) -> list[Endpoint]:
    return [spec.endpoints[name] for name in operations if name in spec.endpoints]


def lookups_by_client_id(spec: Spec) -> list[Endpoint]:
    """The lookups that together find any order by our id; none where they cannot."""
    found = present(spec, BY_CLIENT_ID[0])
    halves = present(spec, *BY_CLIENT_ID[1:])
    return found or (halves if len(halves) == 2 else [])


def error_rows(spec: Spec, endpoint: Endpoint | None, *meanings: str) -> list[ErrorRow]:
    """The rows of these meanings that an operation asks, its own first; None: those of all operations."""
    own = () if endpoint is None else endpoint.errors
    return [row for row in (*own, *spec.errors) if row.meaning in meanings]


def by_status_alone(row: ErrorRow) -> bool:
    return row.code is None and row.text is None


def by_text_alone(row: ErrorRow) -> bool:
    return row.code is None and row.text is not None


def counted(spec: Spec) -> list[Pool]:
    """The limits that requests count against."""
    costs = {pool for end in spec.endpoints.values() for pool, _ in end.costs}
    return [pool for name, pool in spec.limits.items() if name in costs]


def number(value: float) -> str:
    return f"{value:g}" if value < 1e6 else f"{value:.0f}"
