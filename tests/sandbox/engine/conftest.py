"""A desk for the engine's tests: one exchange, one instrument, three funded accounts, and short words for orders."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.engine import (
    Event,
    Exchange,
    FeeSchedule,
    Instrument,
    Kind,
    NewOrder,
    Order,
    Placed,
    Policy,
    Rejected,
    Side,
)

D = Decimal

PAIR = Instrument("PAIR", "AAA", "QQQ", tick=D("0.5"), lot=D("0.01"), min_size=D("0.01"))
ACCOUNTS = ("ann", "bob", "cy")


class Desk:
    """One exchange under test; `now` advances by one at every order."""

    def __init__(self, policy: Policy, fees: FeeSchedule, instrument: Instrument, funds: str) -> None:
        self.exchange = Exchange(policy, fees)
        self.exchange.list_instrument(instrument, 0)
        self.now = 0
        for name in ACCOUNTS:
            self.exchange.open_account(name)
            for asset in (instrument.base, instrument.quote):
                self.exchange.deposit(name, asset, D(funds), 0)

    def place(self, account: str, text: str, **more: Any) -> Placed | Rejected:
        """`buy 1 @ 100` is a limit order (`@ None`: unpriced), `sell 2` a market order, `buy 50 quote` one by quote."""
        words = text.split()
        side, kind, price = Side(words[0]), Kind.MARKET, None
        by_quote = words[-1] == "quote"
        if "@" in words:
            kind, price = Kind.LIMIT, None if words[3] == "None" else D(words[3])
        size: dict[str, Any] = {"quote_amount" if by_quote else "amount": D(words[1])}
        self.now += 1
        return self.exchange.place(account, NewOrder("PAIR", side, kind, price=price, **size, **more), self.now)

    def placed(self, account: str, text: str, **more: Any) -> Order:
        outcome = self.place(account, text, **more)
        assert isinstance(outcome, Placed), outcome
        return outcome.order

    def events(self, account: str, text: str, **more: Any) -> tuple[Event, ...]:
        outcome = self.place(account, text, **more)
        assert isinstance(outcome, Placed), outcome
        return outcome.events

    def rejected(self, account: str, text: str, **more: Any) -> Rejected:
        outcome = self.place(account, text, **more)
        assert isinstance(outcome, Rejected), outcome
        return outcome

    def again(self, account: str, order: Order) -> Order:
        """The order as it stands now."""
        found = self.exchange.order(account, order.id)
        assert found is not None
        return found

    def book(self) -> str:
        """`bids | asks`, best first, as `size@price`."""
        book = self.exchange.book("PAIR")
        return " | ".join(
            " ".join(f"{size.normalize():f}@{price.normalize():f}" for price, size in side)
            for side in (book.bids, book.asks)
        ).strip()

    def funds(self, account: str, asset: str) -> tuple[D, D]:
        """Total and held."""
        balance = self.exchange.balances(account)[asset]
        return balance.total, balance.held


@pytest.fixture
def open_desk() -> Callable[..., Desk]:
    def build(
        policy: Policy | None = None,
        fees: FeeSchedule | None = None,
        instrument: Instrument = PAIR,
        funds: str = "1000",
    ) -> Desk:
        return Desk(policy or Policy(), fees or FeeSchedule(), instrument, funds)

    return build


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()
