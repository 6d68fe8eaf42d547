"""Ledgers: every movement of a client's balances as an entry of its own, with the balance after it.

Rules:
- A trade makes an entry for the base, one for the quote, and one for a fee in a third asset; a deposit or withdrawal
  makes one. Holds are no movements.
- Amounts are signed; the fee of an entry is in its own asset, and `balance` is what is left after both.
- Entries are numbered from 1 over all accounts, in the engine's order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .engine import BalanceChanged, Cause, Event, Fill, Side, Trade
from .engine.amounts import ZERO, exact

MOVED = (Cause.DEPOSIT, Cause.WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement. `trade_id` is the trade that caused it, None for funds from or to outside."""

    id: int
    account: str
    cause: Cause
    trade_id: int | None
    asset: str
    amount: Decimal
    fee: Decimal
    balance: Decimal
    time: int


class Ledgers:
    """The entries of all clients. `latest` are those of the latest operation."""

    __slots__ = ("_balances", "_entries", "_made", "latest")

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = {}
        self._balances: dict[tuple[str, str], Decimal] = {}
        self._made = 0
        self.latest: Sequence[Entry] = ()

    def open(self, account: str) -> None:
        """Keep the ledger of a client from now on."""
        self._entries.setdefault(account, [])

    def of(self, account: str) -> Sequence[Entry]:
        """An account's entries, oldest first."""
        return self._entries.get(account, ())

    @exact
    def hear(self, events: Iterable[Event]) -> None:
        """Enter what an operation moved."""
        made: list[Entry] = []
        for event in events:
            if isinstance(event, Trade):
                made += [entry for fill in (event.maker, event.taker) for entry in self._of_fill(fill, event)]
            elif isinstance(event, BalanceChanged) and event.cause in MOVED and event.account in self._entries:
                before = self._balances.get((event.account, event.asset), ZERO)
                amount = event.total - before
                made.append(self._enter(event.account, event.cause, None, event.asset, amount, ZERO, event.time))
        self.latest = tuple(made)

    def _of_fill(self, fill: Fill, trade: Trade) -> Iterable[Entry]:
        if fill.account not in self._entries:
            return
        sign = 1 if fill.side is Side.BUY else -1
        base, _, quote = trade.symbol.partition("-")
        for asset, amount in ((base, fill.amount * sign), (quote, -fill.quote * sign)):
            fee = fill.fee if fill.fee_asset == asset else ZERO
            yield self._enter(fill.account, Cause.TRADE, fill.trade_id, asset, amount, fee, fill.time)
        if fill.fee_asset not in (base, quote) and fill.fee:
            yield self._enter(fill.account, Cause.TRADE, fill.trade_id, fill.fee_asset, ZERO, fill.fee, fill.time)

    def _enter(
        self, account: str, cause: Cause, trade_id: int | None, asset: str, amount: Decimal, fee: Decimal, time: int
    ) -> Entry:
        balance = self._balances.get((account, asset), ZERO) + amount - fee
        self._balances[account, asset] = balance
        self._made += 1
        entry = Entry(self._made, account, cause, trade_id, asset, amount, fee, balance, time)
        self._entries[account].append(entry)
        return entry
