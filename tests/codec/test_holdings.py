"""Rows of one asset add up; an asset with a broken row gets no balance."""

from decimal import Decimal

import pytest

from exconn.codec.holdings import Holdings
from exconn.model import BalanceReport, Report, Unreadable

D = Decimal


def told(*rows: tuple[str, str | None, str | None, str | None]) -> list[Report]:
    holdings = Holdings("x.yaml:9")
    for asset, *parts in rows:
        holdings.open(asset)
        holdings.add(asset, *(None if part is None else D(part) for part in parts))
    return holdings.reports()


@pytest.mark.parametrize(
    ("rows", "balances"),
    [
        ([("A", "3", "1", None)], [("A", "3", "1")]),
        ([("A", "3", None, "1")], [("A", "3", "2")]),
        ([("A", None, "1", "2")], [("A", "3", "1")]),
        ([("A", "3", None, None)], [("A", "3", None)]),
        ([("A", None, "1", None), ("A", None, None, "2")], [("A", "3", "1")]),
        ([("A", "3", None, None), ("A", None, None, "2")], [("A", "3", "1")]),
        ([("A", "3", "1", None), ("A", "5", None, "1"), ("A", None, "1", "1")], [("A", "10", "6")]),
        ([("A", "1", "1", None), ("B", "5", "5", None), ("A", "0.5", "0", None)], [("A", "1.5", "1"), ("B", "5", "5")]),
        ([("A", "1" * 39, "0", None), ("A", "0." + "1" * 39, "0", None)], [("A", f"{'1' * 39}.{'1' * 39}", "0")]),
    ],
)
def test_sums(rows, balances):
    made = [(each.asset, each.total, each.available) for each in told(*rows)]
    assert made == [(asset, D(total), None if free is None else D(free)) for asset, total, free in balances]


def test_a_broken_row_costs_its_asset():
    holdings = Holdings("x.yaml:9")
    for asset in ("A", "B"):
        holdings.open(asset)
        holdings.add(asset, D(1), D(1), None)
    holdings.open("A")
    assert holdings.reports() == [BalanceReport("B", D(1), D(1))]


@pytest.mark.parametrize("row", [("A", None, "1", None), ("A", None, None, "1"), ("A", None, None, None)])
def test_what_is_not_told_is_not_guessed(row):
    why = "balance of A: neither its total nor all of its parts are told"
    assert told(row) == [Unreadable("x.yaml:9", why)]


@pytest.mark.parametrize(
    "rows",
    [
        [("A", "5", "5", None), ("A", None, "3", None)],
        [("A", "5", None, "2"), ("A", "3", None, None)],
        [("A", "3", None, None), ("A", "5", "2", None)],
        [("A", None, "2", "2"), ("A", None, "3", None)],
        [("A", "5", None, None), ("A", None, None, None)],
    ],
)
def test_what_one_row_leaves_out_is_not_zero(rows):
    why = "balance of A: one of its rows leaves out what another tells"
    assert told(*rows) == [Unreadable("x.yaml:9", why)]
