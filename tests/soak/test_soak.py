"""A short soak, and the verdict: each way to grow is told, with where and by how much."""

from collections import deque
from dataclasses import replace

import pytest

from exconn.market.pubsub import PubSub
from exconn.testing.simulation.subjects import load_subject

from .life import Pace, live
from .sample import MEGABYTE, Bounds, Sample, collections_of, shortfalls

FLAT = Sample(0.0, 100 * MEGABYTE, 24, 2, 3, 0, 0, {"Market.orders": 200})
SHORT = Bounds(hours=1)


def hours(*changes: dict[str, object]) -> list[Sample]:
    """The first sample, one an hour that is like it, and then those that differ."""
    return [FLAT, *(replace(FLAT, hour=float(hour), **each) for hour, each in enumerate(({}, *changes), 1))]


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        ({}, []),
        ({"memory": 105 * MEGABYTE}, []),
        ({"memory": 106 * MEGABYTE}, ["memory grew by 6.0 MB after hour 1, 5.0 MB are allowed"]),
        ({"tasks": 25}, ["hour 2: 25 tasks, there were 24"]),
        ({"websockets": 1}, ["hour 2: 1 websockets, there were 2"]),
        ({"connections": 5}, []),
        ({"connections": 6}, ["hour 2: 6 connections, there were 3"]),
        ({"collections": {"Market.orders": 400}}, []),
        ({"collections": {"Market.orders": 401}}, ["Market.orders grew from 200 entries to 401"]),
        ({"collections": {"Market.new": 101}}, ["Market.new grew from 0 entries to 101"]),
    ],
)
def test_what_grows_is_told(change: dict[str, object], lines: list[str]) -> None:
    assert shortfalls(hours(change), SHORT) == lines


def test_ten_megabytes_are_the_most_however_large_the_process() -> None:
    large = [replace(each, memory=each.memory + 900 * MEGABYTE) for each in hours({"memory": 111 * MEGABYTE})]
    assert shortfalls(large, SHORT) == ["memory grew by 11.0 MB after hour 1, 10.0 MB are allowed"]


def test_a_life_that_is_too_short_proves_nothing() -> None:
    with pytest.raises(ValueError, match="nothing can be said without samples before and after hour 24"):
        shortfalls(hours({}), Bounds())


def test_collections_are_found_through_the_frameworks_own_objects() -> None:
    events = PubSub()
    found = collections_of(events)
    assert found
    assert all(path.startswith("PubSub.") for path in found)
    assert collections_of({"a": deque([1, 2])}) == {"dict": 1, "dict[a]": 2}


def test_some_hours_of_trading_leave_tasks_and_sockets_as_they_were() -> None:
    samples = live(load_subject("myexchange", "memory"), 1, 2, Pace(hour=600.0, act_every=10.0), lambda _: None)
    bounds = Bounds(hours=1, share=1.0, memory=50 * MEGABYTE)
    assert [sample.hour for sample in samples] == [0, 1, 2]
    assert all(sample.fills for sample in samples[1:])
    assert [line for line in shortfalls(samples, bounds) if "grew from" not in line] == []
    assert samples[2].collections["Market._parts.tracker._open"] == 0
