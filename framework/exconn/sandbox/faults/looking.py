"""What a read looks at while faults of reads are there: a replica that lags, or a book as it was.

Rules:
- One fault at most strikes a read of an account, whatever it asks for; it answers all of it from one moment.
- A snapshot is old for the symbols that a fault is aimed at. A book of a time that is not known any more is current.
- Placing and cancelling never look here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from exconn.sandbox.actions.call import Records
from exconn.sandbox.dialect.endpoints import Endpoint
from exconn.sandbox.engine import Balance, BookSnapshot, Fill, Order
from exconn.sandbox.limits import SECOND

from .agenda import Agenda
from .fault import Fault
from .kind import Place
from .replica import Replica
from .targets import meets_request, meets_snapshot

if TYPE_CHECKING:
    from exconn.sandbox.server import Sandbox


class Looking:
    """The records as one read sees them. `endpoint` is None for a snapshot that a socket sends."""

    __slots__ = ("_agenda", "_current", "_endpoint", "_records", "_replica", "_sandbox")

    def __init__(
        self, sandbox: Sandbox, agenda: Agenda, replica: Replica, endpoint: Endpoint | None, current: Records
    ) -> None:
        self._sandbox, self._agenda, self._replica = sandbox, agenda, replica
        self._endpoint, self._current = endpoint, current
        self._records: Records | None = None

    def order(self, account: str, order_id: int) -> Order | None:
        return self._account().order(account, order_id)

    def order_by_client_id(self, account: str, client_id: str) -> Order | None:
        return self._account().order_by_client_id(account, client_id)

    def orders(self, account: str, symbol: str | None = None, *, open_only: bool = False) -> Sequence[Order]:
        return self._account().orders(account, symbol, open_only=open_only)

    def fills(self, account: str, symbol: str | None = None) -> Sequence[Fill]:
        return self._account().fills(account, symbol)

    def balances(self, account: str) -> Mapping[str, Balance]:
        return self._account().balances(account)

    def book(self, symbol: str, depth: int | None = None) -> BookSnapshot:
        fault = self._agenda.strike(Place.SNAPSHOT, lambda each: meets_snapshot(each, symbol))
        then = None if fault is None else self._past_book(fault, symbol, depth)
        if fault is None or then is None:
            return self._current.book(symbol, depth)
        self._agenda.note(fault, "book", symbol)
        return then

    def _account(self) -> Records:
        if self._records is None:
            fault = self._agenda.strike(Place.RECORDS, lambda each: meets_request(each, self._endpoint))
            self._records = self._current if fault is None else self._replica.behind(fault.args["seconds"])
            if fault is not None and self._endpoint is not None:
                self._agenda.note(fault, self._endpoint.name)
        return self._records

    def _past_book(self, fault: Fault, symbol: str, depth: int | None) -> BookSnapshot | None:
        history = self._sandbox.history
        at = self._sandbox.clock.true_ns() - round(fault.args["age"] * SECOND)
        sequence = history.sequence_at(symbol, at)
        book = None if sequence is None else history.book(symbol, sequence)
        return None if book is None else BookSnapshot(symbol, book.sequence, book.bids[:depth], book.asks[:depth])
