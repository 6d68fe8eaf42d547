"""The herald: says what settlement did, in the journal's words.

Rules:
- Balances are told together, each that changed since the last report once; levels one by one, with their sequence.
- A fill is told with the order that it changed, or ended.
"""

from .accounts import Accounts
from .book import LevelChange
from .events import BalanceChanged, BookChanged, Cause, Event, OrderClosed, OrderUpdated
from .journal import Journal
from .order import Fill, Order


class Herald:
    """Tells the journal of one exchange."""

    __slots__ = ("_accounts", "_journal")

    def __init__(self, accounts: Accounts, journal: Journal) -> None:
        self._accounts, self._journal = accounts, journal

    def tell(self, event: Event) -> None:
        """Tell one event."""
        self._journal.emit(event)

    def updated(self, order: Order, now: int) -> None:
        """Tell that an order changed and stays open, by what its `change` says."""
        self.tell(OrderUpdated(order, order.change, None, now))

    def filled(self, order: Order, fill: Fill) -> None:
        """Tell that an order filled, and perhaps ended by it."""
        self.tell(
            OrderUpdated(order, order.change, fill, fill.time) if order.is_open else OrderClosed(order, fill, fill.time)
        )

    def level(self, symbol: str, level: LevelChange, now: int) -> None:
        """Tell that a level of a book changed."""
        self.tell(BookChanged(symbol, level.sequence, level.side, level.price, level.size, now))

    def balances(self, cause: Cause, now: int) -> None:
        """Tell every client balance that changed since the last report."""
        for account, asset, balance in self._accounts.take_changes():
            self.tell(BalanceChanged(account.name, asset, balance.total, balance.held, cause, now))
