"""The persistent map of fills."""

from decimal import Decimal

from exconn.market.tracking import Fill, Fills
from exconn.model import FeePaid


def fill(name: str) -> Fill:
    return Fill(name, Decimal(1), Decimal(1), Decimal(1), None, None)


def test_a_version_never_sees_what_came_after_it() -> None:
    empty = Fills()
    one = empty.plus(fill("a"))
    two = one.plus(fill("b"))
    other = one.plus(fill("c"))
    assert [[entry.trade_id for entry in version] for version in (empty, one, two, other)] == [
        [],
        ["a"],
        ["a", "b"],
        ["a", "c"],
    ]
    assert [len(version) for version in (empty, one, two, other)] == [0, 1, 2, 2]
    assert one.get("b") is None and two.get("b") == fill("b") and other.get("b") is None
    assert repr(two) == "<Fills a, b>" and repr(empty) == "<Fills none>"


def test_growing_does_not_copy() -> None:
    fills = Fills().plus(fill("0"))
    shared = fills._shared
    for number in range(1, 100):
        fills = fills.plus(fill(str(number)))
    assert fills._shared is shared and len(fills) == 100


def test_equal_whatever_the_order_of_arrival() -> None:
    assert Fills((fill("a"), fill("b"))) == Fills((fill("b"), fill("a")))
    assert Fills((fill("a"),)) != Fills((fill("b"),))


def test_a_fee_learnt_later_leaves_older_versions_alone() -> None:
    before = Fills((fill("a"),))
    fees = (FeePaid("BNB", Decimal(1)),)
    after = before.with_fees(fill("a"), fees)
    assert [(entry.fees) for entry in (*before, *after)] == [None, fees]
