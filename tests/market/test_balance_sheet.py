"""Balances: the contract's vectors to the last digit, for both formulas, and who overwrites whom."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.market.balance_sheet import BalanceSheet, FillRecord, LockFormula, computed_available, limited, locked
from exconn.market.tracking import Phase, TrackedOrder, apply
from exconn.model import BalanceReport, FillReport, MarketEvent, OrderType, TradeType

FEE = Decimal("0.001")


def order(name: str, side: TradeType, amount: str, price: str) -> TrackedOrder:
    return TrackedOrder(
        client_id=name,
        pair="ETH-USDT",
        order_type=OrderType.LIMIT,
        side=side,
        price=Decimal(price),
        amount=Decimal(amount),
        phase=Phase.OPEN,
    )


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({"reckoned_price": Decimal(101)}, "202.202"),
        ({"reckoned_price": Decimal(101), "executed_base": Decimal("0.5")}, "151.6515"),
        ({"quote_amount": Decimal(204)}, "204.204"),
        ({"quote_amount": Decimal(204), "executed_quote": Decimal(200)}, "4.004"),
        ({"quote_amount": Decimal(204), "executed_quote": Decimal(205)}, "0"),
        ({}, "0"),
    ],
)
@pytest.mark.parametrize("formula", LockFormula)
def test_a_market_buy_holds_what_it_may_still_pay(changes: dict[str, Any], held: str, formula: LockFormula) -> None:
    made = replace(order("m", TradeType.BUY, "2", "0"), order_type=OrderType.MARKET, **changes)
    assert locked([made], FEE, formula) == {"USDT": Decimal(held)}


class Desk:
    """The account of the contract's vectors: the exchange said USDT 1000 and ETH 5 while o1 was open."""

    def __init__(self) -> None:
        self.orders = {"o1": order("o1", TradeType.BUY, "1", "100")}
        self.snapshot, self.snapshot_at = dict(self.orders), 1000.0
        self.fills = FillRecord()

    def place(self, made: TrackedOrder) -> None:
        self.orders[made.client_id] = made

    def fill(self, amount: str, at: float) -> None:
        report = FillReport(trade_id=str(at), price=Decimal(99), amount=Decimal(amount), client_id="o1")
        self.orders["o1"], events = apply(self.orders["o1"], report, at)
        for tag, event in events:
            if tag is MarketEvent.OrderFilled:
                self.fills.add(event)

    def end(self, name: str) -> None:
        self.orders[name] = replace(self.orders[name], phase=Phase.CANCELED)

    def available(self, asset: str, told: str, formula: LockFormula, limit: str | None = None) -> Decimal:
        now = locked(self.orders.values(), FEE, formula)
        then = locked(self.snapshot.values(), FEE, formula)
        free = computed_available(asset, Decimal(told), then, now, self.fills.since(self.snapshot_at))
        return free if limit is None else limited(asset, free, Decimal(limit), now, self.fills.of_all)


VECTORS = {
    LockFormula.EXECUTED_QUOTE: "1000 899.9 899.9 899.9396 1000.0396 1001.1 51 1040.7",
    LockFormula.REMAINING_TIMES_PRICE: "1000 899.9 899.9 900.34 1000.44 1001.1 51 1040.7",
}
ETH = "5 5 3.5 3.9 3.9 4.5 4.5 4.1"


@pytest.mark.parametrize("formula", VECTORS)
def test_the_vectors_of_the_contract(formula: LockFormula) -> None:
    desk, rows = Desk(), list[tuple[Decimal, Decimal]]()

    def note(limit: str | None = None) -> None:
        rows.append((desk.available("USDT", "1000", formula, limit), desk.available("ETH", "5", formula)))

    note()
    desk.place(order("o2", TradeType.BUY, "2", "50"))
    note()
    desk.place(order("o3", TradeType.SELL, "1.5", "200"))
    note()
    desk.fill("0.4", 1001.0)
    note()
    desk.end("o2")
    note()
    desk.fill("0.6", 1002.0)
    note()
    note(limit="150")
    desk.snapshot_at = 1001.0
    note()
    usdt, eth = VECTORS[formula].split(), ETH.split()
    assert rows == [(Decimal(quote), Decimal(base)) for quote, base in zip(usdt, eth, strict=True)]


def test_a_limit_never_makes_a_balance_negative() -> None:
    nothing: dict[str, Decimal] = {}
    assert limited("USDT", Decimal(5), Decimal(10), {"USDT": Decimal(30)}, nothing) == 0
    assert limited("USDT", Decimal(5), Decimal(10), nothing, nothing) == 5


@pytest.mark.parametrize(
    ("asset", "told_at", "doubtful_until", "added"),
    [
        ("ETH", 1001.0, 1001.0, "0.1"),
        ("USDT", 1001.0, 1001.0, "-9.9"),
        ("ETH", 1001.0, 1002.0, "0"),  # what was bought may be in it
        ("USDT", 1001.0, 1002.0, "-9.9"),  # what was paid may not
        ("ETH", 1000.0, 1001.0, "0.1"),
        ("USDT", 1000.0, 1001.0, "-49.5"),
        ("ETH", 1000.0, float("inf"), "0"),
        ("ETH", 1002.0, 1002.0, "0"),
        ("BTC", 1000.0, 1000.0, "0"),
    ],
)
def test_a_fill_that_may_be_in_a_total_counts_where_it_lessens_it(
    asset: str, told_at: float, doubtful_until: float, added: str
) -> None:
    desk = Desk()
    desk.fill("0.4", 1001.0)
    desk.fill("0.1", 1002.0)
    assert desk.fills.beside(asset, told_at, doubtful_until) == Decimal(added)


def test_fills_contained_in_a_snapshot_are_forgotten_but_stay_in_the_sum() -> None:
    desk = Desk()
    desk.fill("0.4", 1001.0)
    desk.fill("0.1", 1002.0)
    desk.fills.forget_until(1001.0)
    assert desk.fills.since(0.0) == {"ETH": Decimal("0.1"), "USDT": Decimal("-9.9")}
    assert desk.fills.of_all == {"ETH": Decimal("0.5"), "USDT": Decimal("-49.5")}


def row(asset: str, total: str, available: str | None = "0") -> BalanceReport:
    return BalanceReport(asset, Decimal(total), None if available is None else Decimal(available))


@pytest.mark.parametrize(
    ("steps", "totals"),
    [
        ([("load", "A1 B2", 1.0)], "A1 B2"),
        ([("load", "A1 B2", 1.0), ("load", "B3", 2.0)], "B3"),
        ([("load", "A1", 1.0), ("update", "A5 C1", 2.0)], "A5 C1"),
        ([("update", "A5", 2.0), ("load", "A1 B2", 1.0)], "A5 B2"),
        ([("update", "A5", 2.0), ("load", "B2", 1.0)], "A5 B2"),
        ([("update", "A5", 2.0), ("load", "A1", 2.0)], "A5"),
        ([("update", "A5", 2.0), ("load", "A1", 2.1)], "A1"),
        ([("update", "A5", 2.0), ("load", "B1", 2.1)], "B1"),
    ],
)
def test_a_stale_answer_never_overwrites_a_newer_push(steps: list[tuple[str, str, float]], totals: str) -> None:
    sheet = BalanceSheet()
    for kind, told, at in steps:
        reports: Iterable[Any] = [row(word[0], word[1]) for word in told.split()]
        getattr(sheet, kind)(reports, at)
    assert sorted(f"{asset}{total}" for asset, total in sheet.totals.items()) == totals.split()
    assert sheet.available.keys() == sheet.totals.keys()


@pytest.mark.parametrize(
    ("steps", "available", "alone"),
    [
        ([("load", "9 7", 1.0), ("update", "8", 2.0)], "8 7", None),
        ([("load", "9 7", 1.0), ("update", "8", 2.0), ("load", "9 6", 1.5)], "8 6", None),
        ([("update", "8", 2.0)], "8 8", 2.0),
        ([("update", "8", 2.0), ("update", "9", 3.0)], "9 9", 3.0),
        ([("update", "8", 2.0), ("load", "5 4", 1.0)], "8 4", None),
        ([("update", "8", 2.0), ("load", "5", 1.0)], "8 8", 2.0),
        ([("update", "8", 2.0), ("load", "5", 3.0)], "5 5", 3.0),
        ([("load", "9", 1.0), ("update", "8 6", 2.0)], "8 6", None),
        ([("update", "8 6", 2.0), ("update", "7", 3.0), ("load", "9 5", 1.0)], "7 6", None),
        ([("update", "8 6", 2.0), ("update", "7", 3.0), ("load", "9 5", 2.5)], "7 5", None),
    ],
)
def test_a_total_alone_stands_for_what_is_available_only_where_nothing_else_was_told(
    steps: list[tuple[str, str, float]], available: str, alone: float | None
) -> None:
    sheet = BalanceSheet()
    for kind, told, at in steps:
        total, free = (*told.split(), None)[:2]
        reports: Iterable[Any] = [row("A", str(total), free)]
        getattr(sheet, kind)(reports, at)
    assert f"{sheet.totals['A']} {sheet.available['A']}" == available
    assert sheet.alone.get("A") == alone
    sheet.load([], 9.0)
    assert not (sheet.totals or sheet.available or sheet.alone)


def test_rows_of_one_asset_add_up_and_a_missing_available_is_the_total() -> None:
    sheet = BalanceSheet()
    sheet.load([row("A", "1", "0.5"), row("A", "2", "1.5"), row("B", "3", None)], 1.0)
    assert sheet.totals == {"A": 3, "B": 3}
    assert sheet.available == {"A": 2, "B": 3}
