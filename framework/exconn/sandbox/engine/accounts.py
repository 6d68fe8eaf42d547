"""Accounts and their balances: total and held of each asset, moved but never made.

Rules:
- Funds enter and leave by deposit and withdrawal only; everything else gives to one what it takes from another.
- A client account never falls below what it holds; a house account may (it is the exchange's own pocket).
- Whoever moves funds marks what changed; `take_changes` hands the marks over in the order they were first made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import Struct

from .amounts import ZERO, minus
from .fees import FeeSchedule


class Balance(Struct, frozen=True):
    """What an account has of one asset, and how much of it its open orders hold."""

    total: Decimal = ZERO
    held: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        return minus(self.total, self.held)


NOTHING = Balance()


@dataclass(slots=True)
class Account:
    """One account: its balances by asset, whether it is the exchange's own, and its fee schedule if it has its own."""

    name: str
    house: bool = False
    fees: FeeSchedule | None = None
    balances: dict[str, Balance] = field(default_factory=dict)

    def balance(self, asset: str) -> Balance:
        return self.balances.get(asset, NOTHING)


class Accounts:
    """All accounts by name."""

    __slots__ = ("_accounts", "_changed")

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._changed: dict[tuple[str, str], None] = {}

    def __getitem__(self, name: str) -> Account:
        account = self._accounts.get(name)
        if account is None:
            raise KeyError(f"no account {name!r}; open it with open_account")
        return account

    def __iter__(self) -> Iterator[Account]:
        return iter(self._accounts.values())

    def open(self, account: Account) -> None:
        """Add an account. Raises ValueError when the name is taken."""
        if account.name in self._accounts:
            raise ValueError(f"account {account.name!r} is already open; choose another name")
        self._accounts[account.name] = account

    def credit(self, name: str, asset: str, amount: Decimal) -> None:
        """Add `amount` (negative: take it) to the total."""
        self._set(name, asset, amount, ZERO)

    def hold(self, name: str, asset: str, amount: Decimal) -> None:
        """Add `amount` (negative: release it) to what is held."""
        self._set(name, asset, ZERO, amount)

    def move(self, source: str, target: str, asset: str, amount: Decimal) -> None:
        """Take `amount` of `asset` from one account and give it to another."""
        self._set(source, asset, -amount, ZERO)
        self._set(target, asset, amount, ZERO)

    def take_changes(self) -> list[tuple[Account, str, Balance]]:
        """The client balances changed since the last call, each once."""
        changes = [(self[name], asset, self[name].balance(asset)) for name, asset in self._changed]
        self._changed.clear()
        return changes

    def _set(self, name: str, asset: str, total: Decimal, held: Decimal) -> None:
        if not total and not held:
            return
        account = self[name]
        before = account.balance(asset)
        account.balances[asset] = Balance(before.total + total, before.held + held)
        if not account.house:
            self._changed[name, asset] = None
