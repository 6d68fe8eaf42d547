"""The hunt itself: a few bugs that show at once are caught, every target is there, and a mutant is gone afterwards."""

from dataclasses import replace

import pytest

from exconn.market import orders
from exconn.testing.simulation.run import Subject
from exconn.testing.simulation.subjects import load_subject

from .catalogue import MUTANTS
from .hunt import EXCHANGE, hunt
from .mutant import Mutant, NoTarget, planted

QUICK = (18, 24)
"""Rows whose bugs the first seeds show."""


@pytest.fixture(scope="module")
def subject() -> Subject:
    return load_subject(EXCHANGE, "memory")


def test_twenty_rows_have_a_mutant() -> None:
    assert len(MUTANTS) >= 20


@pytest.mark.parametrize("each", MUTANTS.values(), ids=lambda each: f"{each.row}-{each.name}")
def test_every_target_is_there(each: Mutant) -> None:
    with planted(each):
        pass


@pytest.mark.parametrize("row", QUICK)
def test_a_bug_is_caught(subject: Subject, row: int) -> None:
    caught = hunt(subject, MUTANTS[row], range(8))
    assert caught.violation is not None
    assert caught.violation.invariant in MUTANTS[row].breaks


def test_a_mutant_that_fails_by_itself_is_said(subject: Subject) -> None:
    """As one does that was written for an earlier market: what it gives is not what its caller takes."""
    stale = replace(MUTANTS[1], wrong=lambda right: lambda error: object())
    caught = hunt(subject, stale, range(1, 2))
    assert caught.violation is None
    assert caught.crash is not None and "AttributeError: 'object' object has no attribute" in caught.crash


def test_the_right_version_comes_back() -> None:
    right = orders.refusal
    with planted(MUTANTS[1]):
        assert orders.refusal is not right
    assert orders.refusal is right


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("exconn.market.nowhere:refusal", "exconn.market.nowhere:refusal is not there any more: name what has taken"),
        ("exconn.market.orders:gone", "exconn.market.orders:gone is not there any more: name what has taken its place"),
        ("exconn.market.orders:Orders.gone", "Orders.gone is not there any more"),
        ("exconn.market.tracking.apply:_RULES[Gone]", "_RULES[Gone] is not there any more"),
    ],
)
def test_a_target_that_is_gone_is_an_error(target: str, why: str) -> None:
    with pytest.raises(NoTarget) as error, planted(replace(MUTANTS[1], target=target)):
        pass
    assert why in str(error.value)


def test_a_target_that_takes_other_arguments_is_an_error() -> None:
    other = replace(MUTANTS[1], wrong=lambda right: lambda error, more: right(error))
    with (
        pytest.raises(NoTarget, match=r"takes \['error'\] now, the mutant <lambda> takes \['error', 'more'\]"),
        planted(other),
    ):
        pass
