"""The comparison with the ledger: each thing that a market may tell wrongly is one line that names both sides."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from exconn.model import BuyOrderCreatedEvent, MarketEvent, OrderFilledEvent, OrderType, TradeFee, TradeType
from exconn.testing.demo.comparison import compare
from exconn.testing.demo.journal import Journal

D = Decimal
ORDER = {
    "client_id": "one",
    "side": "buy",
    "amount": "2",
    "price": "10",
    "state": "open",
    "filled": "0",
    "filled_quote": "0",
}


class Silent:
    """A market that tells nothing by itself."""

    def add_listener(self, event_tag: MarketEvent, listener: object) -> None:
        return None


def differences(order: Mapping[str, str]) -> tuple[str, ...]:
    journal = Journal(Silent(), lambda tag, event: None)
    created = BuyOrderCreatedEvent(1.0, OrderType.LIMIT, "A-B", D(2), D(10), "one", "7")
    journal._write(MarketEvent.BuyOrderCreated, created)
    balances = {"A": (D(1), D(1))}
    account = {"orders": [order], "fills": [], "balances": {"A": {"total": "1", "available": "1"}}}
    return compare(journal, balances, account).differences


WRONG = [
    ({}, ()),
    ({"side": "sell"}, ("order one: side buy, the ledger has sell",)),
    ({"amount": "3"}, ("order one: amount 2, the ledger has 3",)),
    ({"price": "10.5"}, ("order one: price 10, the ledger has 10.5",)),
    ({"price": ""}, ()),
    ({"state": "cancelled"}, ("order one: told as open, the ledger has cancelled",)),
    ({"filled": "1"}, ("order one: filled 0, the ledger has 1",)),
]


@pytest.mark.parametrize(("changes", "expected"), WRONG)
def test_what_the_ledger_has_otherwise_is_named(changes: dict[str, str], expected: tuple[str, ...]) -> None:
    assert differences({**ORDER, **changes}) == expected


FILL = {
    "trade_id": "TXQ7AB-2Z4KD-9PLM3C",
    "number": "17",
    "client_id": "one",
    "price": "10",
    "amount": "2",
    "fee": "0.02",
    "fee_asset": "B",
}


@pytest.mark.parametrize(("told", "is_known"), [("17", True), ("TXQ7AB-2Z4KD-9PLM3C", True), ("16", False)])
def test_a_trade_is_known_by_its_id_or_by_its_number(told: str, is_known: bool) -> None:
    journal = Journal(Silent(), lambda tag, event: None)
    fee = TradeFee(D(0), (("B", D("0.02")),))
    fill = OrderFilledEvent(1.0, "one", "A-B", TradeType.BUY, OrderType.LIMIT, D(10), D(2), fee, told)
    journal._write(MarketEvent.OrderFilled, fill)
    order = {**ORDER, "filled": "2", "filled_quote": "20"}
    account = {"orders": [order], "fills": [FILL], "balances": {}}
    found = [each for each in compare(journal, {}, account).differences if each.startswith("fill")]
    assert (found == []) is is_known
