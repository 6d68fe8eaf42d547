"""Schedules from seeds: every kind of fault comes, none in every seed, all of them such as can be played."""

from collections import Counter
from typing import Any

import pytest

from exconn.sandbox.faults import KINDS, Names, plan_faults
from exconn.testing.simulation.run import BUSY
from exconn.testing.simulation.schedules import _RECIPES, BEGINS, FOREIGN, draw_schedule, kinds_for

PAIRS = ("BTC-USDT", "ETH-USDT", "ETH-BTC")
SEEDS = range(300)


@pytest.fixture(scope="module")
def drawn(files: Any) -> list[list[dict[str, Any]]]:
    return [draw_schedule(seed, files.dialect, files.codec.facts, PAIRS, BUSY) for seed in SEEDS]


def test_every_kind_has_a_recipe() -> None:
    assert [*_RECIPES] == [*KINDS]


def test_every_kind_that_the_exchange_can_have_comes_in_some_seeds_and_not_in_most(files: Any, drawn: Any) -> None:
    seeds_with = Counter(kind for each in drawn for kind in {fault["fault"]: None for fault in each})
    expected = kinds_for(files.dialect, files.codec.facts)
    assert {*seeds_with} == {*expected} == {*KINDS} - {"bad_checksum", "expire_tokens"}  # it has neither
    assert all(8 <= count <= len(SEEDS) / 2 for count in seeds_with.values()), seeds_with


def test_all_can_be_played_and_are_over_when_the_quiet_begins(files: Any, drawn: Any) -> None:
    names = Names(files.dialect, [account.name for account in files.accounts])
    for schedule in drawn:
        faults = plan_faults(schedule, names)
        assert [fault.at for fault in faults] == sorted(fault["at"] for fault in schedule)
        assert all(BEGINS <= fault.at <= fault.at + (fault.lasts or 0) <= BUSY for fault in faults)


def test_the_promises_of_the_exchange_are_kept(files: Any, drawn: Any) -> None:
    """Reads lag no more than it says; what is accepted is never answered with a refusal that proves the opposite."""
    faults = [fault for each in drawn for fault in each]
    promised = files.codec.facts.sees["order_by_client_id"].new_after
    assert max(fault["seconds"] for fault in faults if fault["fault"] == "replica_lag") <= promised
    errors = [fault for fault in faults if fault["fault"] == "error_envelope"]
    assert {fault["meaning"] for fault in errors if fault["accepted"]} == {"internal"}


def test_foreign_orders_are_told_apart(drawn: Any) -> None:
    for schedule in drawn:
        ids = [fault["client_id"] for fault in schedule if fault["fault"] == "foreign_order"]
        assert len({*ids}) == len(ids)
        assert all(each.startswith(FOREIGN) for each in ids)


def test_a_seed_is_a_schedule(files: Any, drawn: Any) -> None:
    assert draw_schedule(7, files.dialect, files.codec.facts, PAIRS, BUSY) == drawn[7] != drawn[8]
